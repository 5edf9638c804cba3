"""`zishen db`: the tables of the database."""

from typing import Final

import typer

from pipeline import wiring
from pipeline.cli.exits import ExitCode
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.cli.words import say
from pipeline.database import connection, views

app = typer.Typer(no_args_is_help=True, help="Make and check the tables of the database (数据库).")
_VERSION: Final = "{kind}, version {found}; the code wants {wanted}"


@app.command()
def upgrade(lang: Lang = None) -> None:
    """Bring the tables to the version of the code; an embedded database needs no command."""
    session = begin(lang)
    session.settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = connection.opened(session.settings.database_url)
    before = connection.version(engine)
    connection.migrate(engine)
    if before != connection.head():
        views.rebuild(engine)
    session.out.print(f"[pass]✔[/] {before or '-'} → {connection.head()}")


@app.command()
def check(lang: Lang = None) -> None:
    """Say which version the tables have, and fail unless it is that of the code."""
    session = begin(lang)
    engine = connection.opened(session.settings.database_url)
    found, wanted = connection.version(engine), connection.head()
    text = say(_VERSION, session.lang, kind=engine.dialect.name, found=found or "-", wanted=wanted)
    good = found == wanted
    session.out.print(f"[pass]✔[/] {text}" if good else f"[failed]✘[/] {text}")
    if not good:
        raise typer.Exit(ExitCode.CONFIG)


@app.command(name="rebuild-views")
def rebuild(lang: Lang = None) -> None:
    """Write the tables for underwriting (docs/data-dictionary.md) anew from the records."""
    session = begin(lang)
    count = views.rebuild(wiring.database(session.settings))
    session.out.print(say("{count} records", session.lang, count=count))
