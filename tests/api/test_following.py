"""Following applications: streams that go on where they ended, batches, cancelling, limits."""

import asyncio
import json
from typing import Any

import pytest

from pipeline.api import streams
from pipeline.api.throttle import Throttle, Throttled
from pipeline.cases.desk import Desk
from pipeline.cases.reviewer import Reviewer, review_with
from pipeline.ports import Notice
from pipeline.settings import ApiSettings
from tests.api.conftest import COMPLETE, Portal, Serve, key
from tests.api.test_reviewer import during


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let streams end soon: the test client hands over what was sent when all of it was."""
    monkeypatch.setattr(streams, "_LONGEST_SECONDS", 0.3)
    monkeypatch.setattr(streams, "_POLL_SECONDS", 0.05)


def sent(answer: Any) -> list[dict[str, Any]]:
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = []
    for block in answer.text.split("\n\n"):
        parts = dict(line.split(": ", 1) for line in block.splitlines() if line[0] != ":")
        if "data" in parts:
            assert json.loads(parts["data"])["type"] == parts["event"]
            events.append({"number": int(parts["id"]), **json.loads(parts["data"])})
    return events


@pytest.mark.usefixtures("brief")
def test_a_stream_goes_on_where_it_ended(serve: Serve) -> None:
    with serve(reviews=False) as portal:
        application = portal.open()
        portal.hand_in(application, "licence")
        portal.submit(application)
        path = f"/applications/{application}/events"

        everything = sent(portal.call("GET", path))
        rest = sent(portal.call("GET", path, headers={"Last-Event-ID": "2"}))
        after = sent(portal.call("GET", path, params={"after": 2}))

    assert [event["number"] for event in everything] == [1, 2, 3]
    assert [event["application"]["state"] for event in everything] == [
        "draft",
        "draft",
        "submitted",
    ]
    assert rest == after == everything[2:]


@pytest.mark.usefixtures("brief")
def test_one_stream_tells_of_all_applications_of_a_portal_and_of_no_other(
    serve: Serve, desk: Desk
) -> None:
    with serve(reviews=False) as portal:
        first, second = portal.open(), portal.open()
        Portal(portal.client, key(desk, "other")).open()
        portal.call("POST", f"/applications/{first}/withdraw")

        told = sent(portal.call("GET", "/events"))
        rest = sent(
            portal.call("GET", "/events", headers={"Last-Event-ID": str(told[1]["number"])})
        )

    assert [(event["application"]["id"], event["type"]) for event in told] == [
        (first, "application.opened"),
        (second, "application.opened"),
        (first, "application.withdrawn"),
    ]
    assert rest == told[2:]


def test_what_happens_is_sent_when_it_happens() -> None:
    happened: list[tuple[int, Notice]] = []

    async def run() -> list[str | None]:
        stream = streams.told(lambda after: [one for one in happened if one[0] > after], 0)
        await anext(stream)
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        notice = Notice(id="a.1", type="application.opened", at="2026-10-15T12:00:00+08:00")
        happened.append((7, notice))
        event = await asyncio.wait_for(waiting, 10)
        await stream.aclose()
        return [event.id, event.event]

    assert asyncio.run(run()) == ["7", "application.opened"]


@pytest.mark.usefixtures("brief")
def test_no_more_streams_are_open_than_may_be(serve: Serve) -> None:
    with serve(streams=0) as portal:
        answer = portal.call("GET", "/events")

    assert (answer.status_code, answer.json()["code"]) == (429, "api.too_many_requests")
    assert int(answer.headers["Retry-After"]) > 0
    throttle = Throttle(ApiSettings(streams=1))
    for _ in range(2):
        with throttle.stream("a"), throttle.stream("b"), pytest.raises(Throttled):
            throttle.stream("a").__enter__()


def test_a_batch_is_opened_once_followed_and_done(serve: Serve) -> None:
    body = {"reference": "B-1", "applications": [{"reference": "LN-1"}, {"reference": "LN-2"}]}
    with serve() as portal:
        headers = {"Idempotency-Key": "b1"}
        opened, again = (
            portal.call("POST", "/batches", json=body, headers=headers).json() for _ in range(2)
        )
        other = portal.call("POST", "/batches", json={"applications": [{}]}, headers=headers)
        path = f"/batches/{opened['id']}"
        first, second = (item["id"] for item in opened["items"])
        portal.hand_in(first, *COMPLETE)
        portal.call("POST", f"{path}/submit")
        portal.decided(first)
        done = portal.call("GET", path).json()
        cancelled = portal.call("POST", f"{path}/cancel").json()

    assert opened == again
    assert other.json()["code"] == "api.idempotency_conflict"
    assert [item["reference"] for item in opened["items"]] == ["LN-1", "LN-2"]
    assert done["states"] == {"decided": 1, "draft": 1}
    assert (done["done"], done["size"]) == (1, 2)
    assert [item["outcome"] for item in done["items"]] == ["pass", None]
    assert cancelled["states"] == {"withdrawn": 2}
    assert second in {item["id"] for item in cancelled["items"]}


def test_a_batch_that_was_half_opened_is_finished_by_the_same_request(
    serve: Serve, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"applications": [{"reference": "LN-1"}, {"reference": "LN-2"}]}
    opens, left = Desk.open, [1]

    def dies(self: Desk, *given: Any, **more: Any) -> Any:
        if not left:
            raise RuntimeError("the server died")
        left.pop()
        return opens(self, *given, **more)

    with serve() as portal:
        headers = {"Idempotency-Key": "b1"}
        monkeypatch.setattr(Desk, "open", dies)
        assert portal.call("POST", "/batches", json=body, headers=headers).status_code == 500
        monkeypatch.setattr(Desk, "open", opens)
        opened = portal.call("POST", "/batches", json=body, headers=headers).json()
        listed = portal.call("GET", "/applications").json()["items"]

    assert [item["reference"] for item in opened["items"]] == ["LN-1", "LN-2"]
    assert len(listed) == 2


def test_a_cancelled_review_ends_unheard_and_may_be_asked_for_again(
    serve: Serve, desk: Desk
) -> None:
    with serve(reviews=False) as portal:
        application = portal.open()
        portal.hand_in(application, *COMPLETE)
        path = f"/applications/{application}"
        assert portal.call("POST", f"{path}/cancel").json()["state"] == "draft"
        portal.submit(application)
        during(lambda: portal.call("POST", f"{path}/cancel"), desk).step()
        cancelled = portal.status(application)
        portal.submit(application)
        Reviewer(desk, review_with(desk.services)).step()
        decided = portal.status(application)
        late = portal.call("POST", f"{path}/cancel")

    assert (cancelled["state"], cancelled["outcome"]) == ("draft", None)
    assert [e["step"] for e in cancelled["timeline"]][-2:] == ["reviewing", "cancelled"]
    assert (decided["state"], decided["outcome"]) == ("decided", "pass")
    assert (late.status_code, late.json()["code"]) == (409, "api.not_now")


def test_too_many_requests_are_told_when_to_come_again(serve: Serve, desk: Desk) -> None:
    with serve(requests_per_minute=3, failures_per_minute=2) as portal:
        statuses = [portal.call("GET", "/products").status_code for _ in range(4)]
        answer = portal.call("GET", "/products")
        other = Portal(portal.client, key(desk, "other"))
        assert other.call("GET", "/products").status_code == 200
        stranger = Portal(portal.client, "zishen_x_y")
        strange = [stranger.call("GET", "/products").status_code for _ in range(3)]

    assert statuses == [200, 200, 200, 429]
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert strange == [401, 401, 429]


def test_more_than_the_quota_is_not_uploaded(serve: Serve) -> None:
    with serve(upload_mib_per_hour=1) as portal:
        application = portal.open()
        assert portal.hand_in(application, "licence").status_code == 201

        assert portal.hand_in(application, "balance").status_code == 429


def test_every_answer_has_an_id_and_keeps_browsers_out(portal: Portal) -> None:
    answers = [
        portal.call("GET", "/products", headers={"X-Request-ID": "portal-0815"}),
        portal.call("GET", "/nothing", headers={"X-Request-ID": "bad id\u00e9".encode()}),
        portal.call("GET", "/health"),
    ]

    ids = [answer.headers["X-Request-ID"] for answer in answers]
    assert ids[0] == "portal-0815"
    assert all(len(one) == 32 for one in ids[1:])
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in answer.headers
    tls = portal.client.get("https://testserver/v1/health")
    assert tls.headers["Strict-Transport-Security"].startswith("max-age=")
