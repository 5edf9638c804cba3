"""Single sign-on against a provider that can be wrong in every way that one can."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError

from pipeline.cases.desk import Desk
from pipeline.cases.people import FrontDoor
from pipeline.cases.reviewer import review_with
from pipeline.cases.sso import Provider, SingleSignOn
from pipeline.ports import Role
from pipeline.review.security import COOKIE
from pipeline.sections import OidcSettings
from pipeline.server import compose
from pipeline.stages.services import Services
from tests.review.conftest import Browser, Clock, Enrol
from tests.review.provider import CLIENT, ISSUER, REDIRECT, SECRET, Realm, made, provider

TEN_MINUTES = timedelta(minutes=10)
TERMS = OidcSettings(
    issuer=ISSUER,
    client_id=CLIENT,
    client_secret=SecretStr(SECRET),
    redirect_uri=REDIRECT,
    roles_claim="groups.zishen",
    roles={"loan-review": "reviewer", "loan-check": "checker"},
    branches_claim="branch",
)


@dataclass
class Bank:
    """The review page and the provider that it sends people to."""

    app: FastAPI
    realm: Realm
    door: FrontDoor

    def browser(self) -> Browser:
        return Browser(TestClient(self.app))

    def comes_back(self, browser: Browser, page: str = "/") -> Any:
        """Send somebody away and back again, as their browser does."""
        url = browser.get("/login/away", params={"page": page}).headers["location"]
        return browser.get("/login/back", params=self.brought(url))

    def brought(self, url: str) -> dict[str, str]:
        state = parse_qs(urlsplit(url).query)["state"][0]
        return {"state": state, "code": self.realm.authorise(url)}


@pytest.fixture
def realm(clock: Clock) -> Realm:
    return Realm(clock)


@pytest.fixture
def bank(desk: Desk, services: Services, door: FrontDoor, realm: Realm) -> Bank:
    settings = services.settings.model_copy(update={"oidc": TERMS})
    desk = replace(desk, services=replace(services, settings=settings))
    transport = TestClient(provider(realm))._transport  # noqa: SLF001  a client of its own
    sso = SingleSignOn(Provider(TERMS, door.clock, transport), door)
    return Bank(compose(desk, review_with(services), door, sso), realm, door)


def test_somebody_whom_the_provider_knows_comes_in_with_what_it_says(bank: Bank) -> None:
    browser = bank.browser()
    told = bank.comes_back(browser)
    (person,) = bank.door.people.listed()

    assert (told.status_code, told.headers["location"]) == (303, "/review/")
    assert browser.get("/queue").status_code == 200
    assert (person.roles, person.branches) == ({Role.REVIEWER}, {"north"})
    assert (person.login, person.issuer) == ("zhao.min", ISSUER)


def test_the_door_shows_single_sign_on_and_no_password_unless_it_is_told_to(
    bank: Bank, sign_in_page: Callable[[Browser], str], enrol: Enrol
) -> None:
    enrol("local", Role.REVIEWER)
    page = sign_in_page(bank.browser())

    assert "单点登录" in page
    assert 'name="password"' not in page
    assert bank.browser().post("/login", {"login": "local", "password": "x"}).status_code == 404


@pytest.fixture
def sign_in_page() -> Callable[[Browser], str]:
    return lambda browser: browser.get("/login").text


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://id.evil.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_lets_nobody_in(bank: Bank, claims: dict[str, Any]) -> None:
    bank.realm.claims = claims
    browser = bank.browser()
    told = bank.comes_back(browser)

    assert told.status_code == 401
    assert COOKIE not in told.cookies
    assert not bank.door.people.listed()


def test_a_token_by_another_key_lets_nobody_in(bank: Bank) -> None:
    """One that the provider does not show, under a name of its own or that of one it does."""
    for kid in ("two", "one"):
        bank.realm.shown = made(kid, 2056)

        assert bank.comes_back(bank.browser()).status_code == 401


def test_a_token_that_nobody_has_signed_lets_nobody_in(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = bank.realm.token

    def unsigned(code: str) -> str:
        return f"eyJhbGciOiJub25lIn0.{signed(code).split('.')[1]}."

    monkeypatch.setattr(bank.realm, "token", unsigned)

    assert bank.comes_back(bank.browser()).status_code == 401


def test_a_key_that_the_provider_has_changed_is_known_at_once(bank: Bank) -> None:
    assert bank.comes_back(bank.browser()).status_code == 303
    bank.realm.key = made("new")

    assert bank.comes_back(bank.browser()).status_code == 303


def test_a_state_is_good_once_for_a_time_and_in_one_browser(bank: Bank, clock: Clock) -> None:
    browser, other = bank.browser(), bank.browser()
    brought = bank.brought(browser.get("/login/away").headers["location"])
    stolen = other.get("/login/back", params=brought)
    spent = browser.get("/login/back", params=brought)
    forged = browser.get("/login/back", params={"state": "x", "code": "y"})
    url = browser.get("/login/away").headers["location"]
    again = bank.brought(url)
    first = browser.get("/login/back", params=again)
    browser.client.cookies.set("zishen_away", again["state"], path="/review")
    second = browser.get("/login/back", params=again)
    late = bank.brought(browser.get("/login/away").headers["location"])
    clock.at += TEN_MINUTES * 1.1

    assert [one.status_code for one in (stolen, spent, forged)] == [401, 401, 401]
    assert (first.status_code, second.status_code) == (303, 401)
    assert browser.get("/login/back", params=late).status_code == 401


def test_whoever_the_provider_turns_away_comes_back_without_a_code(bank: Bank) -> None:
    browser = bank.browser()
    brought = bank.brought(browser.get("/login/away").headers["location"])
    told = browser.get("/login/back", params={"state": brought["state"], "error": "access_denied"})

    assert told.status_code == 401


@pytest.mark.parametrize(
    "claims", [{"groups": None}, {"groups": {"zishen": ["cooks"]}}, {"branch": None}], ids=str
)
def test_whoever_has_no_role_or_no_branch_is_refused(bank: Bank, claims: dict[str, Any]) -> None:
    bank.realm.claims = claims
    told = bank.comes_back(bank.browser())

    assert told.status_code == 403
    assert "没有本系统的角色" in told.text
    assert not bank.door.people.listed()


def test_what_the_provider_says_last_is_what_somebody_may_do(bank: Bank) -> None:
    bank.comes_back(bank.browser())
    bank.realm.claims = {"groups": {"zishen": "loan-check"}, "branch": "*"}
    bank.comes_back(bank.browser())
    (person,) = bank.door.people.listed()

    assert (person.roles, person.branches) == ({Role.CHECKER}, {"*"})


def test_a_name_is_no_identity(bank: Bank, enrol: Enrol) -> None:
    """A local account and another subject have the login that the provider tells."""
    local = enrol("zhao.min", Role.ADMIN)
    bank.comes_back(bank.browser())
    bank.realm.claims = {"sub": "4712"}
    bank.comes_back(bank.browser())
    people = bank.door.people.listed()

    assert len({person.id for person in people}) == len({person.login for person in people}) == 3
    assert bank.door.people.get(local.id) == local


def test_an_account_that_was_disabled_stays_out_and_has_no_password(bank: Bank) -> None:
    bank.comes_back(bank.browser())
    (person,) = bank.door.people.listed()
    bank.door.disable(person)

    assert bank.comes_back(bank.browser()).status_code == 403
    with pytest.raises(Exception, match="no_password"):
        bank.door.set_password(person, "correct horse battery")
    with pytest.raises(Exception, match="wrong_login"):
        bank.door.sign_in(person.login, "")


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/cases/ab?document=0.0", "/review/cases/ab?document=0.0"),
        ("//evil.example", "/review/"),
        ("https://evil.example", "/review/"),
        ("/\\evil.example", "/review/"),
        ("/@evil.example", "/review/"),
        ("javascript:alert(1)", "/review/"),
    ],
)
def test_people_are_led_to_pages_of_ours_alone(bank: Bank, wanted: str, led: str) -> None:
    assert bank.comes_back(bank.browser(), wanted).headers["location"] == led


def test_whoever_was_signed_out_comes_back_to_the_page_they_wanted(bank: Bank) -> None:
    browser = bank.browser()
    asked = browser.get("/queue?waits_for=done").headers["location"]
    page = browser.client.get(asked).text

    assert asked == "/review/login?page=%2Fqueue%3Fwaits_for%3Ddone"
    assert 'href="/review/login/away?page=/queue%3Fwaits_for%3Ddone"' in page


def test_signing_out_ends_the_session_of_the_provider_too(bank: Bank) -> None:
    browser = bank.browser()
    bank.comes_back(browser)
    browser.csrf = browser.get("/queue").text.split('name="csrf" value="')[1].split('"')[0]
    told = browser.post("/logout")
    place, _, said = told.headers["location"].partition("?")

    assert place == f"{ISSUER}/logout"
    assert parse_qs(said) == {
        "client_id": [CLIENT],
        "post_logout_redirect_uri": ["https://review.bank.example/review/login"],
    }
    assert browser.get("/queue").status_code == 303
    assert "form-action 'self' https://id.bank.example;" in told.headers["content-security-policy"]


def test_a_provider_that_is_away_or_another_is_told_and_nobody_comes_in(bank: Bank) -> None:
    bank.realm.down = True
    assert bank.browser().get("/login/away").status_code == 503
    bank.realm.down, bank.realm.issuer = False, "https://id.evil.example"

    assert bank.browser().get("/login/away").status_code == 401


def test_neither_secrets_nor_tokens_nor_names_are_logged(
    bank: Bank, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    bank.comes_back(bank.browser())
    bank.realm.claims = {"nonce": "another"}
    bank.comes_back(bank.browser())
    said = caplog.text + "".join(capsys.readouterr())

    assert "sso.refused" in said
    for secret in (SECRET, "eyJ", "zhao.min", "Zhao.Min"):
        assert secret not in said


def test_without_a_provider_there_is_no_such_page(app: FastAPI) -> None:
    stranger = Browser(TestClient(app))

    assert stranger.get("/login/away").status_code == 404
    assert stranger.get("/login/back").status_code == 404
    assert "单点登录" not in stranger.get("/login").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": ""},
        {"client_secret": None},
        {"redirect_uri": "http://review.bank.example/review/login/back"},
        {"issuer": "http://id.bank.example"},
        {"roles": None},
        {"roles": {"x": "king"}},
        {"scopes": "profile"},
    ],
    ids=str,
)
def test_settings_that_cannot_work_stop_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OidcSettings.model_validate(TERMS.model_dump() | wrong)
