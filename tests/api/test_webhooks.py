"""Portals are told what happens: nothing is lost, everything can be proven, nobody is aimed at."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from pipeline import wiring
from pipeline.cases.courier import Courier
from pipeline.cases.desk import Desk, NewApplication
from pipeline.cases.targets import BadTargetError
from pipeline.ports import Trouble
from pipeline.settings import WebhookSettings
from tests.api.conftest import COMPLETE, Clock, Portal, Serve
from tests.api.receiver import Receiver, receiver

PAGE = Path("docs/api.md").read_text(encoding="utf-8")
LOCAL = WebhookSettings(http=True, networks=(ip_network("127.0.0.0/8"),), seconds=5)


@dataclass
class Post:
    """A portal with a webhook, and the courier who is told when to go."""

    portal: Portal
    courier: Courier
    receiver: Receiver
    webhook: str
    secret: str
    clock: Clock

    def round(self, after: timedelta = timedelta(0)) -> list[dict[str, Any]]:
        """Have sent what is due after a while; return what was said, in the order of arrival."""
        self.clock.at += after
        before = len(self.receiver.got)
        self.courier.step()
        self.courier.finish()
        return [json.loads(body) for _, body in self.receiver.got[before:]]

    def deliveries(self) -> Any:
        path = f"/webhooks/{self.webhook}/deliveries"
        return self.portal.call("GET", path, params={"limit": 200}).json()["items"]


@pytest.fixture
def quiet_desk(desk: Desk) -> Desk:
    """A desk whose server may call this machine, but not by itself."""
    settings = desk.services.settings.model_copy(update={"webhooks": LOCAL})
    return replace(desk, services=replace(desk.services, settings=settings))


@pytest.fixture
def post(
    serve: Serve, quiet_desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Post]:
    monkeypatch.setattr("pipeline.cases.courier._POLL_SECONDS", 3600)
    with receiver() as taken, serve(of=quiet_desk, reviews=False) as portal:
        made = portal.call("POST", "/webhooks", json={"url": taken.url})
        assert made.status_code == 201, made.text
        shown = made.json()
        courier = wiring.courier(quiet_desk.services)
        yield Post(portal, courier, taken, shown["id"], shown["secret"], clock)


def verified(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    """Verify by the recipe of docs/api.md."""
    found = re.search(r"```python\n(import base64.*?)```", PAGE, re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)  # noqa: S102  our own page
    return bool(names["is_ours"](secret, headers, body, now))


def test_every_event_is_told_once_and_in_its_order(post: Post) -> None:
    application = post.portal.open(reference="LN-1")
    post.portal.hand_in(application, *COMPLETE)
    post.portal.submit(application)
    post.portal.call("POST", f"/applications/{application}/withdraw")

    told = post.round()

    assert [notice["type"] for notice in told] == [
        "application.opened",
        "application.papers_added",
        "application.submitted",
        "application.withdrawn",
    ]
    assert [notice["id"] for notice in told] == [f"{application}.{n}" for n in (1, 2, 3, 4)]
    assert told[2]["application"] == {"id": application, "reference": "LN-1", "state": "submitted"}
    assert post.round() == []
    assert {item["state"] for item in post.deliveries()} == {"arrived"}


def test_a_message_proves_who_sent_it_and_when(post: Post) -> None:
    post.portal.open()
    post.round()
    ((headers, body),) = post.receiver.got
    now = post.clock.at.timestamp()

    assert verified(post.secret, headers, body, now)
    assert not verified(post.secret, headers, body + b" ", now)
    assert not verified(post.secret, headers, body, now + 301)
    assert not verified(post.secret, headers, body, now - 301)
    assert not verified("whsec_" + "A" * 43 + "=", headers, body, now)
    assert not verified(post.secret, headers | {"webhook-id": "x"}, body, now)


def test_while_a_secret_is_exchanged_both_are_good(post: Post) -> None:
    rotated = post.portal.call("POST", f"/webhooks/{post.webhook}/secret").json()["secret"]
    again = post.portal.call("POST", f"/webhooks/{post.webhook}/secret").json()["secret"]
    post.portal.open()
    post.round()
    now, (headers, body) = post.clock.at.timestamp(), post.receiver.got[-1]
    good = [verified(secret, headers, body, now) for secret in (post.secret, rotated, again)]
    assert good == [False, True, True]

    post.portal.open()
    post.round(timedelta(hours=25))
    now, (headers, body) = post.clock.at.timestamp(), post.receiver.got[-1]
    good = [verified(secret, headers, body, now) for secret in (rotated, again)]
    assert good == [False, True]


def test_what_does_not_arrive_is_sent_again_and_later_each_time(post: Post) -> None:
    post.receiver.answers = [500, 302, 204]
    post.receiver.location = post.receiver.url
    post.portal.open()

    assert len(post.round()) == 1
    assert post.round(timedelta(seconds=9)) == []
    assert len(post.round(timedelta(seconds=2))) == 1
    assert post.round(timedelta(seconds=29)) == []
    assert len(post.round(timedelta(seconds=2))) == 1

    (delivery,) = post.deliveries()
    assert delivery["state"] == "arrived"
    attempts = [(one["status"], one["trouble"]) for one in delivery["attempts"]]
    assert attempts == [(500, "status"), (302, "status"), (204, None)]
    assert len({headers["webhook-id"] for headers, _ in post.receiver.got}) == 1


def test_an_address_that_fails_is_not_troubled_with_the_rest_and_given_up(
    post: Post, quiet_desk: Desk
) -> None:
    post.receiver.answers = [500] * 100
    for _ in range(3):
        post.portal.open()

    assert len(post.round()) == 1
    for _ in range(3 * LOCAL.attempts):
        post.round(timedelta(hours=7))

    assert {item["state"] for item in post.deliveries()} == {"given_up"}
    assert len(post.receiver.got) == 3 * LOCAL.attempts
    number = post.deliveries()[0]["number"]
    path = f"/webhooks/{post.webhook}/deliveries/{number}/redeliver"
    post.receiver.answers = []
    assert post.portal.call("POST", path).json()["state"] == "waiting"
    assert len(post.round()) == 1
    assert post.deliveries()[0]["state"] == "arrived"


def test_a_server_that_died_while_sending_sends_again(post: Post) -> None:
    post.portal.open()
    outbox = post.courier.subscriptions.outbox
    ((_, delivery),) = outbox.due(post.clock.now(), 10)
    assert outbox.claim(delivery, post.clock.now() + timedelta(seconds=30))
    assert not outbox.claim(delivery, post.clock.now() + timedelta(seconds=30))

    assert post.round() == []
    assert len(post.round(timedelta(seconds=31))) == 1


def test_an_event_and_its_messages_are_kept_together_or_not_at_all(
    post: Post, quiet_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = post.portal.open()
    before = len(post.deliveries())

    def dies(*_: object) -> None:
        raise RuntimeError("between the two")

    monkeypatch.setattr("pipeline.database.outbox._row", dies)
    assert post.portal.hand_in(application, "licence").status_code == 500

    assert len(quiet_desk.applications.events(application)) == before == 1
    assert len(post.deliveries()) == before


def test_a_webhook_hears_what_it_asked_for_and_nothing_of_others(
    post: Post, quiet_desk: Desk
) -> None:
    url = {"url": post.receiver.url, "events": ["withdrawn"]}
    post.portal.call("POST", "/webhooks", json=url)
    quiet_desk.open("other", NewApplication(), None)
    application = post.portal.open()
    post.portal.call("POST", f"/applications/{application}/withdraw")

    told = [notice["type"] for notice in post.round()]

    assert sorted(told) == ["application.opened", *["application.withdrawn"] * 2]


def test_a_ping_tries_an_address_out_and_a_removed_one_hears_nothing(post: Post) -> None:
    assert post.portal.call("POST", f"/webhooks/{post.webhook}/ping").status_code == 202
    assert [notice["type"] for notice in post.round()] == ["ping"]

    post.portal.open()
    assert post.portal.call("DELETE", f"/webhooks/{post.webhook}").status_code == 204
    post.portal.open()

    assert post.round() == []
    assert post.portal.call("GET", f"/webhooks/{post.webhook}").status_code == 404
    assert post.portal.call("GET", "/webhooks").json()["items"] == []


def test_the_same_request_registers_one_webhook(post: Post) -> None:
    headers = {"Idempotency-Key": "w1"}
    body = {"url": post.receiver.url, "events": ["decided"]}

    made = [post.portal.call("POST", "/webhooks", json=body, headers=headers) for _ in range(2)]
    other = post.portal.call("POST", "/webhooks", json={"url": post.receiver.url}, headers=headers)

    assert made[0].json() == made[1].json()
    assert other.json()["code"] == "api.idempotency_conflict"
    for _ in range(8):
        assert post.portal.call("POST", "/webhooks", json=body).status_code == 201
    assert post.portal.call("POST", "/webhooks", json=body).json()["code"] == (
        "api.too_many_webhooks"
    )


def test_the_courier_goes_by_itself(serve: Serve, quiet_desk: Desk) -> None:
    with receiver() as taken, serve(of=quiet_desk, reviews=False) as portal:
        webhook = portal.call("POST", "/webhooks", json={"url": taken.url}).json()["id"]
        quiet_desk.services.clock.at -= timedelta(seconds=1)  # type: ignore[attr-defined]
        portal.call("POST", f"/webhooks/{webhook}/ping")

        assert taken.came.wait(10)


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example/",
        "https://10.1.2.3/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://user:secret@portal.example/",
        "https://portal.example/#x",
        "https://portal.example:0/",
        "https:///x",
        "https://por tal.example/",
        "file:///etc/passwd",
        "gopher://portal.example/",
        "https://portal.example\\@10.0.0.1/",
    ],
)
def test_an_address_that_must_not_be_called_is_not_registered(portal: Portal, url: str) -> None:
    answer = portal.call("POST", "/webhooks", json={"url": url})

    assert (answer.status_code, answer.json()["code"]) == (422, "api.webhook_target")


def test_a_name_that_leads_inside_is_not_called_even_if_it_led_elsewhere_before(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look-up for each sending, and the address that was checked is the one called."""
    asked = []

    async def looked_up(target: Any, settings: WebhookSettings) -> str:
        asked.append(target.host)
        if len(asked) > 1:
            raise BadTargetError("inside")
        return "127.0.0.1"

    monkeypatch.setattr("pipeline.cases.carrier.looked_up", looked_up)
    answer = post.courier.carry(f"http://portal.example:{post.receiver.port}/x", {}, "{}")
    assert (answer.status, answer.trouble, asked) == (204, None, ["portal.example"])
    assert post.receiver.got[-1][0]["host"] == f"portal.example:{post.receiver.port}"

    answer = post.courier.carry(f"http://portal.example:{post.receiver.port}/x", {}, "{}")
    assert (answer.status, answer.trouble) == (None, Trouble.ADDRESS)
