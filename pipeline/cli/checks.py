"""`zishen doctor`: is the installation fit to work, and if not, what is to be done."""

import typer
from rich.markup import escape

from pipeline import doctor
from pipeline.cli.exits import ExitCode
from pipeline.cli.options import Lang
from pipeline.cli.session import Session, begin, explain
from pipeline.cli.words import say


def doctor_(lang: Lang = None) -> None:
    """Check the installation (自检): versions, device, models, storage, database, Prefect."""
    session = begin(lang)
    bad = 0
    for check in doctor.examine(session.settings):
        _show(check, session)
        bad += not check.is_good
    if bad:
        session.out.print(f"[failed]{say('{count} to mend', session.lang, count=bad)}[/]")
        raise typer.Exit(ExitCode.CONFIG)
    session.out.print(f"[pass]{say('all is well', session.lang)}[/]")


def _show(check: doctor.Check, session: Session) -> None:
    lang, out = session.lang, session.out
    part = say(check.part, lang) if check.part in _PARTS else check.part
    mark = "[pass]✔[/]" if check.is_good else "[failed]✘[/]"
    out.print(f"{mark} [bold]{escape(part)}[/]  {escape(check.detail)}")
    if check.code is not None:
        what, remedy = explain(check.code, lang)
        out.print(f"   {escape(what)} [head]→[/] {escape(remedy)} [quiet]{check.code}[/]")


_PARTS = frozenset({"versions", "device", "storage", "database"})
