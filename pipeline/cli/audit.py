"""`zishen audit`: proof that nothing that was written once has been changed."""

import json
from typing import Annotated, Final

import typer

from pipeline import wiring
from pipeline.cli.exits import ExitCode
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.cli.words import say
from pipeline.ports import FlawKind
from pipeline.stages import audit

app = typer.Typer(
    no_args_is_help=True,
    help="Prove that records, events and the audit trail (审计日志) are as they were written.",
)
_SAID: Final = {
    FlawKind.BROKEN: "{chain} {number}: changed, or the one before it is gone or moved",
    FlawKind.CUT: "{chain} {number}: the chain does not end as it should",
    FlawKind.REWRITTEN: "{chain} {number}: not what the anchor knows",
    FlawKind.ERASED: "{chain} {number}: erased, and no entry says why",
}


@app.command()
def verify(
    anchor: Annotated[
        bool,
        typer.Option("--anchor", help="Keep the ends of the chains in the object store if good."),
    ] = False,
    lang: Lang = None,
) -> None:
    """Walk the chains from their start and compare them with every anchor that is kept."""
    session = begin(lang)
    chains = wiring.chains(wiring.database(session.settings))
    objects = wiring.objects(session.settings)
    bad = 0
    for flaw in audit.flaws(chains, objects):
        bad += 1
        text = say(_SAID[flaw.kind], session.lang, chain=flaw.chain, number=flaw.number)
        session.out.print(f"[failed]✘[/] {text}", soft_wrap=True)
    if bad:
        raise typer.Exit(ExitCode.TAMPERED)
    ends = audit.anchor(chains, objects, wiring.SystemClock()) if anchor else chains.ends()
    for end in ends:
        session.out.print(f"[pass]✔[/] {end.chain} {end.number} {end.digest}", soft_wrap=True)


@app.command()
def export(lang: Lang = None) -> None:
    """Write who did what as lines of JSON, each with its seal."""
    tables = wiring.database(begin(lang).settings)
    for entry in wiring.chains(tables).entries():
        typer.echo(json.dumps(entry, ensure_ascii=False))
