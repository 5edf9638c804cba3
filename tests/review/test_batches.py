"""What a batch could not decide waits on the review page like anything else."""

import pytest

from pipeline.cases.desk import Desk
from pipeline.cases.queued import enqueue
from pipeline.cases.refused import Refused
from pipeline.cases.reviewer import Reviewer, review_with
from pipeline.ports import Role, State, Step
from pipeline.stages.intake import take_in
from pipeline.stages.package import review
from pipeline.stages.services import Services
from schemas.records import Record
from tests.review.conftest import LICENCE, STATEMENTS, SignIn
from tests.review.test_case import place_of


@pytest.fixture
def record(services: Services) -> Record:
    package = take_in([LICENCE, STATEMENTS], services, product="sme_small", name="2026-10/07")
    return review(package.id, services)


def test_a_package_of_a_batch_is_cleared_on_the_page(
    record: Record, desk: Desk, sign_in: SignIn
) -> None:
    application = enqueue(desk, record, "north")
    reviewer = sign_in("ma", Role.REVIEWER, branches=("north",))
    place = place_of(desk, application.id, "legal_representative")
    said = {"revision": 1, "action": "accept"}
    told = reviewer.post(f"/cases/{application.id}/fields/{place}", said)
    steps = [event.step for event in desk.standing(application.id).events]

    assert "2026-10/07" in reviewer.get("/queue").text
    assert "2026-10/07" not in sign_in("li", Role.REVIEWER, branches=("south",)).get("/queue").text
    assert application.state is State.WAITING_REVIEWER
    assert application.deadline is not None
    assert told.status_code == 200
    assert steps[2:] == [Step.SUBMITTED, Step.REVIEWING, Step.DECIDED, Step.CORRECTED]


def test_a_package_is_one_case_however_often_its_batch_runs(record: Record, desk: Desk) -> None:
    first = enqueue(desk, record)
    count = len(desk.standing(first.id).events)

    assert enqueue(desk, record) == first
    assert len(desk.standing(first.id).events) == count
    assert not Reviewer(desk, review_with(desk.services)).step()


def test_what_died_in_between_is_gone_on_with(
    record: Record, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for dies_at in (2, 3):
        left = dies_at
        advance = Desk.advance

        def dying(desk: Desk, *said: object, **more: object) -> bool:
            nonlocal left
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
            return advance(desk, *said, **more)  # type: ignore[arg-type]  # noqa: B023

        monkeypatch.setattr(Desk, "advance", dying)
        with pytest.raises(KeyboardInterrupt):
            enqueue(desk, record)
        monkeypatch.undo()

    assert enqueue(desk, record).state is State.WAITING_REVIEWER


def test_what_was_withdrawn_on_the_page_does_not_come_back(record: Record, desk: Desk) -> None:
    desk.withdraw(enqueue(desk, record).id)

    with pytest.raises(Refused, match="withdrawn"):
        enqueue(desk, record)
