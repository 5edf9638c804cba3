"""Who is told that a deadline comes near or has passed: once for each application and threshold.

That it was told stands among the events of the application, so that webhooks take it from there
like any other event. Whoever else is to be told is told first, under an id that is the same when
a watch that died in between tells it again.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from pipeline.cases import clock, forecast
from pipeline.cases.calendar import CHINA, days_left, load_calendar
from pipeline.cases.clock import Timeliness
from pipeline.cases.desk import Desk
from pipeline.cases.refused import Refused
from pipeline.cases.states import walk
from pipeline.observe.metrics import Level
from pipeline.ports import Application, Event, State, Step

_log = structlog.get_logger()

_SPACE: Final = uuid.UUID("5b0a7a0e-8c1f-4a53-9a26-0d6c2f7a51c4")
_TOLD: Final = {Timeliness.AT_RISK: Step.AT_RISK, Timeliness.BREACHED: Step.BREACHED}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A threshold that an application has passed. It holds no personal data."""

    id: uuid.UUID
    """The same however often it is told."""
    application_id: str
    package_id: str | None
    product: str
    state: State
    step: Step
    """`at_risk` or `breached`."""
    at: datetime
    deadline: datetime | None
    remaining: timedelta


Tell = Callable[[Alarm], None]


@dataclass(frozen=True, slots=True)
class Watched:
    """An open application, its history, and what its clock shows."""

    application: Application
    events: Sequence[Event]
    timing: clock.Timing


def watched(desk: Desk) -> Iterator[Watched]:
    """Yield every application whose time counts, the first deadline first."""
    now, queue = desk.services.clock.now(), desk.applications.open_()
    ahead = forecast.ahead(queue, forecast.measured(desk))
    for application in queue:
        events = desk.applications.events(application.id)
        expected = ahead.get(application.id, timedelta(0))
        yield Watched(
            application, events, clock.read(events, desk.rules(application), now, expected)
        )


def watch(desk: Desk, tell: Tell) -> list[Alarm]:
    """Tell what has become urgent since the last watch, and return it."""
    told = []
    for one in watched(desk):
        alarm = _alarm(one, desk.services.clock.now())
        if alarm is not None:
            tell(alarm)
            if _kept(desk, one.application, alarm):
                told.append(alarm)
    return told


def levels(desk: Desk) -> Iterator[Level]:
    """Yield the levels of the queues for whoever reads the metrics."""
    now, found = desk.services.clock.now(), list(watched(desk))
    by_state: dict[State, list[Watched]] = {}
    for one in found:
        by_state.setdefault(one.application.state, []).append(one)
    for state, there in by_state.items():
        longest = max(now - _since(one) for one in there)
        yield Level("zishen_queue_packages", len(there), (state.value,))
        yield Level("zishen_queue_age_seconds", longest.total_seconds(), (state.value,))
    for timeliness in (Timeliness.ON_TIME, Timeliness.AT_RISK, Timeliness.BREACHED):
        count = sum(one.timing.timeliness is timeliness for one in found)
        yield Level("zishen_sla_packages", count, (timeliness.value,))
    if found:
        first = min(one.timing.remaining for one in found)
        yield Level("zishen_sla_remaining_seconds", first.total_seconds())
    yield from _calendar(desk, now)


def _calendar(desk: Desk, now: datetime) -> Iterator[Level]:
    services = desk.services
    calendar = load_calendar(services.settings.cases.calendar_file)
    left = days_left(services.policies, calendar, now.astimezone(CHINA).date())
    if left is not None:
        yield Level("zishen_calendar_days", left)


def _alarm(one: Watched, now: datetime) -> Alarm | None:
    step = _TOLD.get(one.timing.timeliness)
    turn = clock.turn(one.events)
    if step is None or step in {event.step for event in turn}:
        return None
    application = one.application
    number = len(one.events) - len(turn)  # an application that is submitted anew has new alarms
    return Alarm(
        id=uuid.uuid5(_SPACE, f"{application.id}/{number}/{step}"),
        application_id=application.id,
        package_id=application.package_id,
        product=application.product,
        state=application.state,
        step=step,
        at=now,
        deadline=one.timing.deadline,
        remaining=one.timing.remaining,
    )


def _kept(desk: Desk, application: Application, alarm: Alarm) -> bool:
    """Keep that it was told; not where the application has gone on, for the next watch to see."""
    event = Event(step=alarm.step, at=alarm.at, package_id=application.package_id)
    try:
        kept = desk.advance(application, application, event)
    except Refused:
        return False
    if kept:
        _log.warning("application.deadline", application=application.id, step=alarm.step.value)
    return kept


def _since(one: Watched) -> datetime:
    """Return when an application came to its state."""
    since, before = one.events[0].at, State.DRAFT
    for event, state in walk(one.events):
        if state is not before:
            since, before = event.at, state
    return since
