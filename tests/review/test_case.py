import pytest

from pipeline.cases.desk import Desk
from pipeline.cases.reviewer import Reviewer, review_with
from pipeline.ports import Role, State, Step
from pipeline.stages.correct import Place, field_at, places
from pipeline.stages.package import review
from schemas.fields import FieldState
from tests.review.conftest import LICENCE, STATEMENTS, OpenCase, SignIn, found


def place_of(desk: Desk, application_id: str, name: str) -> str:
    """Return the place of a licence field, or of the closing amount of a line item."""
    dossier = desk.record(application_id).dossier
    for place, _ in places(dossier):
        document = dossier.readings[place.reading].documents[place.document]
        item = place.name if place.row is None else document.rows[place.row].item  # type: ignore[union-attr]
        if item == name and (place.row is None or place.name == document.columns[0].id):  # type: ignore[union-attr]
            return str(place)
    raise AssertionError(name)


def test_what_is_in_doubt_waits_in_the_queue_with_its_reasons(
    open_case: OpenCase, sign_in: SignIn
) -> None:
    open_case()
    page = sign_in("ma", Role.REVIEWER).get("/queue").text

    assert "LN-2026-0042" in page
    assert "剩" in page
    assert 'class="count">' in page


def test_a_correction_is_a_new_revision_by_a_person_and_is_judged_again(
    open_case: OpenCase, sign_in: SignIn, desk: Desk
) -> None:
    application = open_case()
    reviewer = sign_in("ma", Role.REVIEWER)
    before = desk.record(application.id)
    place = place_of(desk, application.id, "legal_representative")

    told = reviewer.post(
        f"/cases/{application.id}/fields/{place}",
        {"revision": before.revision, "action": "save", "text": "某某某"},
    )

    after = desk.record(application.id)
    field = field_at(after.dossier, Place.of(place))  # type: ignore[arg-type]
    assert told.status_code == 200
    assert after.revision == before.revision + 1
    assert field is not None
    assert (field.value, field.raw, field.accepted) == ("某某某", "某某某", True)
    assert field.provenance.reader.startswith("person/")  # type: ignore[union-attr]
    assert after.findings != before.findings
    last = desk.applications.events(application.id)[-1]
    assert (last.step, last.revision) == (Step.CORRECTED, after.revision)
    assert desk.audit.listed(application.id)[-1].action == "correct_field"


def test_the_second_of_two_who_correct_at_once_is_told(
    open_case: OpenCase, sign_in: SignIn, desk: Desk
) -> None:
    application = open_case()
    one, other = sign_in("ma", Role.REVIEWER), sign_in("li", Role.REVIEWER)
    revision = desk.record(application.id).revision
    place = place_of(desk, application.id, "legal_representative")
    path = f"/cases/{application.id}/fields/{place}"

    first = one.post(path, {"revision": revision, "action": "accept"})
    second = other.post(path, {"revision": revision, "action": "save", "text": "别人"})

    assert (first.status_code, second.status_code) == (200, 409)
    assert "未保存" in second.text
    assert desk.record(application.id).revision == revision + 1


@pytest.mark.parametrize(
    ("action", "state"), [("blank", FieldState.BLANK), ("unreadable", FieldState.UNREADABLE)]
)
def test_a_value_can_be_blank_or_unreadable(
    open_case: OpenCase, sign_in: SignIn, desk: Desk, action: str, state: FieldState
) -> None:
    application = open_case()
    place = place_of(desk, application.id, "legal_representative")
    sign_in("ma", Role.REVIEWER).post(
        f"/cases/{application.id}/fields/{place}", {"revision": 1, "action": action}
    )
    field = field_at(desk.record(application.id).dossier, Place.of(place))  # type: ignore[arg-type]

    assert field is not None
    assert (field.state, field.value) == (state, None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("registered_capital", "很多"),
        ("established_date", "2026-13-40"),
        ("cash_and_bank_balances", "12,34,5"),
    ],
)
def test_what_is_no_value_is_not_kept(
    open_case: OpenCase, sign_in: SignIn, desk: Desk, name: str, text: str
) -> None:
    application = open_case()
    place = place_of(desk, application.id, name)
    told = sign_in("ma", Role.REVIEWER).post(
        f"/cases/{application.id}/fields/{place}", {"revision": 1, "action": "save", "text": text}
    )

    assert told.status_code == 422
    assert desk.record(application.id).revision == 1


def test_a_grid_lights_what_fails_as_one_types_and_keeps_nothing(
    open_case: OpenCase, sign_in: SignIn, desk: Desk
) -> None:
    application = open_case()
    reviewer = sign_in("ma", Role.REVIEWER)
    cash = place_of(desk, application.id, "cash_and_bank_balances")
    document = cash.rsplit(".", 2)[0]
    page = reviewer.get(f"/cases/{application.id}?document={document}").text
    shown = found(rf'name="{cash}" value="([^"]*)"', page)
    right = f"{float(shown.replace(',', '')) - 9000:,.2f}"
    path = f"/cases/{application.id}/documents/{document}/try"

    wrong = reviewer.post(path, {cash: shown}).text
    mended = reviewer.post(path, {cash: right}).text

    assert cash in found(r'data-lit="([^"]*)"', wrong)
    assert "9,000.00" in wrong
    assert cash not in found(r'data-lit="([^"]*)"', mended)
    assert desk.record(application.id).revision == 1


def test_a_saved_grid_is_one_revision_and_its_sums_prove_the_rest(
    open_case: OpenCase, sign_in: SignIn, desk: Desk
) -> None:
    application = open_case()
    cash = place_of(desk, application.id, "cash_and_bank_balances")
    inventories = place_of(desk, application.id, "inventories")
    before = field_at(desk.record(application.id).dossier, Place.of(cash))  # type: ignore[arg-type]
    assert before is not None
    document = cash.rsplit(".", 2)[0]
    told = sign_in("ma", Role.REVIEWER).post(
        f"/cases/{application.id}/documents/{document}",
        {"revision": 1, cash: f"{before.value - 9000}"},
    )
    after = desk.record(application.id)

    assert told.status_code == 200
    assert after.revision == 2
    assert "total_current_assets" not in {f.params.get("total") for f in after.findings}
    assert field_at(after.dossier, Place.of(inventories)).accepted  # type: ignore[arg-type,union-attr]


def test_the_checker_sees_what_the_maker_changed_and_nobody_approves_own_work(
    open_case: OpenCase, sign_in: SignIn, desk: Desk
) -> None:
    application = open_case()
    both = sign_in("ma", Role.REVIEWER, Role.CHECKER)
    place = place_of(desk, application.id, "legal_representative")
    both.post(
        f"/cases/{application.id}/fields/{place}",
        {"revision": 1, "action": "save", "text": "某某某"},
    )
    said = {"revision": 2, "ruling": "approved", "approve_for": "approve.checked"}

    own = both.post(f"/cases/{application.id}/decision", said)
    checker = sign_in("li", Role.CHECKER)
    page = checker.get(f"/cases/{application.id}").text
    stale = checker.post(f"/cases/{application.id}/decision", said | {"revision": 1})
    done = checker.post(f"/cases/{application.id}/decision", said)

    assert own.status_code == 403
    assert "<ins>某某某</ins>" in page
    assert ">ma<" in page
    assert (stale.status_code, done.status_code) == (409, 303)
    kept = desk.applications.get(application.id)
    assert kept is not None
    assert (kept.state, kept.ruling) == (State.DECIDED, "approved")


def test_only_a_person_rejects_and_with_a_reason(
    open_case: OpenCase, sign_in: SignIn, desk: Desk
) -> None:
    application = open_case()
    checker = sign_in("li", Role.CHECKER)
    path = f"/cases/{application.id}/decision"

    none = checker.post(path, {"revision": 1, "ruling": "rejected"})
    said = {"revision": 1, "ruling": "rejected", "reject_for": "reject.duplicate"}
    done = checker.post(path, said)

    assert (none.status_code, done.status_code) == (422, 303)
    assert desk.applications.events(application.id)[-1].code == "reject.duplicate"


def test_a_value_is_shown_with_its_crop_and_every_reading_of_it(
    open_case: OpenCase, sign_in: SignIn, desk: Desk
) -> None:
    application = open_case()
    reviewer = sign_in("ma", Role.REVIEWER)
    place = place_of(desk, application.id, "legal_representative")
    part = reviewer.get(f"/cases/{application.id}/fields/{place}").text
    crop = reviewer.get(f"/cases/{application.id}/crops/{place}")
    page = reviewer.get(f"/cases/{application.id}/pages/{place.rsplit('.', 2)[0]}/1").text

    assert f"crops/{place}" in part
    assert "机器识别原文" in part
    assert crop.content.startswith(b"\x89PNG")
    assert f'class="spot doubt" data-place="{place}"' in page


def test_corrections_survive_another_reading_of_the_same_papers(
    open_case: OpenCase, sign_in: SignIn, desk: Desk
) -> None:
    application = open_case()
    place = place_of(desk, application.id, "legal_representative")
    sign_in("ma", Role.REVIEWER).post(
        f"/cases/{application.id}/fields/{place}",
        {"revision": 1, "action": "save", "text": "某某某"},
    )
    assert application.package_id is not None
    again = review(application.package_id, desk.services)

    field = field_at(again.dossier, Place.of(place))  # type: ignore[arg-type]
    assert field is not None
    assert field.value == "某某某"


def test_corrections_survive_a_supplement_and_still_want_a_second_person(
    open_case: OpenCase, sign_in: SignIn, desk: Desk
) -> None:
    application = open_case(LICENCE)
    place = place_of(desk, application.id, "legal_representative")
    sign_in("ma", Role.REVIEWER).post(
        f"/cases/{application.id}/fields/{place}",
        {"revision": 1, "action": "save", "text": "某某某"},
    )
    desk.add(application, [STATEMENTS])
    desk.submit(application.id)
    assert Reviewer(desk, review_with(desk.services)).step()

    field = field_at(desk.record(application.id).dossier, Place.of(place))  # type: ignore[arg-type]
    last = desk.applications.events(application.id)[-1]
    kept = desk.applications.get(application.id)
    assert field is not None
    assert field.value == "某某某"
    assert (last.step, kept.state) == (Step.CORRECTED, State.WAITING_REVIEWER)  # type: ignore[union-attr]


def test_the_report_is_served_as_it_is(open_case: OpenCase, sign_in: SignIn) -> None:
    application = open_case()
    told = sign_in("au", Role.AUDITOR).get(f"/cases/{application.id}/report")

    assert told.status_code == 200
    assert "default-src 'none'" in told.headers["content-security-policy"]
