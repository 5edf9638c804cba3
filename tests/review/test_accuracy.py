from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import insert

from pipeline import wiring
from pipeline.cases.accuracy import LATEST, counted, measure
from pipeline.cases.corrections import Action, Edit, correct
from pipeline.cases.desk import Desk
from pipeline.database.tables import ApplicationEventRow, ApplicationRow, Base, CheckedRow
from pipeline.ports import Application, Checked, Event, Role, Ruling, State, Step, Tally
from pipeline.stages.correct import Place
from schemas.decisions import Outcome
from tests.review.conftest import Clock, Enrol, OpenCase, SignIn
from tests.review.test_case import place_of


@pytest.fixture
def tally(desk: Desk) -> Tally:
    return wiring.tally(desk.services.database)


def test_only_what_a_person_has_decided_counts_as_checked(
    open_case: OpenCase, enrol: Enrol, desk: Desk, sign_in: SignIn, tally: Tally
) -> None:
    application = open_case()
    maker, checker = enrol("ma", Role.REVIEWER), enrol("li", Role.CHECKER)
    wrong = Place.of(place_of(desk, application.id, "cash_and_bank_balances"))
    right = Place.of(place_of(desk, application.id, "legal_representative"))
    assert wrong is not None
    assert right is not None
    edits = [Edit(wrong, Action.CORRECT, "3,485,534.06"), Edit(right, Action.ACCEPT)]
    correct(desk, maker, application, 1, edits)
    before = measure(desk, tally, None)
    desk.decide(
        application.id, by=checker.id, ruling=Ruling.APPROVED, reason_code="approve.checked"
    )
    after, again = measure(desk, tally, None), measure(desk, tally, None)
    page = sign_in("au", Role.AUDITOR).get("/accuracy").text

    assert (before.values, before.checked) == (0, 0)
    assert after == again
    assert (after.checked, after.times.judged, after.times.touchless) == (1, 1, 0)
    assert (after.wrong, after.accepted_wrong) == (1, 0)
    lines = {line.name: line.corrected for line in after.fields}
    assert (lines["amount"], lines["legal_representative"]) == (1, 0)
    assert after.curve[0].coverage == 1.0
    assert after.curve[0].risk == 1 / after.curve[0].values
    assert after.curve[-1].risk <= after.curve[0].risk
    assert "报表金额" in page


def test_a_decision_on_the_page_is_counted_with_it_and_for_its_branch_alone(
    open_case: OpenCase, sign_in: SignIn, tally: Tally
) -> None:
    application = open_case(branch="north")
    checker = sign_in("li", Role.CHECKER, branches=("north",))
    said = {"revision": 1, "ruling": "approved", "approve_for": "approve.checked"}
    checker.post(f"/cases/{application.id}/decision", said)

    assert tally.cases(frozenset({"north"}), LATEST) == (1, 1)
    assert tally.cases(frozenset({"south"}), LATEST) == (0, 0)
    assert sum(one.seen for one in tally.totals(frozenset({"north"}), LATEST)) > 50
    assert not tally.totals(frozenset({"south"}), LATEST)


def test_a_case_is_counted_once_and_one_without_values_too(
    open_case: OpenCase, desk: Desk, tally: Tally
) -> None:
    application = open_case()
    tally.keep(application.id, counted(()))
    tally.keep(application.id, [Checked("name", 950, 1, 0, 1, 0)])

    assert tally.cases(None, LATEST) == (1, 1)
    assert not tally.totals(None, LATEST)


def test_ten_thousand_cases_take_no_longer_than_somebody_waits(
    desk: Desk, tally: Tally, clock: Clock
) -> None:
    with desk.services.database.begin() as connection:
        for table, rows in many(clock, LATEST):
            connection.execute(insert(table), rows)
    begun = perf_counter()
    found = measure(desk, tally, frozenset({"north"}))

    assert perf_counter() - begun < 20  # half a second, where nothing else is done
    assert (found.cases, found.checked, found.values) == (LATEST, LATEST, 20 * LATEST)
    assert (found.times.touchless, found.times.in_time) == (LATEST, LATEST)
    assert found.times.median == timedelta(hours=1)


def many(clock: Clock, number: int) -> Iterator[tuple[type[Base], list[dict[str, Any]]]]:
    """Yield the tables and rows of cases, as they are kept when each was decided."""
    begun, ended = clock.at, clock.at + timedelta(hours=1)
    case = Application(
        id="",
        owner="bank-app",
        branch="north",
        reference=None,
        product="sme_small",
        applied_on=begun.date(),
        made_at=begun,
        state=State.DECIDED,
        ruling=Ruling.APPROVED,
    )
    events = [
        Event(step=Step.SUBMITTED, at=begun),
        Event(step=Step.DECIDED, at=ended, outcome=Outcome.PASS),
    ]
    content = case.model_dump(mode="json")
    contents = [(event.step, event.model_dump(mode="json")) for event in events]
    ids = [f"{n:032x}" for n in range(number)]
    yield (
        ApplicationRow,
        [
            {"id": i, "owner": "bank-app", "sequence": 2, "content": content | {"id": i}}
            for i in ids
        ],
    )
    yield (
        ApplicationEventRow,
        [
            {"application_id": i, "sequence": k, "step": step, "content": said, "digest": ""}
            for i in ids
            for k, (step, said) in enumerate(contents)
        ],
    )
    counts = {"threshold": 950, "seen": 1, "wrong": 0, "accepted": 1, "accepted_wrong": 0}
    yield (
        CheckedRow,
        [{"application_id": i, "name": f"field-{k}", **counts} for i in ids for k in range(20)],
    )
