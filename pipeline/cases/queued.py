"""Packages that were reviewed without an application, such as those of a batch, as cases.

The people of a bank clear what a batch could not decide on the review page, like anything else. So
each package becomes an application whose review is done already; one that passed is there as done,
and one that lacks papers waits for them.
"""

from typing import Final

from pipeline.cases.desk import Desk, NewApplication
from pipeline.cases.names import legible
from pipeline.cases.reviewer import pages_of
from pipeline.ports import Application, Event, State, Step
from schemas.records import Record

OWNER: Final = "@batch"
"""Of applications that came by a batch."""
_LONGEST: Final = 128


def enqueue(desk: Desk, record: Record, branch: str = "") -> Application:
    """Return the application of a package that was reviewed; a second time, the same.

    Where the process died in between, the next call goes on.

    Raises:
        Refused: it has more files than an application may, or its product is no longer there.
    """
    package = record.dossier.package
    new = NewApplication(
        product=package.product,
        applied_on=package.applied_on,
        reference=legible(package.name)[:_LONGEST] or None,
    )
    application = desk.open(OWNER, new, package.id, branch=branch)
    if application.state is State.DRAFT:
        desk.keep(application.id, (*package.files, *package.refused))
    for state, step in _STEPS:
        _advance(desk, application.id, state, step, record)
    return desk.standing(application.id).application


_STEPS: Final = (
    (State.DRAFT, Step.SUBMITTED),
    (State.SUBMITTED, Step.REVIEWING),
    (State.REVIEWING, Step.DECIDED),
)
"""What is still to happen in each state. None of it is due, so that no reviewer takes it up."""


def _advance(desk: Desk, application_id: str, state: State, step: Step, record: Record) -> None:
    is_end = step is Step.DECIDED
    event = Event(
        step=step,
        at=desk.services.clock.now(),
        package_id=record.package_id,
        revision=record.revision if is_end else None,
        outcome=record.decision.outcome if is_end else None,
        pages=pages_of(record) if is_end else None,
    )

    def change(now: Application) -> tuple[Application, Event] | None:
        if now.state is not state or now.package_id not in {None, record.package_id}:
            return None
        return now.model_copy(update={"package_id": record.package_id}), event

    desk.change(application_id, change)
