"""What acts in a file is told, however it is written; nothing of it ever runs."""

import zlib

import pytest

from extractors.active import active, active_content
from schemas.documents import MediaType, SourceFile
from schemas.findings import Severity
from tests.pipeline.test_hostile import archive, simple_pdf


def packed(objects: bytes) -> bytes:
    """Return a PDF with objects in a packed stream, as since PDF 1.5."""
    body = zlib.compress(objects)
    head = b"<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter /FlateDecode >>" % len(body)
    return b"%PDF-1.5\n4 0 obj\n" + head + b"\nstream\n" + body + b"\nendstream\nendobj\n"


SCRIPT = b"<< /Type /Action /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (simple_pdf(), ()),
        (simple_pdf(fourth=SCRIPT), ("scripts",)),
        (simple_pdf(fourth=b"<< /S /J#61vaScript >>"), ("scripts",)),
        (simple_pdf(fourth=b"<< /S /Launch /F (cmd.exe) >>"), ("launched_programs",)),
        (simple_pdf(fourth=b"<< /Type /EmbeddedFile >>"), ("embedded_files",)),
        (simple_pdf(fourth=b"<< /Subtype /RichMedia /XFA 5 0 R >>"),
         ("dynamic_forms", "media_players")),
        (packed(b"4 0 " + SCRIPT), ("scripts",)),
        (packed(b"4 0 << /Type /Page >>"), ()),
        (simple_pdf(fourth=b"(a /LaunchDate is no action)"), ()),
    ],
)  # fmt: skip
def test_what_acts_in_a_pdf_is_found(data: bytes, found: tuple[str, ...]) -> None:
    assert active(data, MediaType.PDF) == found


def test_a_broken_stream_and_one_that_swells_cost_nothing() -> None:
    broken = packed(SCRIPT).replace(b"stream\nx", b"stream\n?")
    bomb = packed(b"\x00" * 50_000_000 + SCRIPT)

    assert active(broken[:-40], MediaType.PDF) in {(), ("scripts",)}
    assert active(bomb, MediaType.PDF) == ()


def test_macros_and_links_of_a_workbook_are_found() -> None:
    plain = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    acting = plain | {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"}

    assert active(archive(plain), MediaType.XLSX) == ()
    assert active(archive(acting), MediaType.XLSX) == ("external_links", "macros")
    assert active(b"PK broken", MediaType.XLSX) == ()
    assert active(b"a,b", MediaType.CSV) == ()


def test_it_is_a_remark_for_the_underwriter() -> None:
    data = simple_pdf(fourth=SCRIPT)
    source = SourceFile(name="a.pdf", sha256="ab", media_type=MediaType.PDF, size=len(data))

    (finding,) = active_content(data, source)

    assert (finding.code, finding.severity) == ("reading.active_content", Severity.WARN)
    assert (finding.params, finding.subject) == ({"what": "scripts"}, "ab")
