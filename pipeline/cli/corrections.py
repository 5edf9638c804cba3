"""`zishen corrections`: what persons corrected, to measure the readers by."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline import wiring
from pipeline.cases.corrections import changes
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.export.corrections import rows, write

Out = Annotated[
    Path,
    typer.Option("--out", metavar="FILE", dir_okay=False, help="A CSV file; it is replaced."),
]


def corrections(out: Out, lang: Lang = None) -> None:
    """Export what persons corrected (人工更正), value by value, without names or addresses."""
    session = begin(lang)
    repository = wiring.services().repository
    found = (
        row
        for package in repository.packages()
        for row in rows(package.id, changes(repository.records(package.id)))
    )
    count = write(found, out)
    session.out.print(f"[pass]✔[/] {escape(str(out))} ({count})", soft_wrap=True)
