"""The immediate answer: what can be told in a moment is told, and nothing waits for the rest."""

import io
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extractors.glance import glance
from extractors.intake import Limits
from extractors.quality import Reason
from pipeline.cases import glances
from pipeline.cases.glances import Glances
from pipeline.sandbox.process import Sandbox
from pipeline.stages.services import Services
from pipeline.storage.folder import Folder
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.errors import DocumentError, EncryptedFileError, TooLargeError, TransientError
from tests.api.conftest import Serve

SAMPLES = Path("sample_docs")


def sample(ending: str) -> Path:
    return min(SAMPLES.rglob(f"*{ending}"), key=lambda path: path.stat().st_size)


def picture(width: int, height: int, ink: int, paper: int) -> bytes:
    pixels = np.full((height, width, 3), paper, np.uint8)
    pixels[height // 4 : height // 2, width // 4 : width // 2] = ink
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "reasons"),
    [
        (picture(1200, 900, 0, 250), ()),
        (picture(300, 200, 0, 250), (Reason.TOO_SMALL,)),
        (picture(1200, 900, 0, 80), (Reason.TOO_DARK,)),
        (picture(1200, 900, 190, 210), (Reason.LOW_CONTRAST,)),
    ],
)
def test_a_picture_is_measured_and_not_judged(data: bytes, reasons: tuple[Reason, ...]) -> None:
    seen = glance(data, MediaType.PNG, Limits())

    assert seen.reasons == reasons
    assert (seen.pages, seen.kinds, seen.pending) == (1, (), True)


def test_a_workbook_says_what_it_is() -> None:
    rows = "资产负债表\n编制单位：甲公司,,,\n资产,期末余额,年初余额\n货币资金,1,2\n资产总计,1,2\n"

    seen = glance(rows.encode(), MediaType.CSV, Limits())

    assert (seen.pages, seen.pending) == (1, False)
    assert seen.kinds in {(), (DocumentKind.BALANCE_SHEET,)}


def fails(code: str) -> None:
    raise EncryptedFileError(code)


def test_a_process_of_its_own_answers_raises_and_is_replaced_when_it_is_late() -> None:
    sandbox = Sandbox()
    try:
        assert sandbox.run(60, len, b"abc") == 3
        with pytest.raises(EncryptedFileError):
            sandbox.run(60, fails, "application/pdf")
        begun = monotonic()
        with pytest.raises(TooLargeError):
            sandbox.run(0.2, sleep, 60)
        assert monotonic() - begun < 10
        assert sandbox.run(60, len, b"ab") == 2
    finally:
        sandbox.close()


class Scripted(Sandbox):
    """Answers without a process."""

    def __init__(self, *answers: Any) -> None:
        super().__init__()
        self.answers = list(answers)

    def run(self, seconds: float, function: Any, *given: Any) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def looking(services: Services, tmp_path: Path) -> Glances:
    return Glances(services.blobs, Folder(tmp_path / "seen"), Limits(), 5, Scripted())


def paper(services: Services, data: bytes) -> SourceFile:
    sha256 = services.blobs.put(data)
    return SourceFile(name="x.pdf", sha256=sha256, media_type=MediaType.PDF, size=len(data))


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (EncryptedFileError("application/pdf"), "document.encrypted"),
        (TooLargeError("pages", 9, limit=1), "document.too_large"),
        (TooLargeError("seconds", 1, limit=1), None),
        (TransientError("others are served"), None),
    ],
)
def test_a_bad_file_is_told_at_once_and_a_slow_one_is_left_to_the_review(
    looking: Glances, services: Services, trouble: DocumentError, code: str | None
) -> None:
    file = paper(services, b"%PDF-1")
    looking.sandbox = Scripted(trouble)

    look = looking.at([file]).get(file.sha256)

    assert (look.code if look else None) == code
    assert looking.known([file]).get(file.sha256) == look


def test_what_was_seen_is_remembered_and_large_files_are_not_looked_at(
    looking: Glances, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = glance(picture(1200, 900, 0, 250), MediaType.PNG, Limits())
    file, large = paper(services, b"%PDF-1"), paper(services, b"%PDF-23456")
    monkeypatch.setattr(glances, "_LARGEST", 8)
    looking.sandbox = Scripted(seen)

    first, again = looking.at([file, large]), looking.at([file])

    assert set(first) == {file.sha256}
    assert again == first
    assert not replace(looking, seconds=0).at([paper(services, b"%PDF-3")])


@pytest.mark.slow
def test_an_upload_is_answered_with_what_a_moment_tells(serve: Serve) -> None:
    """A digital PDF, a picture and a file that wants a password, by a real process."""
    pdf = sample(".pdf").read_bytes()
    files = [
        ("files", ("a.pdf", pdf)),
        ("files", ("b.png", picture(1200, 900, 0, 80))),
        ("files", ("c.pdf", b"%PDF-1.4 broken")),
    ]
    with serve(reviews=False, glance_seconds=60) as portal:
        application = portal.open(product="sme_small")
        answer = portal.call("POST", f"/applications/{application}/files", files=files).json()
        status = portal.status(application)

    told = {file["name"]: file for file in answer["files"]}
    assert told["a.pdf"]["pages"] >= 1
    assert (told["b.png"]["legibility"], told["b.png"]["reasons"]) == ("doubtful", ["too_dark"])
    assert told["c.pdf"]["state"] == "refused"
    assert answer["completeness"]["final"] is False
    assert [file["pages"] for file in status["files"]] == [
        file["pages"] for file in answer["files"]
    ]
    assert status["clock"]["timeliness"] in {"paused", "stopped"}


@pytest.mark.slow
def test_the_report_is_one_page_that_runs_nothing(serve: Serve) -> None:
    with serve() as portal:
        application = portal.open()
        path = f"/applications/{application}/report"
        early = portal.call("GET", path)
        portal.hand_in(application, "licence", "balance", "income", "cash")
        portal.submit(application)
        portal.decided(application)
        page = portal.call("GET", path, headers={"Accept-Language": "en"})

    assert early.json()["code"] == "api.no_record"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.text.lower().startswith("<!doctype html>")
    assert "<script" not in page.text


def test_a_server_without_a_browser_prints_no_pdf(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.report.printing.find_browser", lambda: None)
    monkeypatch.setattr(
        "pipeline.sandbox.reporter.Reporter.page", lambda *_, **__: "<!doctype html>"
    )
    with serve() as portal:
        application = portal.open()
        portal.hand_in(application, "licence")
        portal.submit(application)
        portal.decided(application, "waiting_applicant")
        answer = portal.call("GET", f"/applications/{application}/report", params={"format": "pdf"})

    assert (answer.status_code, answer.json()["code"]) == (501, "api.no_pdf")
