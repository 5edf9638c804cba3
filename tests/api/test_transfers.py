"""Large files, and those that go past the API: whole or not at all, and never all in memory."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi import Request

from pipeline.api.uploads import streamed
from pipeline.cases.desk import Desk
from pipeline.cases.refused import Refused
from pipeline.settings import Settings
from pipeline.storage.folder import Folder
from tests.api.conftest import Clock, Portal, Serve, content

PIECE = 1 << 20


def offer(portal: Portal, application: str, data: bytes, **other: Any) -> Any:
    new = {
        "name": "licence.pdf",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        **other,
    }
    return portal.call("POST", f"/applications/{application}/uploads", json=new).json()


def complete(portal: Portal, application: str, token: str) -> Any:
    path = f"/applications/{application}/uploads/complete"
    return portal.call("POST", path, json={"token": token})


def send(portal: Portal, offered: Any, data: bytes) -> Any:
    return portal.client.put(offered["url"], content=data)


def test_a_file_is_the_body_of_a_request(portal: Portal) -> None:
    application = portal.open()
    path = f"/applications/{application}/files"

    answer = portal.call("PUT", path, params={"name": "../x.pdf"}, content=content("licence"))
    empty = portal.call("PUT", path, params={"name": "x.pdf"}, content=b"")

    assert answer.status_code == 201
    (file,) = answer.json()["files"]
    assert (file["name"], file["state"]) == ("x.pdf", "accepted")
    assert empty.json()["code"] == "api.no_files"


def test_a_file_that_was_sent_as_announced_is_taken_in_once(portal: Portal, desk: Desk) -> None:
    application, data = portal.open(), content("licence")
    offered = offer(portal, application, data)

    early = complete(portal, application, offered["token"])
    assert send(portal, offered, data).status_code == 204
    assert send(portal, offered, data).status_code == 410
    done = complete(portal, application, offered["token"])
    again = complete(portal, application, offered["token"])

    assert early.json()["code"] == again.json()["code"] == "api.upload_missing"
    assert done.status_code == 201
    assert [file["name"] for file in portal.status(application)["files"]] == ["licence.pdf"]
    assert not list((desk.services.settings.data_dir / "objects" / "uploads").iterdir())


@pytest.mark.parametrize("sent", [b"%PDF-other   ", b"%PDF", b"%PDF-licence and more"])
def test_a_file_other_than_announced_is_not_taken_in(portal: Portal, sent: bytes) -> None:
    application = portal.open()
    offered = offer(portal, application, content("licence"))

    statuses = [send(portal, offered, sent), complete(portal, application, offered["token"])]

    assert "api.upload_mismatch" in [a.json()["code"] for a in statuses if a.status_code > 204]
    assert portal.status(application)["files"] == []


def test_an_offer_is_good_for_its_application_and_an_hour(portal: Portal, clock: Clock) -> None:
    application, other, data = portal.open(), portal.open(), content("licence")
    offered = offer(portal, application, data)
    send(portal, offered, data)

    assert complete(portal, other, offered["token"]).json()["code"] == "api.upload_expired"
    forged = offered["token"][:-4] + "AAAA"
    assert complete(portal, application, forged).json()["code"] == "api.upload_expired"
    clock.at += timedelta(minutes=61)
    assert complete(portal, application, offered["token"]).status_code == 410


def test_a_bucket_is_written_to_directly_and_leftovers_are_swept(
    serve: Serve, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Folder, "upload_url", lambda _, key, __: f"https://bucket.example/{key}")
    with serve() as portal:
        application = portal.open()
        offered = offer(portal, application, content("licence"))
    assert offered["url"].startswith("https://bucket.example/uploads/")

    folder = desk.services.settings.data_dir / "objects" / "uploads"
    key = offered["url"].rpartition("/")[2]
    folder.mkdir(parents=True)
    (folder / key).write_bytes(content("licence"))
    with serve() as portal:
        assert (folder / key).exists()
    clock.at += timedelta(hours=3)
    with serve() as portal:
        assert not (folder / key).exists()


def asked(pieces: Iterator[dict[str, Any]]) -> tuple[Request, list[int]]:
    """Return a request whose body comes piece by piece, and how many were asked for."""
    count = [0]

    async def receive() -> dict[str, Any]:
        count[0] += 1
        return next(pieces)

    return Request({"type": "http", "headers": [], "method": "PUT"}, receive), count


def body(pieces: int) -> Iterator[dict[str, Any]]:
    for number in range(pieces):
        more = number + 1 < pieces
        yield {"type": "http.request", "body": bytes([number % 251]) * PIECE, "more_body": more}


def test_a_sender_is_never_faster_than_the_disk(tmp_path: Path) -> None:
    """Each piece is on the disk before the next is asked for: memory holds one of 50."""
    settings = Settings(data_dir=tmp_path)
    seen: list[tuple[int, int]] = []

    async def run() -> int:
        def pieces() -> Iterator[dict[str, Any]]:
            for number, piece in enumerate(body(50)):
                on_disk = sum(p.stat().st_size for p in tmp_path.rglob("*.pdf"))
                seen.append((number, on_disk))
                yield piece

        request, _ = asked(pieces())
        async for path in streamed(request, settings, "big.pdf"):
            return path.stat().st_size
        return 0

    assert anyio.run(run) == 50 * PIECE
    assert [on_disk for number, on_disk in seen[1:]] == [n * PIECE for n in range(1, 50)]


def test_a_sender_who_hangs_up_leaves_nothing_behind(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)

    def pieces() -> Iterator[dict[str, Any]]:
        yield {"type": "http.request", "body": b"x" * PIECE, "more_body": True}
        yield {"type": "http.disconnect"}

    async def run() -> None:
        request, _ = asked(pieces())
        async for _path in streamed(request, settings, "big.pdf"):
            pytest.fail("half a file was handed on")

    with pytest.raises(Refused, match=r"api\.cut_off"):
        anyio.run(run)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
