"""`zishen keys`: who may call the REST API."""

from typing import Annotated, Final

import typer
from rich.table import Table

from pipeline import access, wiring
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.ports import Scope
from schemas.messages import Language

app = typer.Typer(
    no_args_is_help=True,
    help="Make, list and revoke the keys (密钥) of the REST API. A key sees only the applications "
    "of its own portal.",
)
_HEADS: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("编号", "门户", "分行", "权限", "生成", "吊销"),
    "en": ("id", "portal", "branch", "scopes", "made", "revoked"),
}
Name = Annotated[str, typer.Argument(metavar="NAME", help="The portal.")]


@app.command()
def add(
    name: Name,
    branch: Annotated[
        str, typer.Option("--branch", help="It sees the applications of this branch alone.")
    ] = "",
    scope: Annotated[
        list[Scope] | None, typer.Option("--scope", help="What it is good for; else everything.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Make a key for a portal and show it, this once; keys that it has already stay good."""
    session = begin(lang)
    if not 0 < len(name) <= 64 or not name.isprintable():
        raise typer.BadParameter("1 to 64 printable characters", param_hint="NAME")
    now = wiring.SystemClock().now()
    text, key = access.issue(name, now, branch=branch, scopes=scope or Scope)
    wiring.api_keys(wiring.database(session.settings)).add(key)
    session.out.print(text, soft_wrap=True)


@app.command(name="list")
def listed(lang: Lang = None) -> None:
    """List the keys: whose, since when, until when. The keys themselves are not kept."""
    session = begin(lang)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="quiet")
    for head in _HEADS[session.lang]:
        table.add_column(head, overflow="fold")
    for key in wiring.api_keys(wiring.database(session.settings)).listed():
        revoked = "" if key.revoked_at is None else f"{key.revoked_at:%Y-%m-%d %H:%M}"
        scopes = ", ".join(sorted(key.scopes))
        made = f"{key.made_at:%Y-%m-%d %H:%M}"
        table.add_row(key.id, key.owner, key.branch, scopes, made, revoked)
    session.out.print(table)


@app.command()
def revoke(
    name: Name,
    old: Annotated[
        bool, typer.Option("--old", help="All but the newest, after a portal has changed over.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Let the keys of a portal be of no use from now on."""
    session = begin(lang)
    keys = wiring.api_keys(wiring.database(session.settings))
    good = [key for key in keys.listed() if key.owner == name and key.revoked_at is None]
    if not good:
        raise typer.BadParameter("it has no key", param_hint="NAME")
    for key in good[:-1] if old else good:
        keys.revoke(key.id, wiring.SystemClock().now())
