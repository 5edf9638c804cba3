"""Uploads are hostile until shown otherwise: names, sizes, types, and what is drawn of them."""

import io
import logging
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from starlette.exceptions import HTTPException

from extractors.intake import Limits
from pipeline.api.limits import Limits as BodyLimits
from pipeline.cases.desk import Desk
from pipeline.cases.names import base_name
from pipeline.observe import logs
from pipeline.sandbox.crops import Cutter, Drawn, draw
from pipeline.settings import LogSettings
from schemas.documents import MediaType
from schemas.errors import DocumentError, TooLargeError
from schemas.geometry import Box
from tests.api.conftest import Clock, Portal, Serve, content

PAPER = Path("sample_docs/01-qinghe-machinery/statements-2026-09.pdf")


def upload(portal: Portal, application: str, *files: tuple[str, bytes]) -> Any:
    return portal.call(
        "POST",
        f"/applications/{application}/files",
        files=[("files", file) for file in files],
    )


def test_refused_files_have_their_code_and_remedy_at_once(portal: Portal) -> None:
    application = portal.open()

    answer = upload(
        portal,
        application,
        ("empty.pdf", b""),
        ("program.jpg", b"MZ\x90\x00\x03"),
        ("licence.exe", content("licence")),
    )

    files = {file["name"]: file for file in answer.json()["files"]}
    assert answer.status_code == 201
    assert files["empty.pdf"]["code"] == "document.empty"
    assert files["program.jpg"]["code"] == "document.unsupported_type"
    assert files["program.jpg"]["remedy"] == "请上传PDF、图片或Excel文件。"
    assert files["licence.exe"]["media_type"] == "application/pdf"
    assert portal.status(application)["files"] == answer.json()["files"]


def test_a_file_beyond_the_limit_is_refused_and_the_others_go_on(
    serve: Serve, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = desk.services.settings.limits.model_copy(update={"max_file_bytes": 1000})
    settings = desk.services.settings.model_copy(update={"limits": limits})
    object.__setattr__(desk.services, "settings", settings)
    with serve() as portal:
        answer = upload(
            portal, portal.open(), ("big.pdf", b"%PDF-" * 300), ("a.pdf", content("cash"))
        )

    assert {f["name"]: f["code"] for f in answer.json()["files"]} == {
        "big.pdf": "document.too_large",
        "a.pdf": None,
    }


HOSTILE = [
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\a.pdf",
    "/etc/cron.d/a.pdf",
    "a\x00b.pdf",
    "licence\u202egpj.exe",
    "..",
    ".",
    "",
    " ",
    "长" * 300 + ".pdf",
    "x" * 5000,
    "a.pdf/" * 50,
    "CON",
    "~$a.pdf",
    ".hidden.pdf",
    "\ud800.pdf",
    "\r\nContent-Type: text/html\r\n.pdf",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_becomes_a_plain_one(name: str) -> None:
    plain = base_name(name)

    assert plain
    assert plain not in {".", ".."}
    assert not set(plain) & set("/\\\x00\n\r\u202e")
    assert len(plain.encode()) <= 180


def test_files_with_hostile_names_are_taken_in_and_stay_inside(
    portal: Portal, tmp_path: Path
) -> None:
    application = portal.open()
    named = [n for n in HOSTILE if n.strip() and len(n) < 1000 and "\ud800" not in n]

    answer = upload(
        portal,
        application,
        *((name, f"%PDF-licence {number}".encode()) for number, name in enumerate(named)),
    )

    assert answer.status_code == 201, answer.text
    assert len(answer.json()["files"]) == len(named)
    assert not list(tmp_path.rglob("passwd"))
    assert not list((tmp_path / "data" / "incoming").iterdir())


def test_a_zip_with_names_that_leave_it_is_refused(portal: Portal) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("../../up.pdf", content("licence"))

    (file,) = upload(portal, portal.open(), ("a.zip", held.getvalue())).json()["files"]

    assert file["code"] == "document.unsafe_archive"


@pytest.mark.parametrize("told", [b"{not json", b'{"product": 7}'])
def test_a_manifest_that_is_none_is_the_senders(portal: Portal, told: bytes) -> None:
    answer = upload(portal, portal.open(), ("package.json", told))

    assert (answer.status_code, answer.json()["code"]) == (422, "config.manifest")


def test_names_of_files_are_never_logged(
    portal: Portal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logs.begin(LogSettings(), tmp_path / "logs")
    path = tmp_path / "logs" / "zishen.log"
    application = portal.open()
    upload(portal, application, ("张三丰身份证.pdf", content("licence")), ("李四.pdf", b""))
    portal.submit(application)
    portal.decided(application)

    log = path.read_text(encoding="utf-8") + caplog.text
    assert "package.judged" in log
    assert "张三丰" not in log
    assert "李四" not in log


@pytest.mark.parametrize("sent", [{}, {"data": {"files": "text"}}, {"content": b"x"}])
def test_a_request_without_files_is_told_so(portal: Portal, sent: dict[str, Any]) -> None:
    answer = portal.call("POST", f"/applications/{portal.open()}/files", **sent)

    assert (answer.status_code, answer.json()["code"]) == (422, "api.no_files")


@pytest.mark.parametrize("sent", [b"", b"--x\r\n", b"--x\r\nnonsense", b"\x00" * 100])
def test_a_broken_multipart_request_is_the_senders(portal: Portal, sent: bytes) -> None:
    answer = portal.call(
        "POST",
        f"/applications/{portal.open()}/files",
        content=sent,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )

    assert answer.status_code in {400, 422}
    assert answer.json()["code"] in {"api.invalid_request", "api.no_files"}


def test_more_files_than_an_application_may_have_are_refused(serve: Serve) -> None:
    with serve(max_files=2) as portal:
        application = portal.open()
        portal.hand_in(application, "licence", "cash")

        answer = portal.hand_in(application, "balance")

        assert (answer.status_code, answer.json()["code"]) == (422, "api.too_many_files")
        assert len(portal.status(application)["files"]) == 2


def endless(sent: list[int]) -> Iterator[bytes]:
    """Send a file that never ends, counting what was taken."""
    yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-'
    while True:
        sent[0] += 1 << 16
        yield b"0" * (1 << 16)
        assert sent[0] < 64 << 20, "nobody stops it"


@pytest.mark.anyio
async def test_an_upload_that_is_too_large_is_cut_off_early() -> None:
    taken = [0]

    async def receive() -> dict[str, Any]:
        taken[0] += 1 << 16
        return {"type": "http.request", "body": b"0" * (1 << 16), "more_body": True}

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        while True:
            await receive()

    scope = {"type": "http", "headers": [(b"content-type", b"multipart/form-data; boundary=x")]}
    with pytest.raises(HTTPException, match="413"):
        await BodyLimits(app, 1 << 20)(scope, receive, lambda _message: None)  # type: ignore[arg-type,return-value]

    assert taken[0] <= (1 << 20) + (1 << 16)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("announced", [True, False])
def test_an_upload_beyond_the_limit_is_a_problem_and_leaves_nothing(
    serve: Serve, tmp_path: Path, announced: bool
) -> None:
    with serve(max_request_bytes=1 << 20) as portal:
        application = portal.open()
        body = b"".join(chunk for chunk, _ in zip(endless([0]), range(40), strict=False))
        answer = portal.call(
            "POST",
            f"/applications/{application}/files",
            content=body if announced else iter([body[:1000], body[1000:]]),
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )

        assert (answer.status_code, answer.json()["code"]) == (413, "api.request_too_large")
        assert portal.status(application)["files"] == []
    incoming = tmp_path / "data" / "incoming"
    assert not incoming.exists() or not list(incoming.iterdir())


def test_what_a_server_that_died_left_behind_is_removed(serve: Serve, tmp_path: Path) -> None:
    left, fresh = (tmp_path / "data" / "incoming" / name for name in ("left", "fresh"))
    for folder in (left, fresh):
        folder.mkdir(parents=True)
        (folder / "paper.pdf").write_bytes(b"%PDF-")
    now = Clock().now().timestamp()
    os.utime(left, (now - 100_000, now - 100_000))
    os.utime(fresh, (now, now))

    with serve():
        assert not left.exists()
        assert fresh.exists()


def test_a_disk_that_is_full_is_worth_a_retry(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    application = portal.open()
    monkeypatch.setattr("pipeline.api.uploads.shutil.copyfileobj", full)
    answer = upload(portal, application, ("a.pdf", content("licence")))

    assert (answer.status_code, answer.json()["code"]) == (503, "storage.failed")


def test_json_beyond_the_limit_is_not_received(portal: Portal) -> None:
    answer = portal.call("POST", "/applications", json={"reference": "x" * 100_000})

    assert (answer.status_code, answer.json()["code"]) == (413, "api.request_too_large")


@pytest.fixture(scope="module")
def cutter() -> Iterator[Cutter]:
    cutter = Cutter(Limits(), 60)
    yield cutter
    cutter.close()


def size(drawn: Drawn | None) -> tuple[int, int]:
    assert drawn is not None
    png = drawn.png
    assert png.startswith(b"\x89PNG")
    height, width = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR).shape[:2]
    return width, height


def photo(width: int, height: int) -> bytes:
    done, data = cv2.imencode(".png", np.full((height, width, 3), 200, np.uint8))
    assert done
    return bytes(data.tobytes())


def test_a_page_and_a_place_on_it_are_drawn_within_bounds(cutter: Cutter) -> None:
    data = PAPER.read_bytes()

    whole = size(cutter.cut(data, MediaType.PDF, 1, None))
    place = size(draw(data, MediaType.PDF, 1, Box(100, 100, 200, 112), Limits()))
    picture = size(draw(photo(4000, 100), MediaType.PNG, 1, None, Limits()))

    assert max(whole) <= 1600
    assert max(picture) == 1600
    assert 208 <= place[0] <= 250
    assert 20 <= place[1] <= 60


@pytest.mark.parametrize(
    ("page", "box"),
    [(99, None), (1, Box(9000, 9000, 9100, 9100)), (1, Box(-900, -900, -800, -800))],
)
def test_what_is_not_there_has_no_picture(page: int, box: Box | None) -> None:
    assert draw(PAPER.read_bytes(), MediaType.PDF, page, box, Limits()) is None
    assert draw(photo(10, 10), MediaType.PNG, 2, None, Limits()) is None
    assert draw(b"a,b\n1,2\n", MediaType.CSV, 1, None, Limits()) is None


def test_a_page_that_cannot_be_drawn_is_a_document_error(cutter: Cutter) -> None:
    with pytest.raises(DocumentError):
        cutter.cut(PAPER.read_bytes()[:2000], MediaType.PDF, 1, None)


def test_drawing_that_takes_too_long_is_given_up() -> None:
    cutter = Cutter(Limits(), 0.01)
    with pytest.raises(TooLargeError):
        cutter.cut(PAPER.read_bytes(), MediaType.PDF, 1, None)
    cutter.close()


def test_the_picture_of_a_place_is_asked_for_by_its_provenance(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def cut(_self: object, data: bytes, *more: object) -> Drawn | None:
        asked.append((data, *more))
        return Drawn(b"\x89PNG", 1, 1) if more[1] == 1 else None

    monkeypatch.setattr(Cutter, "cut", cut)
    application = portal.open()
    (file,) = upload(portal, application, ("a.pdf", content("licence"))).json()["files"]
    path = f"/applications/{application}/files/{file['sha256']}/pages"

    shown = portal.call("GET", f"{path}/1/image", params={"box": "1,2.5,3,4"})
    none = portal.call("GET", f"{path}/2/image")
    odd = portal.call("GET", f"{path}/1/image", params={"box": "1,2,3"})

    assert (shown.headers["content-type"], shown.content) == ("image/png", b"\x89PNG")
    assert asked[0] == (content("licence"), MediaType.PDF, 1, Box(1, 2.5, 3, 4))
    assert (none.status_code, none.json()["code"]) == (404, "api.no_picture")
    assert odd.status_code == 422
