"""`zishen export`: records as files that other tools open."""

from pathlib import Path
from typing import Annotated, cast

import typer
from rich.markup import escape

from pipeline import wiring
from pipeline.cli.chosen import All, Packages, chosen
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.export import FORMATS, Format, export
from pipeline.ports import UnknownPackageError
from schemas.records import Record

_ENDINGS = ", ".join(f".{form}" for form in FORMATS)


def _target(value: Path) -> Path:
    if value.suffix.lower().removeprefix(".") not in FORMATS:
        raise typer.BadParameter(f"the file has to end in one of {_ENDINGS}")
    return value


Out = Annotated[
    Path,
    typer.Option(
        "--out",
        metavar="FILE",
        callback=_target,
        dir_okay=False,
        help=f"Where to write; its ending says what ({_ENDINGS}). A file there is replaced.",
    ),
]


def export_(out: Out, packages: Packages = None, every: All = False, lang: Lang = None) -> None:
    """Export the latest records (导出): a workbook to read, or one row for each printed value."""
    session = begin(lang)
    repository = wiring.services().repository
    records: list[Record] = []
    for package in chosen(packages, repository, every=every):
        record = repository.record(package.id)
        if record is None:
            raise UnknownPackageError(package.id)
        records.append(record)
    export(records, out, cast("Format", out.suffix.lower().removeprefix(".")))
    session.out.print(f"[pass]✔[/] {escape(str(out))}", soft_wrap=True)
