"""The clock that a package runs against, read from its events alone; nothing is counted by and by.

Time counts while it is the bank's turn, from the submission on: not before it, and not while the
applicant owes papers. A supplement goes on with the same clock; an application that was decided
and is submitted again begins a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pipeline.cases.calendar import IsWorked, between, is_counted, later
from pipeline.cases.states import COUNTED, walk
from pipeline.ports import Event, State, Step
from schemas.calendar import WorkCalendar
from schemas.policy import Service

_NOTHING: Final = timedelta(0)


class Timeliness(StrEnum):
    """How an application stands towards its deadline."""

    PAUSED = "paused"
    """Nothing counts: it is the applicant's turn."""
    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    """So little time is left, or so much work stands before it, that somebody should look."""
    BREACHED = "breached"
    """The deadline has passed."""
    STOPPED = "stopped"
    """It was decided in time, or withdrawn."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What the clock shows."""

    counted: timedelta
    """Time that has counted so far."""
    remaining: timedelta
    """Counted time that is left; negative once the deadline has passed."""
    deadline: datetime | None
    """When that will have passed, should nothing pause it; none while nothing counts."""
    timeliness: Timeliness


@dataclass(frozen=True, slots=True)
class Rules:
    """What a product allows, and the days that count for it."""

    allowed: timedelta
    notice: timedelta
    is_worked: IsWorked


def rules(service: Service, calendar: WorkCalendar) -> Rules:
    """Return the rules of a policy."""
    return Rules(
        timedelta(hours=service.hours),
        timedelta(hours=service.at_risk_hours),
        is_counted(service, calendar),
    )


def read(
    events: Sequence[Event], rules: Rules, now: datetime, ahead: timedelta = _NOTHING
) -> Timing:
    """Return what the clock shows at a moment.

    `ahead` is the work that is expected to stand before the end, for what is at risk.
    """
    counted, since, state = _counted(events, rules)
    deadline = None if since is None else later(since, rules.allowed - counted, rules.is_worked)
    if since is not None:
        counted += between(since, now, rules.is_worked)
    remaining = rules.allowed - counted
    return Timing(counted, remaining, deadline, _timeliness(state, remaining, rules.notice + ahead))


def deadline(events: Sequence[Event], rules: Rules) -> datetime | None:
    """Return by when an application has to be decided, none while nothing counts."""
    return read(events, rules, events[-1].at).deadline


def turn(events: Sequence[Event]) -> Sequence[Event]:
    """Return the events since the clock last began."""
    begins, before = 0, State.DRAFT
    for place, (event, state) in enumerate(walk(events)):
        if event.step is Step.SUBMITTED and before is State.DECIDED:
            begins = place
        before = state
    return events[begins:]


def _counted(events: Sequence[Event], rules: Rules) -> tuple[timedelta, datetime | None, State]:
    """Return what counted up to the last pause or event, since when more does, and the state."""
    counted, since, state = _NOTHING, None, State.DRAFT
    for event, to in walk(turn(events)):
        if since is not None:
            counted += between(since, event.at, rules.is_worked)
        since = event.at if to in COUNTED else None
        state = to
    return counted, since, state


def _timeliness(state: State, remaining: timedelta, notice: timedelta) -> Timeliness:
    if state in {State.DRAFT, State.WAITING_APPLICANT}:
        return Timeliness.PAUSED
    if remaining <= _NOTHING:
        return Timeliness.BREACHED
    if state not in COUNTED:
        return Timeliness.STOPPED
    return Timeliness.AT_RISK if remaining <= notice else Timeliness.ON_TIME
