"""Who may see what, and what is written down about it."""

from datetime import timedelta

from pipeline import access
from pipeline.cases.desk import Desk
from tests.api.conftest import Clock, Portal, key


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
