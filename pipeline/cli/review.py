"""`zishen review` and `zishen record`: one package, and its record again."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import dispatch, wiring
from pipeline.cli import exits, show
from pipeline.cli.options import AppliedOn, Lang, Product
from pipeline.cli.progress import bar
from pipeline.cli.session import begin
from pipeline.cli.words import say
from pipeline.ports import UnknownPackageError
from pipeline.stages.intake import take_in

Paths = Annotated[
    list[Path],
    typer.Argument(
        exists=True,
        readable=True,
        metavar="PATH...",
        help="A folder, a zip, or the files themselves: all of it is one package.",
    ),
]
Name = Annotated[
    str | None,
    typer.Option("--name", help="What to call the package; else the name of the folder or file."),
]


def review(
    paths: Paths,
    product: Product = None,
    applied_on: AppliedOn = None,
    name: Name = None,
    lang: Lang = None,
) -> None:
    """Review one package (一套申请资料) and show the result.

    Every paper is recognised by its content, read, checked, and kept in a record.

    The exit code says who acts next: 0 passed, 3 the applicant, 4 a reviewer.
    """
    session = begin(lang)
    with dispatch.opened(session.settings) as runs, bar(session) as shown:
        shown.says(say("taking in the papers", session.lang))
        services = wiring.services()
        package = take_in(paths, services, product=product, applied_on=applied_on, name=name)
        shown.says(say("reading", session.lang), total=len(package.files))
        result = runs.review(package.id, lambda _step: shown.step())
    kept = services.repository.record(package.id, result.revision)
    if kept is None:
        raise UnknownPackageError(package.id)
    session.out.print(show.card(kept, session.lang, result.seconds, services.policies))
    raise typer.Exit(exits.of_outcome(kept.decision.outcome))


def record(
    package: Annotated[
        str, typer.Argument(help="Id of a package, or the beginning of it, or its name.")
    ],
    lang: Lang = None,
) -> None:
    """Show the latest record of a package that was reviewed before."""
    session = begin(lang)
    services = wiring.services()
    repository = services.repository
    found = [p for p in repository.packages() if p.id.startswith(package) or p.name == package]
    kept = repository.record(found[-1].id) if found else None
    if kept is None:
        raise UnknownPackageError(package)
    session.out.print(show.card(kept, session.lang, table=services.policies))
