"""The 24-hour clock, with the clock on the wall moved."""

from datetime import datetime, timedelta

import pytest

from pipeline.cases import clock
from pipeline.cases.calendar import CHINA
from pipeline.cases.clock import Timeliness, Timing
from pipeline.cases.desk import Desk
from pipeline.cases.states import FROM
from pipeline.ports import Event, Step
from schemas.calendar import WorkCalendar
from schemas.decisions import Outcome
from schemas.policy import Service

START = datetime(2026, 10, 15, 12, tzinfo=CHINA)
RULES = clock.rules(Service(hours=24, at_risk_hours=4), WorkCalendar())
SUPPLEMENT, MANUAL, PASS = Outcome.SUPPLEMENT, Outcome.MANUAL, Outcome.PASS


def history(*steps: tuple[float, Step, Outcome | None]) -> list[Event]:
    """Return events that happen after so many hours."""
    return [
        Event(step=step, at=START + timedelta(hours=hours), outcome=outcome)
        for hours, step, outcome in [(0, Step.OPENED, None), *steps]
    ]


def at(events: list[Event], hours: float, **more: timedelta) -> Timing:
    return clock.read(events, RULES, START + timedelta(hours=hours), **more)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def test_twenty_four_hours_count_from_the_submission() -> None:
    events = history((5, Step.SUBMITTED, None))

    assert at(events, 5) == Timing(hours(0), hours(24), START + hours(29), Timeliness.ON_TIME)
    assert at(events, 24.9).timeliness is Timeliness.ON_TIME
    assert at(events, 25).timeliness is Timeliness.AT_RISK
    assert at(events, 29).timeliness is Timeliness.BREACHED
    assert at(events, 30).remaining == -hours(1)


def test_a_draft_counts_nothing() -> None:
    timing = at(history(), 1000)

    assert timing == Timing(hours(0), hours(24), None, Timeliness.PAUSED)


def test_the_clock_pauses_while_the_applicant_owes() -> None:
    owing = [(0, Step.SUBMITTED, None), (0, Step.REVIEWING, None), (2, Step.DECIDED, SUPPLEMENT)]

    paused = at(history(*owing), 500)
    resumed = at(history(*owing, (500, Step.SUBMITTED, None)), 510)

    assert paused == Timing(hours(2), hours(22), None, Timeliness.PAUSED)
    assert resumed == Timing(hours(12), hours(12), START + hours(522), Timeliness.ON_TIME)


def test_a_reviewer_and_a_failure_of_ours_pause_nothing() -> None:
    waiting = history(
        (0, Step.SUBMITTED, None), (0, Step.REVIEWING, None), (1, Step.DECIDED, MANUAL)
    )
    failed = history((0, Step.SUBMITTED, None), (0, Step.REVIEWING, None), (1, Step.FAILED, None))

    for events in (waiting, failed):
        assert at(events, 10).counted == hours(10)
        assert at(events, 24).timeliness is Timeliness.BREACHED


def test_a_decision_stops_the_clock_and_says_whether_it_was_in_time() -> None:
    begun = [(0, Step.SUBMITTED, None), (0, Step.REVIEWING, None), (1, Step.DECIDED, MANUAL)]

    early = at(history(*begun, (23, Step.APPROVED, None)), 900)
    late = at(history(*begun, (25, Step.REJECTED, None)), 900)

    assert (early.counted, early.timeliness) == (hours(23), Timeliness.STOPPED)
    assert (late.counted, late.timeliness) == (hours(25), Timeliness.BREACHED)
    assert early.deadline is late.deadline is None


def test_an_application_that_was_decided_and_is_submitted_again_begins_anew() -> None:
    events = history(
        (0, Step.SUBMITTED, None),
        (0, Step.REVIEWING, None),
        (20, Step.DECIDED, PASS),
        (100, Step.SUBMITTED, None),
    )

    assert at(events, 101).counted == hours(1)


def test_work_that_stands_before_it_makes_it_at_risk_earlier() -> None:
    events = history((0, Step.SUBMITTED, None))

    assert at(events, 15).timeliness is Timeliness.ON_TIME
    assert at(events, 15, ahead=hours(5)).timeliness is Timeliness.AT_RISK


def test_weekends_do_not_count_where_the_policy_says_so() -> None:
    friday = START + timedelta(days=1)
    rules = clock.rules(Service(calendar="business_days"), WorkCalendar())
    events = [Event(step=Step.OPENED, at=friday), Event(step=Step.SUBMITTED, at=friday)]

    assert clock.deadline(events, rules) == friday + timedelta(days=3)
    assert clock.read(events, rules, friday + timedelta(days=2)).counted == hours(12)


def test_the_queue_is_in_the_order_of_deadlines(desk: Desk, submit: object, clock: object) -> None:
    first = submit(("licence", "balance"))  # type: ignore[operator]
    clock.on(hours=1)  # type: ignore[attr-defined]
    second = submit(("licence", "income"))  # type: ignore[operator]

    assert [one.id for one in desk.applications.open_()] == [first, second]
    assert [one.deadline for one in desk.applications.open_()] == [
        START + hours(24),
        START + hours(25),
    ]


@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_a_place_in_the_table(step: Step) -> None:
    assert step in FROM
