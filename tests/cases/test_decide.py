"""What a person decides, and who may not."""

from pathlib import Path

import pytest

from pipeline.cases.desk import Desk
from pipeline.cases.refused import Refused
from pipeline.cases.reviewer import Reviewer
from pipeline.ports import Event, Ruling, State, Step
from schemas.decisions import Outcome
from tests.cases.conftest import COMPLETE, MANUAL, SUPPLEMENT, Submit, get, hand_in

MAKER, CHECKER = "person-1", "person-2"


@pytest.fixture
def waiting(submit: Submit, reviewer: Reviewer) -> str:
    """Return an application that waits for a person."""
    application = submit(MANUAL)
    assert reviewer.step()
    return application


def corrected(desk: Desk, application: str, by: str) -> None:
    event = Event(
        step=Step.CORRECTED, at=desk.services.clock.now(), by=by, package_id="p", revision=2
    )
    desk.change(application, lambda now: (now, event))


@pytest.mark.parametrize("ruling", list(Ruling))
def test_a_person_decides_with_a_reason(desk: Desk, waiting: str, ruling: Ruling) -> None:
    assert get(desk, waiting).state is State.WAITING_REVIEWER

    desk.decide(waiting, by=CHECKER, ruling=ruling, reason_code="review.sums_checked")

    event = desk.applications.events(waiting)[-1]
    assert (event.step.value, event.by, event.code) == (ruling, CHECKER, "review.sums_checked")
    assert event.revision == 1
    after = get(desk, waiting)
    assert (after.state, after.ruling, after.deadline) == (State.DECIDED, ruling, None)


def test_who_corrected_does_not_approve(desk: Desk, waiting: str) -> None:
    corrected(desk, waiting, MAKER)
    assert get(desk, waiting).state is State.WAITING_REVIEWER

    with pytest.raises(Refused, match="own_work"):
        desk.decide(waiting, by=MAKER, ruling=Ruling.APPROVED, reason_code="review.ok")
    desk.decide(waiting, by=CHECKER, ruling=Ruling.APPROVED, reason_code="review.ok")

    assert get(desk, waiting).ruling is Ruling.APPROVED


def test_a_decision_is_final(desk: Desk, waiting: str, tmp_path: Path) -> None:
    desk.decide(waiting, by=CHECKER, ruling=Ruling.REJECTED, reason_code="review.no")
    before = desk.applications.events(waiting)

    for act in (
        lambda: desk.decide(waiting, by=CHECKER, ruling=Ruling.APPROVED, reason_code="review.ok"),
        lambda: hand_in(desk, waiting, ["licence"], tmp_path),
        lambda: desk.withdraw(waiting),
        lambda: corrected(desk, waiting, MAKER),
    ):
        with pytest.raises(Refused, match="not_now"):
            act()

    assert desk.applications.events(waiting) == before


def test_what_passed_or_was_not_reviewed_waits_for_no_decision(
    desk: Desk, submit: Submit, reviewer: Reviewer
) -> None:
    passed = submit(COMPLETE)
    assert reviewer.step()
    fresh = submit(SUPPLEMENT)

    for application in (passed, fresh):
        with pytest.raises(Refused, match="not_now"):
            desk.decide(application, by=CHECKER, ruling=Ruling.REJECTED, reason_code="review.no")


def test_what_a_person_has_not_seen_is_not_decided(desk: Desk, waiting: str) -> None:
    with pytest.raises(Refused, match="busy"):
        desk.decide(
            waiting, by=CHECKER, ruling=Ruling.APPROVED, reason_code="review.ok", revision=7
        )


def test_a_reason_is_a_code(desk: Desk, waiting: str) -> None:
    with pytest.raises(Refused, match="invalid_request"):
        desk.decide(waiting, by=CHECKER, ruling=Ruling.REJECTED, reason_code="because of Mr X")


def test_a_correction_that_leaves_papers_owed_waits_for_the_applicant(
    desk: Desk, waiting: str
) -> None:
    event = Event(
        step=Step.CORRECTED,
        at=desk.services.clock.now(),
        by=MAKER,
        outcome=Outcome.SUPPLEMENT,
    )
    desk.change(waiting, lambda now: (now, event))

    assert get(desk, waiting).state is State.WAITING_APPLICANT


def test_the_applicant_can_add_papers_while_a_person_looks(
    desk: Desk, waiting: str, reviewer: Reviewer, tmp_path: Path
) -> None:
    paper = next(p for p in get(desk, waiting).papers if "nothing" in p.name)
    desk.take_back(waiting, paper.sha256)
    hand_in(desk, waiting, ["licence"], tmp_path)
    desk.submit(waiting)
    assert reviewer.step()

    assert get(desk, waiting).state is State.DECIDED
