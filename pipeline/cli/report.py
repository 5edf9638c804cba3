"""`zishen report`: the underwriter's report of a package as one file."""

from pathlib import Path
from typing import Annotated

import typer

from extractors.intake import Limits
from pipeline import wiring
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.cli.words import say
from pipeline.ports import UnknownPackageError
from pipeline.report import build_report, print_pdf, render, write_html


def _page(value: Path | None) -> Path | None:
    if value is not None and value.suffix.lower() not in {".html", ".htm"}:
        raise typer.BadParameter("the report is a page: name it .html")
    return value


Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        dir_okay=False,
        callback=_page,
        metavar="FILE.html",
        help="Where to write it; else a file named after the id of the package, in this folder.",
    ),
]
Pdf = Annotated[
    bool,
    typer.Option("--pdf", help="Also print it to a PDF beside the page; needs Chromium."),
]


def report(
    package: Annotated[
        str, typer.Argument(help="Id of a package, or the beginning of it, or its name.")
    ],
    out: Out = None,
    pdf: Pdf = False,
    lang: Lang = None,
) -> None:
    """Write the underwriter's report of a package that was reviewed before.

    One page with everything in it, for the screen and for A4 paper. It holds personal data.
    """
    session = begin(lang)
    services = wiring.services()
    found = [
        known
        for known in services.repository.packages()
        if known.id.startswith(package) or known.name == package
    ]
    kept = services.repository.record(found[-1].id) if found else None
    if kept is None:
        raise UnknownPackageError(package)
    limits = Limits(**session.settings.limits.model_dump())
    page = render(build_report(kept, services.blobs, session.lang, limits, services.policies))
    target = out or Path(f"{kept.package_id[:16]}.html")
    write_html(page, target)
    session.out.print(str(target), soft_wrap=True, markup=False)
    if pdf:
        session.note(say("printing the PDF", session.lang))
        print_pdf(page, target.with_suffix(".pdf"))
        session.out.print(str(target.with_suffix(".pdf")), soft_wrap=True, markup=False)
