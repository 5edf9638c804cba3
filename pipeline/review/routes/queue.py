"""The queue: what waits, since when, why, and for how long it may."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from pipeline.ports import Application, Asked, State
from pipeline.review.deps import Reader, Visit
from pipeline.review.views.case import company, count_open, makers, reasons
from schemas.decisions import Outcome
from validators.policy import products

router = APIRouter()
_ROWS: Final = 12
_STATES: Final = {
    "person": frozenset({State.WAITING_REVIEWER, State.FAILED}),
    "applicant": frozenset({State.WAITING_APPLICANT}),
    "machine": frozenset({State.SUBMITTED, State.REVIEWING, State.DELAYED}),
    "done": frozenset({State.DECIDED, State.WITHDRAWN}),
}
_SOON_HOURS: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the queue."""

    application: Application
    company: str
    outcome: Outcome | None
    reasons: tuple[str, ...]
    open: int
    corrected: bool
    urgency: str
    hours: float | None


@router.get("/queue")
def show_queue(
    visit: Reader,
    waits_for: Annotated[Literal["person", "applicant", "machine", "done"], Query()] = "person",
    product: Annotated[str, Query(max_length=64)] = "",
    reference: Annotated[str, Query(max_length=128)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Show the cases of one's branches, the first deadline first."""
    visit.note("*")
    queue = visit.office.queue
    asked = Asked(
        branches=visit.branches,
        states=_STATES[waits_for],
        product=product or None,
        reference=reference.strip() or None,
    )
    counts = {
        name: queue.count(asked.model_copy(update={"states": states}))
        for name, states in _STATES.items()
    }
    found = queue.listed(asked, offset=(page - 1) * _ROWS, limit=_ROWS)
    part = "hx-request" in visit.request.headers
    return visit.page(
        "part_cases.html" if part else "queue.html",
        rows=[_row(visit, application) for application in found],
        counts=counts,
        waits_for=waits_for,
        product=product,
        products=products(visit.office.desk.services.policies),
        reference=reference,
        page=page,
        pages=max(1, -(-counts[waits_for] // _ROWS)),
    )


def _row(visit: Visit, application: Application) -> Row:
    standing = visit.office.desk.standing(application.id)
    record, now = visit.record(standing.record), visit.office.desk.services.clock.now()
    return Row(
        application=application,
        company=company(record),
        outcome=record.decision.outcome if record else None,
        reasons=reasons(record, visit.lang),
        open=count_open(record),
        corrected=bool(makers(standing)),
        urgency=_urgency(application.deadline, now),
        hours=_hours(application.deadline, now),
    )


def _hours(deadline: datetime | None, now: datetime) -> float | None:
    return None if deadline is None else (deadline - now).total_seconds() / 3600


def _urgency(deadline: datetime | None, now: datetime) -> str:
    hours = _hours(deadline, now)
    if hours is None:
        return "paused"
    if hours < 0:
        return "late"
    return "soon" if hours < _SOON_HOURS else "calm"
