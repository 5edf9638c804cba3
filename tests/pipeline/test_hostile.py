"""Files that nobody should send: each has a code of its own, and the rest is still reviewed."""

import io
import resource
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.settings import LimitsSettings, Settings
from pipeline.stages.intake import take_in
from pipeline.stages.package import review
from pipeline.wiring import build
from schemas.documents import DocumentKind

GOOD = Path("sample_docs/01-qinghe-machinery/statements-2026-09.pdf")
WORKBOOK = Path("sample_docs/02-yunling-foods/statements-2026-09.xlsx")
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + check


def huge_png(side: int = 20_000) -> bytes:
    """Make a picture of 400 megapixels that is a few hundred kilobytes long."""
    size = side.to_bytes(4, "big")
    head = chunk(b"IHDR", size + size + bytes([8, 0, 0, 0, 0]))
    rows = zlib.compress(b"\x00" * (side + 1) * 1000)
    return PNG + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def encrypted_pdf() -> bytes:
    """Say that the file is locked: a reader without the password gets no further."""
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -44 /O (%s) /U (%s) >>" % (b"o" * 32, b"u" * 32)
    return simple_pdf(b"/Encrypt 4 0 R /ID [(a) (a)]", lock)


def simple_pdf(trailer: bytes = b"", fourth: bytes = b"null", pages: bytes = b"[3 0 R]") -> bytes:
    count = pages.count(b"R")
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids %s /Count %d >>" % (pages, count),
        page if count else b"null",
        fourth,
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 5\n0000000000 65535 f \n" + table
    tail = b"trailer\n<< /Size 5 /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (trailer, len(body))
    return body + head + tail


def archive(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return held.getvalue()


def bomb() -> bytes:
    return archive({f"{n}.bin": b"\x00" * 12_000_000 for n in range(10)})


def workbook_bomb() -> bytes:
    sheet = b"<worksheet><sheetData>" + b"<row/>" * 20_000_000
    return archive({"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": sheet})


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty.pdf": ("document.empty", bytes),
    "text.pdf": ("document.unsupported_type", "这不是一份PDF。\n只是文字。\n".encode),
    "cut.pdf": ("document.corrupt", lambda: GOOD.read_bytes()[:2000]),
    "locked.pdf": ("document.encrypted", encrypted_pdf),
    "none.pdf": ("document.no_pages", lambda: simple_pdf(pages=b"[]")),
    "huge.png": ("document.too_large", huge_png),
    "cut.png": ("document.corrupt", lambda: huge_png(2000)[:400]),
    "bomb.zip": ("document.too_large", bomb),
    "cut.zip": ("document.corrupt", lambda: archive({"a.pdf": b"x" * 5000})[:40]),
    "up.zip": ("document.unsafe_archive", lambda: archive({"../../etc/cron.d/x": b"x"})),
    "nested.zip": ("document.unsupported_type", lambda: archive({"a.zip": archive({"b": b"c"})})),
    "cut.xlsx": ("document.corrupt", lambda: WORKBOOK.read_bytes()[:3000]),
    "odd.xlsx": ("document.corrupt", lambda: archive({"xl/workbook.xml": b"<not a workbook"})),
    "bomb.xlsx": ("document.too_large", workbook_bomb),
}


@pytest.mark.slow
def test_each_hostile_file_has_its_code_and_the_good_one_is_still_read(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, (_, make) in HOSTILE.items():
        (inbox / name).write_bytes(make())
    (inbox / "good.pdf").write_bytes(GOOD.read_bytes())
    limits = LimitsSettings(max_archive_bytes=100 << 20)
    services = build(Settings(data_dir=tmp_path / "data", limits=limits))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()

    package = take_in([inbox], services, applied_on=date(2026, 11, 16))
    record = review(package.id, services)

    refused = {file.name: file.code for file in record.dossier.package.refused}
    refused = {name.partition("/")[0]: code for name, code in refused.items()}
    assert refused == {name: code for name, (code, _) in HOSTILE.items()}
    assert DocumentKind.BALANCE_SHEET in record.dossier.kinds
    told = [f.params["reason"] for f in record.findings if f.code == "package.unreadable_file"]
    assert sorted(told) == sorted(code for code, _ in HOSTILE.values())
    assert time.monotonic() - started < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_500_000
    services.close()
