"""`zishen webhooks`: the addresses of portals that are told what happens."""

from typing import Annotated, Final

import typer
from rich.table import Table

from pipeline import wiring
from pipeline.cases.refused import Refused
from pipeline.cases.webhooks import NewWebhook, Subscriptions
from pipeline.cli.options import Lang
from pipeline.cli.session import Session, begin
from pipeline.ports import Delivery, Step
from schemas.messages import Language, catalogue

app = typer.Typer(
    no_args_is_help=True,
    help="Register, list and remove the addresses (通知地址) of portals that are told what "
    "happens, and see what was sent to them.",
)
_HEADS: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("编号", "门户", "地址", "事件"),
    "en": ("id", "portal", "address", "events"),
}
_DELIVERIES: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("序号", "事件", "状态", "次数", "原因"),
    "en": ("number", "event", "state", "tries", "trouble"),
}
_STATES: Final[dict[Language, dict[str, str]]] = {
    "zh": {"waiting": "等待", "arrived": "已送达", "given_up": "已放弃"},
    "en": {"waiting": "waiting", "arrived": "arrived", "given_up": "given up"},
}
_PAGE: Final = 200
Id = Annotated[str, typer.Argument(metavar="ID", help="The webhook, as `list` shows it.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The portal.")],
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to POST to.")],
    event: Annotated[
        list[Step] | None, typer.Option("--event", help="A step to be told of; else all.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Register an address for a portal and show its secret, this once."""
    session = begin(lang)
    try:
        new = NewWebhook(url=url, events=tuple(event or ()))
        shown = _kept(session).register(name, new)
    except (Refused, ValueError) as error:
        raise _bad(error, session, "URL") from None
    session.out.print(shown.webhook.id, soft_wrap=True)
    session.out.print(shown.secret, soft_wrap=True)


@app.command(name="list")
def listed(lang: Lang = None) -> None:
    """List the addresses of all portals."""
    session = begin(lang)
    table = _table(_HEADS[session.lang])
    for webhook in _kept(session).webhooks.listed():
        events = ", ".join(webhook.events) or "*"
        table.add_row(webhook.id, webhook.owner, webhook.url, events)
    session.out.print(table)


@app.command()
def remove(webhook: Id, lang: Lang = None) -> None:
    """Send nothing more to an address; what waits for it is dropped."""
    session = begin(lang)
    kept = _kept(session)
    try:
        kept.remove(kept.get(webhook))
    except Refused as error:
        raise _bad(error, session, "ID") from None


@app.command()
def rotate(webhook: Id, lang: Lang = None) -> None:
    """Make another secret and show it, this once; the one before is good for another day."""
    session = begin(lang)
    kept = _kept(session)
    try:
        session.out.print(kept.rotate(kept.get(webhook)).secret, soft_wrap=True)
    except Refused as error:
        raise _bad(error, session, "ID") from None


@app.command()
def deliveries(
    webhook: Id,
    after: Annotated[int, typer.Option("--after", min=0, help="Number of the last one seen.")] = 0,
    lang: Lang = None,
) -> None:
    """List up to 200 messages to an address: what arrived, what waits, what was given up."""
    session = begin(lang)
    kept = _kept(session)
    try:
        found = kept.deliveries(kept.get(webhook), after=after, limit=_PAGE)
    except Refused as error:
        raise _bad(error, session, "ID") from None
    table = _table(_DELIVERIES[session.lang])
    for one in found:
        trouble = one.attempts[-1].trouble if one.attempts else None
        state = _STATES[session.lang][_state(one)]
        table.add_row(str(one.number), one.type, state, str(len(one.attempts)), trouble or "")
    session.out.print(table)


def _state(delivery: Delivery) -> str:
    if delivery.due_at is not None:
        return "waiting"
    return "arrived" if delivery.has_arrived else "given_up"


def _kept(session: Session) -> Subscriptions:
    tables = wiring.database(session.settings)
    return wiring.subscriptions(tables, session.settings, wiring.SystemClock())


def _table(heads: tuple[str, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="quiet")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _bad(error: Exception, session: Session, hint: str) -> typer.BadParameter:
    """Say a refusal in the words that the API has for it."""
    code = error.code if isinstance(error, Refused) else "api.webhook_target"
    return typer.BadParameter(catalogue().requests[code].text(session.lang), param_hint=hint)
