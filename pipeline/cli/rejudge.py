"""`zishen rejudge`: what was read, under the rules of today."""

from rich.markup import escape
from rich.text import Text

from pipeline import wiring
from pipeline.cli import show
from pipeline.cli.chosen import All, Packages, chosen
from pipeline.cli.options import Lang
from pipeline.cli.session import Session, begin
from pipeline.cli.words import word
from pipeline.stages.rejudge import Rejudged, rejudge


def rejudge_(packages: Packages = None, every: All = False, lang: Lang = None) -> None:
    """Judge packages again (重新评定) under the present rules and policy, without reading anything.

    A record is added only where something changed; the difference is shown.
    """
    session = begin(lang)
    services = wiring.services()
    found = chosen(packages, services.repository, every=every)
    for package in found:
        _show(package.name, rejudge(package.id, services), session)
    if not found:
        session.out.print(word("rejudged_none", session.lang))


def _show(name: str, result: Rejudged, session: Session) -> None:
    """Say the outcome before and after, and the codes that came and went."""
    lang, out = session.lang, session.out
    before, after = result.before.decision.outcome, result.after.decision.outcome
    line = Text.from_markup(f"[bold]{escape(name)}[/]  ")
    line.append_text(show.verdict(before, lang))
    if not result.is_new:
        out.print(line.append(f"  {word('rejudged_same', lang)}", style="dim"))
        return
    line.append(" → ").append_text(show.verdict(after, lang))
    out.print(line.append(f"  #{result.before.revision} → #{result.after.revision}", style="dim"))
    for code in result.added:
        out.print(f"  + {code}")
    for code in result.settled:
        out.print(f"  - {code}")
