"""`zishen data`: what is kept of one application, given out or erased."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import wiring
from pipeline.cases import erasure
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.cli.words import say

app = typer.Typer(
    no_args_is_help=True,
    help="Give out what is kept of an application, or erase it with proof (个人信息导出与删除).",
)
Application = Annotated[str, typer.Argument(metavar="APPLICATION", help="Id of the application.")]


@app.command()
def export(
    application: Application,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The ZIP to write; a new one.")
    ],
    lang: Lang = None,
) -> None:
    """Write all that is kept of an application as a ZIP: papers, records, events, accesses."""
    session = begin(lang)
    if out.exists():
        raise typer.BadParameter("it exists", param_hint="--out")
    count = erasure.export(wiring.desk(wiring.services()), application, out)
    session.out.print(say("{count} files", session.lang, count=count))


@app.command()
def erase(
    application: Application,
    grounds: Annotated[
        erasure.Grounds,
        typer.Option(
            "--grounds",
            help="`request`: the applicant asked, and no loan came of it; "
            "`expired`: kept as long as ZISHEN_RETENTION__RECORDS_DAYS says.",
        ),
    ],
    lang: Lang = None,
) -> None:
    """Erase papers, readings, names and records of an application; the proof stays."""
    session = begin(lang)
    services = wiring.services()
    erased = erasure.erase(
        wiring.desk(services),
        wiring.objects(services.settings),
        wiring.eraser(services.database),
        application,
        grounds,
    )
    session.out.print(say("{count} records erased", session.lang, count=erased.records))
