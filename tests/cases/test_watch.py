"""Deadlines that come near: told once, whoever watches how often."""

from datetime import timedelta

from pipeline.cases.desk import Desk
from pipeline.cases.forecast import Rates, ahead, measured, rates
from pipeline.cases.reviewer import Reviewer
from pipeline.cases.watch import Alarm, levels, watch
from pipeline.ports import Event, Ruling, State, Step
from tests.cases.conftest import COMPLETE, MANUAL, SUPPLEMENT, Clock, Submit, get


def steps(alarms: list[Alarm]) -> list[Step]:
    return [alarm.step for alarm in alarms]


def test_each_threshold_is_told_once(desk: Desk, submit: Submit, clock: Clock) -> None:
    application = submit(COMPLETE)
    told: list[Alarm] = []

    for hours, expected in [(19, []), (2, [Step.AT_RISK]), (1, []), (3, [Step.BREACHED]), (9, [])]:
        clock.on(hours=hours)
        assert steps(watch(desk, told.append)) == expected

    assert steps(told) == [Step.AT_RISK, Step.BREACHED]
    assert told[0].remaining == timedelta(hours=3)
    assert {alarm.application_id for alarm in told} == {application}
    assert [e.step for e in desk.applications.events(application)][-2:] == steps(told)
    assert get(desk, application).state is State.SUBMITTED


def test_two_watches_at_once_keep_one_alarm_under_one_id(
    desk: Desk, submit: Submit, clock: Clock
) -> None:
    submit(COMPLETE)
    clock.on(hours=21)
    told: list[Alarm] = []

    def meanwhile(alarm: Alarm) -> None:
        told.append(alarm)
        if len(told) == 1:
            watch(desk, told.append)

    assert watch(desk, meanwhile) == []
    assert len(told) == 2
    assert len({alarm.id for alarm in told}) == 1


def test_a_review_goes_on_under_an_alarm(
    desk: Desk, submit: Submit, clock: Clock, reviewer: Reviewer
) -> None:
    application = submit(MANUAL)
    clock.on(hours=30)
    watch(desk, lambda _: None)
    assert reviewer.step()
    desk.decide(application, by="person-1", ruling=Ruling.APPROVED, reason_code="review.ok")

    assert get(desk, application).state is State.DECIDED
    assert watch(desk, lambda _: None) == []


def test_nothing_is_told_while_the_applicant_owes(
    desk: Desk, submit: Submit, clock: Clock, reviewer: Reviewer
) -> None:
    submit(SUPPLEMENT)
    assert reviewer.step()
    clock.on(days=30)

    assert watch(desk, lambda _: None) == []


def test_levels_say_how_the_queues_stand(
    desk: Desk, submit: Submit, clock: Clock, reviewer: Reviewer
) -> None:
    submit(MANUAL)
    assert reviewer.step()
    clock.on(hours=22)
    submit(COMPLETE)

    found = {(level.name, level.labels): level.value for level in levels(desk)}

    assert found["zishen_queue_packages", ("waiting_reviewer",)] == 1
    assert found["zishen_queue_age_seconds", ("waiting_reviewer",)] == 22 * 3600
    assert found["zishen_sla_packages", ("at_risk",)] == 1
    assert found["zishen_sla_packages", ("on_time",)] == 1
    assert found["zishen_sla_remaining_seconds", ()] == 2 * 3600


def test_rates_are_those_of_past_reviews(
    desk: Desk, submit: Submit, clock: Clock, reviewer: Reviewer
) -> None:
    assert measured(desk) is None
    submit(COMPLETE)
    assert reviewer.step()

    assert measured(desk) == Rates(seconds_per_page=0.0, pages_per_file=1.0)
    now = clock.now()
    begun = Event(step=Step.REVIEWING, at=now)
    ended = Event(step=Step.DECIDED, at=now + timedelta(seconds=60), pages=30)
    assert rates([(begun, ended, 3)]) == Rates(seconds_per_page=2.0, pages_per_file=10.0)


def test_work_ahead_grows_along_the_queue(desk: Desk, submit: Submit) -> None:
    first, second = submit(COMPLETE), submit(SUPPLEMENT)
    queue = [get(desk, first), get(desk, second)]

    found = ahead(queue, Rates(seconds_per_page=2.0, pages_per_file=10.0))

    assert found == {first: timedelta(seconds=80), second: timedelta(seconds=140)}
