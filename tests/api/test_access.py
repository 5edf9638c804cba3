"""Who may see what, and what is written down about it."""

from datetime import timedelta

import pytest
from fastapi.routing import APIRoute

from pipeline import access
from pipeline.api.app import routed
from pipeline.cases.desk import Desk
from tests.api.conftest import Clock, Portal, key
from tests.builders import sha256

OPEN = {"get_health", "get_ready"}


def routes() -> list[tuple[str, str, str]]:
    paths = routed().openapi()["paths"]
    return [
        (operation["operationId"], method.upper(), path.removeprefix("/v1"))
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]


def filled(path: str, application: str) -> str:
    named = {"application_id": application, "sha256": sha256("%PDF-licence "), "page": "1"}
    return path.format(**named)


@pytest.mark.parametrize(("name", "method", "path"), routes())
@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer zishen_x_y", "Basic eDp5"])
def test_without_a_good_key_nothing_is_told(
    portal: Portal, name: str, method: str, path: str, shown: str
) -> None:
    portal.headers = {"Authorization": shown}

    answer = portal.call(method, filled(path, portal_id()), json={})

    assert answer.status_code == (200 if name in OPEN else 401)
    if name not in OPEN:
        assert answer.json()["code"] == "api.unauthorised"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def portal_id() -> str:
    return "0" * 32


@pytest.mark.parametrize(
    ("name", "method", "path"), [route for route in routes() if "{" in route[2]]
)
def test_the_application_of_another_is_as_if_it_were_not_there(
    portal: Portal, desk: Desk, name: str, method: str, path: str
) -> None:
    application = portal.open()
    portal.hand_in(application, "licence")
    other = Portal(portal.client, key(desk, "other"))

    answers = [other.call(method, filled(path, one)) for one in (application, portal_id())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert portal.status(application)["state"] == "draft"
    seen = [entry for entry in desk.audit.listed(application) if entry.owner == "other"]
    assert [(entry.action, entry.allowed) for entry in seen] == [(name, False)]


def test_lists_show_only_ones_own(portal: Portal, desk: Desk) -> None:
    application = portal.open(reference="LN-1")
    portal.hand_in(application, "licence")
    portal.submit(application)
    portal.decided(application)
    other = Portal(portal.client, key(desk, "other"))

    assert other.call("GET", "/applications").json()["items"] == []
    assert other.call("GET", "/records").json()["items"] == []
    assert portal.call("GET", "/records").json()["items"]


def test_two_portals_may_use_the_same_idempotency_key(portal: Portal, desk: Desk) -> None:
    other = Portal(portal.client, key(desk, "other"))
    headers = {"Idempotency-Key": "1"}

    made = [
        one.call("POST", "/applications", json={}, headers=headers).json()["id"]
        for one in (portal, other)
    ]

    assert len(set(made)) == 2


def test_a_revoked_key_is_of_no_use_and_the_others_stay_good(portal: Portal, desk: Desk) -> None:
    application = portal.open()
    newer = Portal(portal.client, key(desk, "bank-app"))
    (old, _) = desk.keys.listed()

    desk.keys.revoke(old.id, desk.services.clock.now())

    assert portal.call("GET", f"/applications/{application}").status_code == 401
    assert newer.call("GET", f"/applications/{application}").status_code == 200


def test_a_key_is_not_kept_and_its_revocation_stays(desk: Desk, clock: Clock) -> None:
    text = key(desk, "bank-app")
    (kept,) = desk.keys.listed()
    assert text.rpartition("_")[2] not in kept.model_dump_json()
    assert access.recognise(text, desk.keys) == kept
    assert access.recognise(text + "x", desk.keys) is None
    assert access.recognise(text.replace("zishen", "z"), desk.keys) is None

    desk.keys.revoke(kept.id, clock.now())
    desk.keys.revoke(kept.id, clock.now() + timedelta(days=1))

    assert desk.keys.listed()[0].revoked_at == clock.now()


def test_the_trail_says_who_did_what_and_holds_no_names(portal: Portal, desk: Desk) -> None:
    application = portal.open(reference="LN-1")
    portal.call(
        "POST",
        f"/applications/{application}/files",
        files=[("files", ("张三丰的身份证.pdf", b"%PDF-licence "))],
    )
    portal.submit(application)
    portal.decided(application)

    trail = desk.audit.listed(application)

    assert [entry.action for entry in trail[:3]] == [
        "open_application",
        "add_files",
        "submit_application",
    ]
    assert {(entry.owner, entry.allowed) for entry in trail} == {("bank-app", True)}
    assert "张三丰" not in "".join(entry.model_dump_json() for entry in trail)


def test_every_route_is_named_once() -> None:
    names = [name for name, _, _ in routes()]

    assert len(set(names)) == len(names)
    assert {route.name for route in routed().routes if isinstance(route, APIRoute)} <= set(names)
