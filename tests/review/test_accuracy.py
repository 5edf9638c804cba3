from pipeline.cases.accuracy import Work, measure
from pipeline.cases.corrections import Action, Edit, correct
from pipeline.cases.desk import Desk
from pipeline.ports import Role, Ruling
from pipeline.stages.correct import Place
from tests.review.conftest import Enrol, OpenCase, SignIn
from tests.review.test_case import place_of


def test_only_what_a_person_has_decided_counts_as_checked(
    open_case: OpenCase, enrol: Enrol, desk: Desk, sign_in: SignIn
) -> None:
    application = open_case()
    maker, checker = enrol("ma", Role.REVIEWER), enrol("li", Role.CHECKER)
    wrong = Place.of(place_of(desk, application.id, "cash_and_bank_balances"))
    right = Place.of(place_of(desk, application.id, "legal_representative"))
    assert wrong is not None
    assert right is not None
    edits = [Edit(wrong, Action.CORRECT, "3,485,534.06"), Edit(right, Action.ACCEPT)]
    correct(desk, maker, application, 1, edits)
    before = measure([work(desk, application.id)])
    desk.decide(
        application.id, by=checker.id, ruling=Ruling.APPROVED, reason_code="approve.checked"
    )
    after = measure([work(desk, application.id)])
    page = sign_in("au", Role.AUDITOR).get("/accuracy").text

    assert (before.values, before.checked) == (0, 0)
    assert (after.checked, after.judged, after.touchless) == (1, 1, 0)
    assert (after.wrong, after.accepted_wrong) == (1, 0)
    lines = {line.name: line.corrected for line in after.fields}
    assert (lines["amount"], lines["legal_representative"]) == (1, 0)
    assert after.curve[0].coverage == 1.0
    assert after.curve[0].risk == 1 / after.curve[0].values
    assert after.curve[-1].risk <= after.curve[0].risk
    assert "报表金额" in page


def work(desk: Desk, application_id: str) -> Work:
    application = desk.applications.get(application_id)
    assert application is not None
    assert application.package_id is not None
    records = desk.services.repository.records(application.package_id)
    return Work(application, desk.applications.events(application_id), records)
