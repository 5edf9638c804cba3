"""What can happen to an application in which state, and where it leads: the one table.

An application is where its events have led, and nowhere else is that decided. What is not in the
table is refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pipeline.cases.refused import Refused
from pipeline.ports import Application, Event, Ruling, State, Step
from schemas.decisions import Outcome

COUNTED: Final = frozenset(
    {State.SUBMITTED, State.REVIEWING, State.DELAYED, State.WAITING_REVIEWER, State.FAILED}
)
"""Where it is the bank's turn, so that time counts. A failure of ours stops no clock."""

DUE: Final = frozenset({State.SUBMITTED, State.REVIEWING, State.DELAYED})
"""Where a review has to be done or done again."""

_ALIVE: Final = frozenset(State) - {State.WITHDRAWN}
_JUDGED: Final = frozenset({State.WAITING_APPLICANT, State.WAITING_REVIEWER, State.DECIDED})
_HUMAN: Final = frozenset({State.WAITING_APPLICANT, State.WAITING_REVIEWER, State.FAILED})

FROM: Final[Mapping[Step, frozenset[State]]] = {
    Step.OPENED: frozenset(),
    Step.PAPERS_ADDED: _ALIVE,
    Step.PAPER_TAKEN_BACK: _ALIVE,
    Step.SUBMITTED: _ALIVE,
    Step.CANCELLED: DUE,
    Step.REVIEWING: DUE,
    Step.DELAYED: frozenset({State.REVIEWING}),
    Step.DECIDED: frozenset({State.REVIEWING, State.FAILED}),
    Step.CORRECTED: _JUDGED,
    Step.APPROVED: _HUMAN,
    Step.REJECTED: _HUMAN,
    Step.AT_RISK: COUNTED,
    Step.BREACHED: COUNTED,
    Step.FAILED: frozenset({State.REVIEWING}),
    Step.WITHDRAWN: _ALIVE,
}
"""From which states each step is legal. A failed review whose record is there after all is
`decided` when that is found out."""

TO: Final[Mapping[Step, State]] = {
    Step.OPENED: State.DRAFT,
    Step.SUBMITTED: State.SUBMITTED,
    Step.CANCELLED: State.DRAFT,
    Step.REVIEWING: State.REVIEWING,
    Step.DELAYED: State.DELAYED,
    Step.APPROVED: State.DECIDED,
    Step.REJECTED: State.DECIDED,
    Step.FAILED: State.FAILED,
    Step.WITHDRAWN: State.WITHDRAWN,
}
"""Where a step leads. One that is not here leads nowhere, or where its outcome says."""

OF_OUTCOME: Final[Mapping[Outcome, State]] = {
    Outcome.PASS: State.DECIDED,
    Outcome.SUPPLEMENT: State.WAITING_APPLICANT,
    Outcome.MANUAL: State.WAITING_REVIEWER,
}
"""Where the outcome of a review leads."""

RULINGS: Final[Mapping[Step, Ruling]] = {
    Step.APPROVED: Ruling.APPROVED,
    Step.REJECTED: Ruling.REJECTED,
}


def after(application: Application, event: Event) -> State:
    """Return the state in which an event leaves an application.

    Raises:
        Refused: it was withdrawn or decided by a person, or the event cannot happen now.
    """
    if application.state is State.WITHDRAWN:
        raise Refused("api.withdrawn")
    if application.ruling is not None or application.state not in FROM[event.step]:
        raise Refused("api.not_now")
    return leads_to(application.state, event)


def leads_to(state: State, event: Event) -> State:
    """Return where an event leads from a state; a person's correction never to `decided`.

    What somebody has corrected passes only when a second person approves it.
    """
    if event.step is Step.CORRECTED:
        owed = event.outcome is Outcome.SUPPLEMENT
        return State.WAITING_APPLICANT if owed else State.WAITING_REVIEWER
    if event.step is Step.DECIDED and event.outcome is not None:
        return OF_OUTCOME[event.outcome]
    return TO.get(event.step, state)


def walk(events: Iterable[Event]) -> Iterator[tuple[Event, State]]:
    """Yield each event with the state that it led to; history is never refused."""
    state = State.DRAFT
    for event in events:
        state = leads_to(state, event)
        yield event, state
