"""Who may see and do what: every route, every role, own branch and another."""

import itertools
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from pipeline.cases.desk import Desk
from pipeline.cases.people import FrontDoor
from pipeline.cases.refused import Refused
from pipeline.ports import Role
from pipeline.review.security import COOKIE, Links
from pipeline.settings import Settings
from pipeline.stages.services import Services
from tests.review.conftest import LICENCE, PASSWORD, Browser, Clock, Enrol, OpenCase, SignIn
from tests.review.test_case import place_of

SEES = {Role.REVIEWER, Role.CHECKER, Role.AUDITOR}
HANDLES = {Role.REVIEWER, Role.CHECKER}
NOBODY: set[Role] = set()
MATRIX: dict[tuple[str, str], set[Role]] = {
    ("GET", "/queue"): SEES,
    ("GET", "/cases/{application_id}"): SEES,
    ("GET", "/cases/{application_id}/work"): SEES,
    ("GET", "/cases/{application_id}/fields/{place}"): SEES,
    ("POST", "/cases/{application_id}/fields/{place}"): {Role.REVIEWER},
    ("POST", "/cases/{application_id}/documents/{document}"): {Role.REVIEWER},
    ("POST", "/cases/{application_id}/documents/{document}/try"): {Role.REVIEWER},
    ("GET", "/cases/{application_id}/pages/{document}/{page}"): HANDLES,
    ("GET", "/cases/{application_id}/pictures/{sha256}/{page}"): HANDLES,
    ("GET", "/cases/{application_id}/crops/{place}"): HANDLES,
    ("GET", "/cases/{application_id}/report"): SEES,
    ("POST", "/cases/{application_id}/decision"): {Role.CHECKER},
    ("GET", "/counter"): {Role.SUBMITTER},
    ("POST", "/counter"): {Role.SUBMITTER},
    ("GET", "/counter/{application_id}"): {Role.SUBMITTER},
    ("GET", "/counter/{application_id}/standing"): {Role.SUBMITTER},
    ("POST", "/counter/{application_id}/papers"): {Role.SUBMITTER},
    ("GET", "/accuracy"): {*SEES, Role.ADMIN},
    ("GET", "/people"): {Role.ADMIN},
    ("POST", "/people/{person_id}/disable"): {Role.ADMIN},
}
"""Every route that wants somebody signed in, and the roles that it is for."""
OPEN = {
    ("GET", "/login"),
    ("GET", "/login/away"),
    ("GET", "/login/back"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("GET", "/"),
    ("GET", "/language/{lang}"),
    ("GET", "/status/{token}"),
    ("GET", "/status/{token}/standing"),
}


def routes(app: FastAPI) -> set[tuple[str, str]]:
    mounted = next(route.app for route in app.routes if getattr(route, "path", "") == "/review")
    found = set()
    for route in walked(mounted.routes):
        found |= {(method, route.path) for method in route.methods - {"HEAD"}}
    return found


def walked(found: list[object]) -> list[APIRoute]:
    """Return the routes of an application, those of the routers that it includes too."""
    nested = [getattr(route, "original_router", None) for route in found]
    inner = [route for router in nested if router for route in walked(router.routes)]
    return [route for route in found if isinstance(route, APIRoute)] + inner


def test_the_matrix_knows_every_route(app: FastAPI) -> None:
    assert routes(app) == set(MATRIX) | OPEN


@pytest.fixture
def everybody(sign_in: SignIn, enrol: Enrol) -> dict[tuple[Role | None, str], Browser]:
    """Return somebody of each role in the branch of the case and in another."""
    return {
        (role, branch): sign_in(f"{role.value}-{branch}", role, branches=(branch,))
        for role, branch in itertools.product(Role, ("north", "south"))
    }


def test_every_route_is_for_its_roles_in_its_branch_and_for_others_not_there(
    everybody: dict[tuple[Role, str], Browser], open_case: OpenCase, enrol: Enrol, app: FastAPI
) -> None:
    application = open_case(branch="north")
    victims = (enrol(f"leaves-{n}", Role.SUBMITTER).id for n in itertools.count())
    wrong = []
    for (method, path), roles in MATRIX.items():
        for (role, branch), browser in everybody.items():
            address = path.format(
                application_id=application.id,
                place="0.0.-.name",
                document="1.0",
                page=1,
                sha256=application.papers[0].sha256,
                person_id=next(victims) if "person_id" in path else "",
            )
            told = browser.get(address) if method == "GET" else browser.post(address)
            about_it = "{application_id}" in path
            entitled = role in roles and (branch == "north" or not about_it)
            if (told.status_code == 404) is entitled or told.status_code >= 500:
                wrong.append((method, path, role, branch, told.status_code))

    assert not wrong
    stranger = Browser(TestClient(app))
    for method, path in MATRIX:
        address = path.format(
            application_id=application.id,
            place="0.0.-.name",
            document="1.0",
            page=1,
            sha256="0" * 64,
            person_id="0" * 16,
        )
        told = stranger.get(address) if method == "GET" else stranger.post(address)
        page = told.headers["location"].partition("?")[0]
        assert (told.status_code, page) == (303, "/review/login"), path


def test_an_auditor_sees_the_case_and_not_who_people_are(
    sign_in: SignIn, open_case: OpenCase, desk: Desk
) -> None:
    """On every page of a case; what was corrected still shows as corrected."""
    application = open_case(branch="north")
    name = desk.record(application.id).dossier.licences[0].legal_representative.value or ""
    place = place_of(desk, application.id, "legal_representative")
    path = f"/cases/{application.id}"
    maker = sign_in("ma", Role.REVIEWER, branches=("north",))
    auditor = sign_in("au", Role.AUDITOR, branches=("north",))
    said = {"revision": 1, "action": "save", "text": "梁远洋"}
    assert maker.post(f"{path}/fields/{place}", said).status_code == 200
    licence = f"{path}?document={place.rsplit('.', 2)[0]}"

    for page in (licence, f"{path}/fields/{place}", f"{path}/report", "/queue"):
        seen, masked = maker.get(page).text, auditor.get(page).text
        assert "梁远洋" in seen or page == "/queue", page
        assert not [one for one in (name, "梁远洋", LICENCE.name) if one in masked], page
    case = auditor.get(licence).text
    assert f"{name[0]}***" in case
    assert "梁***" in case
    assert "影像含个人信息" in case
    assert "✎" in case


def test_a_queue_holds_the_cases_of_ones_own_branches(sign_in: SignIn, open_case: OpenCase) -> None:
    open_case(branch="north", reference="LN-NORTH")
    south = sign_in("s", Role.REVIEWER, branches=("south",)).get("/queue").text
    every = sign_in("e", Role.REVIEWER, branches=("*",)).get("/queue").text

    assert "LN-NORTH" not in south
    assert "LN-NORTH" in every


def test_a_change_without_the_token_of_the_session_is_refused(
    sign_in: SignIn, open_case: OpenCase
) -> None:
    application = open_case()
    checker = sign_in("li", Role.CHECKER)
    path = f"/cases/{application.id}/decision"
    said = {"revision": 1, "ruling": "rejected", "reject_for": "reject.duplicate"}

    assert checker.post(path, said | {"csrf": "forged"}).status_code == 403
    assert checker.post(path, said).status_code == 303


def test_signing_in_wants_the_token_of_its_own_form(app: FastAPI, enrol: Enrol) -> None:
    enrol("ma", Role.REVIEWER)
    browser = Browser(TestClient(app))

    told = browser.post("/login", {"login": "ma", "password": PASSWORD, "csrf": "forged"})

    assert told.status_code == 403
    assert COOKIE not in told.cookies


def test_whoever_guesses_has_to_wait_and_is_told_nothing(
    app: FastAPI, enrol: Enrol, clock: Clock
) -> None:
    enrol("ma", Role.REVIEWER)
    browser = Browser(TestClient(app))

    wrong = [browser.sign_in("ma", "wrong password") for _ in range(5)]
    unknown = browser.sign_in("nobody", "wrong password")
    held = browser.sign_in("ma")
    clock.at += timedelta(seconds=31)
    later = browser.sign_in("ma")

    assert {told.status_code for told in (*wrong, unknown)} == {401}
    assert (held.status_code, later.status_code) == (429, 303)


def test_every_further_guess_costs_twice_the_wait(door: FrontDoor, clock: Clock) -> None:
    waits = []
    for _ in range(12):
        begun = clock.at
        while attempt(door, "ma", "10.0.0.1") == "people.too_many_attempts":
            clock.at += timedelta(seconds=1)
        waits.append((clock.at - begun).seconds)

    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]


def test_a_stranger_locks_nobody_out(door: FrontDoor, enrol: Enrol) -> None:
    """Who guesses at a login waits; whoever has it comes in from where they are."""
    enrol("ma", Role.REVIEWER)
    for _ in range(50):
        attempt(door, "ma", "203.0.113.7")

    assert attempt(door, "ma", "203.0.113.7") == "people.too_many_attempts"
    assert door.sign_in("ma", PASSWORD, "10.0.0.1")


def test_who_tries_one_login_after_another_waits_too(door: FrontDoor, clock: Clock) -> None:
    told = [attempt(door, f"person-{n}", "203.0.113.7") for n in range(25)]
    clock.at += timedelta(seconds=61)

    assert told.index("people.too_many_attempts") == 20
    assert attempt(door, "person-30", "203.0.113.7") == "people.wrong_login"


def test_whoever_comes_in_begins_anew(door: FrontDoor, enrol: Enrol) -> None:
    enrol("ma", Role.REVIEWER)
    for _ in range(3):
        told = [attempt(door, "ma", "10.0.0.1") for _ in range(4)]
        assert told == ["people.wrong_login"] * 4
        assert door.sign_in("ma", PASSWORD, "10.0.0.1")


def attempt(door: FrontDoor, login: str, address: str) -> str:
    with pytest.raises(Refused) as refused:
        door.sign_in(login, "wrong password", address)
    return refused.value.code


def test_a_session_ends_when_nobody_clicks_when_it_is_old_and_when_one_leaves(
    sign_in: SignIn, clock: Clock
) -> None:
    idle, old, gone = (sign_in(name, Role.REVIEWER) for name in ("a", "b", "c"))
    gone.post("/logout")
    assert gone.get("/queue").status_code == 303

    clock.at += timedelta(minutes=20)
    assert old.get("/queue").status_code == 200
    clock.at += timedelta(minutes=20)
    assert idle.get("/queue").status_code == 303
    for _ in range(30):
        old.get("/")
        clock.at += timedelta(minutes=20)
    assert old.get("/queue").status_code == 303


def test_an_account_that_is_disabled_is_signed_out_everywhere(
    sign_in: SignIn, door: FrontDoor
) -> None:
    browser = sign_in("ma", Role.REVIEWER)
    person = door.people.by_login("ma")
    assert person is not None
    door.disable(person)

    assert browser.get("/queue").status_code == 303
    assert browser.sign_in("ma").status_code == 401


def test_a_password_is_long_and_is_not_kept(door: FrontDoor, enrol: Enrol) -> None:
    with pytest.raises(Refused, match="weak_password"):
        door.enrol("short", "eleven char", [Role.REVIEWER], [""])
    person = enrol("Ma ", Role.REVIEWER)

    assert person.login == "ma"
    assert PASSWORD not in person.model_dump_json()
    with pytest.raises(Refused, match="login_taken"):
        enrol("MA", Role.CHECKER)


def test_every_answer_says_that_nothing_comes_from_outside(sign_in: SignIn) -> None:
    headers = sign_in("ma", Role.REVIEWER).get("/queue").headers
    policy = headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    app: FastAPI, enrol: Enrol
) -> None:
    enrol("ma", Role.REVIEWER)
    told = Browser(TestClient(app)).sign_in("ma")
    cookie = next(c for c in told.headers.get_list("set-cookie") if c.startswith(COOKIE))

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_status_link_needs_no_account_and_cannot_be_forged(
    app: FastAPI, open_case: OpenCase, sign_in: SignIn
) -> None:
    application = open_case(branch="north")
    page = sign_in("li", Role.CHECKER, branches=("north",)).get(f"/cases/{application.id}").text
    link = page.split("/review/status/")[1].split('"')[0]
    stranger = Browser(TestClient(app))

    shown = stranger.get(f"/status/{link}")
    forged = stranger.get(f"/status/{link[:-2]}xx")

    assert shown.status_code == 200
    assert "法定代表人" not in shown.text
    assert forged.status_code == 404


def test_a_status_link_is_good_for_a_time(clock: Clock, services: Services) -> None:
    links = Links(Settings().review)
    token = links.sign("a" * 32, clock.now())

    assert links.read(token, clock.now() + timedelta(days=29)) == "a" * 32
    assert links.read(token, clock.now() + timedelta(days=31)) is None
    assert Links(Settings().review).read(token, clock.now()) is None
