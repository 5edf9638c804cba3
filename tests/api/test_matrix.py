"""Every route of the API by everybody who may come: no key, another's, too little of one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from pipeline import access
from pipeline.api.app import routed
from pipeline.cases.desk import Desk
from pipeline.ports import Scope
from tests.api.conftest import Portal, Serve
from tests.builders import sha256

OPEN = frozenset({"get_health", "get_ready", "get_metrics"})
"""Need no key of a portal."""
BY_TOKEN = frozenset({"send_upload"})
"""The address itself is the key."""
STREAMS = frozenset({"follow_application", "follow_all"})


class Route(NamedTuple):
    name: str
    method: str
    path: str
    tag: str

    @property
    def scope(self) -> Scope:
        if self.tag == "webhooks":
            return Scope.WEBHOOKS
        return Scope.READ if self.method == "GET" else Scope.WRITE


def routes() -> list[Route]:
    return [
        Route(operation["operationId"], method.upper(), path.removeprefix("/v1"), tag)
        for path, methods in routed().openapi()["paths"].items()
        for method, operation in methods.items()
        for tag in operation["tags"]
    ]


CLOSED = [route for route in routes() if route.name not in OPEN | BY_TOKEN]
OWNED = [route for route in CLOSED if "_id}" in route.path]


class House(NamedTuple):
    """A server with something of everything in it, and keys of all kinds."""

    portal: Portal
    desk: Desk
    ids: dict[str, str]

    def by(self, owner: str = "bank-app", **more: Any) -> Portal:
        text, kept = access.issue(owner, self.desk.services.clock.now(), **more)
        self.desk.keys.add(kept)
        return Portal(self.portal.client, text)

    def answer(self, portal: Portal, route: Route, **ids: str) -> Any:
        path = route.path.format(**self.ids | ids)
        return portal.call(route.method, path, params={"name": "x.pdf"})


@pytest.fixture
def filled(serve: Serve, desk: Desk) -> Iterator[House]:
    with serve(requests_per_minute=100_000, failures_per_minute=100_000) as portal:
        house = House(portal, desk, {})
        of_a_branch = house.by(branch="beijing")
        application = of_a_branch.open()
        of_a_branch.hand_in(application, "licence")
        batch = of_a_branch.call("POST", "/batches", json={"applications": [{}]}).json()["id"]
        url = {"url": "https://portal.example/zishen"}
        webhook = of_a_branch.call("POST", "/webhooks", json=url).json()["id"]
        of_a_branch.call("POST", f"/webhooks/{webhook}/ping")
        ids = {
            "application_id": application,
            "batch_id": batch,
            "webhook_id": webhook,
            "number": "1",
            "sha256": sha256("%PDF-licence "),
            "page": "1",
            "token": "x.y",
        }
        yield house._replace(ids=ids)


def test_every_route_is_named_once() -> None:
    names = [route.name for route in routes()]

    assert len(set(names)) == len(names) > 30


def test_without_a_good_key_nothing_is_told(filled: House) -> None:
    revoked = filled.by()
    filled.desk.keys.revoke(revoked.key.split("_")[1], filled.desk.services.clock.now())
    for shown in ("", "Bearer ", "Bearer zishen_x_y", "Basic eDp5", f"Bearer {revoked.key}"):
        stranger = Portal(filled.portal.client, "", {"Authorization": shown})
        for route in CLOSED:
            answer = filled.answer(stranger, route)
            told = (answer.status_code, answer.json()["code"])
            assert told == (401, "api.unauthorised"), (shown, route)
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_upload_address_that_is_none_of_ours_is_of_no_use(filled: House) -> None:
    stranger = Portal(filled.portal.client, "", {"Authorization": ""})

    answer = stranger.call("PUT", "/uploads/x.y", content=b"%PDF-licence ")

    assert (answer.status_code, answer.json()["code"]) == (410, "api.upload_expired")


def test_what_is_of_others_is_as_if_it_were_not_there(filled: House) -> None:
    nothing = dict.fromkeys(("application_id", "batch_id", "webhook_id"), "0" * 32)
    strangers = [filled.by("other"), filled.by("other", branch="beijing"), filled.by(branch="xian")]
    for stranger in strangers:
        for route in OWNED:
            answers = [filled.answer(stranger, route, **ids) for ids in ({}, nothing)]
            assert [answer.status_code for answer in answers] == [404, 404], route
            assert answers[0].json() == answers[1].json(), route


def test_a_key_is_good_for_what_it_says_and_nothing_else(filled: House) -> None:
    for scope in Scope:
        lacking = filled.by(scopes=set(Scope) - {scope})
        for route in CLOSED:
            if route.scope is scope:
                answer = filled.answer(lacking, route)
                told = (answer.status_code, answer.json()["code"])
                assert told == (403, "api.forbidden"), (scope, route)


def test_whoever_may_gets_in(filled: House) -> None:
    """Last comes what ends something; nothing is refused for who asks."""
    ending = ("remove_webhook", "withdraw_application", "take_back_file", "cancel_batch")
    for route in sorted(CLOSED, key=lambda route: route.name in ending):
        if route.name not in STREAMS:
            for portal in (
                filled.by(scopes=[route.scope, Scope.PERSONAL]),
                filled.by(branch="beijing"),
            ):
                answer = filled.answer(portal, route)
                assert answer.status_code not in {401, 403}, (route, answer.text)
                assert "api.not_found" not in answer.text or route.name in ending, route


def test_a_key_that_is_not_for_people_sees_nobody(filled: House) -> None:
    """Neither who represents the company, nor the picture of the paper that says so."""
    of_a_branch = filled.by(branch="beijing")
    of_a_branch.submit(filled.ids["application_id"])
    of_a_branch.decided(filled.ids["application_id"])
    path = "/applications/{application_id}"
    file = f"{path}/files/{{sha256}}"
    texts = (f"{path}/record", f"{path}/report", f"{file}/extract")
    sees, blind = filled.by(scopes=Scope), filled.by(scopes=[Scope.READ])

    for text in texts:
        route = Route("", "GET", text, "")
        shown, masked = filled.answer(sees, route).text, filled.answer(blind, route).text
        assert ("某某" in shown, "某某" in masked, "某***" in masked) == (True, False, True), text
        assert ("licence.pdf" in shown, "licence.pdf" in masked) == (True, False), text
    picture = filled.answer(blind, Route("", "GET", f"{file}/pages/1/image", ""))
    assert (picture.status_code, picture.json()["code"]) == (403, "api.forbidden")


def test_a_key_of_a_branch_lists_what_is_of_its_branch(filled: House) -> None:
    filled.by().open()
    filled.by(branch="xian").open()

    seen = {
        branch: len(filled.by(branch=branch).call("GET", "/applications").json()["items"])
        for branch in ("", "beijing", "xian", "harbin")
    }

    assert seen == {"": 4, "beijing": 2, "xian": 1, "harbin": 0}
    for path in ("/batches", "/webhooks"):
        counts = [len(filled.by(branch=b).call("GET", path).json()["items"]) for b in ("", "xian")]
        assert counts == [1, 0]
