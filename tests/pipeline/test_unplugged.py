"""Nothing is fetched because a document says so, and a file of two kinds is one of them at most."""

import io
import socket
from typing import NoReturn

import pytest
from openpyxl import Workbook
from reportlab.pdfgen import canvas

from extractors.document import DocumentReader
from extractors.glance import glance
from extractors.intake import Limits, sniff
from extractors.ocr.engine import Engine
from schemas.documents import MediaType, SourceFile
from schemas.errors import CorruptFileError, DocumentError
from schemas.records import Reading
from tests.builders import sha256
from tests.pipeline.test_hostile import archive

FAR = "http://192.0.2.1/fetched"


def no_engine() -> Engine:
    raise AssertionError


def read(data: bytes) -> Reading:
    source = SourceFile(name="x", sha256=sha256("x"), media_type=sniff(data), size=len(data))
    return DocumentReader(no_engine, "none").read(data, source)


def linked_pdf() -> bytes:
    """Return a PDF with a link, a script and a form that wants to be sent somewhere."""
    held = io.BytesIO()
    page = canvas.Canvas(held)
    for number in range(30):
        page.drawString(72, 720 - 20 * number, f"line {number} of a letter with enough text in it")
    page.linkURL(FAR, (0, 0, 600, 800))
    page.acroForm.textfield(name="a", x=10, y=10)
    page.showPage()
    page.save()
    return held.getvalue()


def linked_workbook() -> bytes:
    """Return a workbook whose cells speak of other places."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["项目", "金额"])
    sheet.append([f'=HYPERLINK("{FAR}")', f'=WEBSERVICE("{FAR}")'])
    sheet["A1"].hyperlink = FAR
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def bombed_workbook() -> bytes:
    """Return a workbook whose shared texts would unfold to a thousand million characters."""
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    outside = f'<!ENTITY out SYSTEM "{FAR}"><!ENTITY file SYSTEM "file:///etc/passwd">'
    texts = f"<!DOCTYPE sst [{entities}{outside}]><sst><si><t>&j;&out;&file;</t></si></sst>"
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    sheet = f"<worksheet><sheetData>{cells}</sheetData></worksheet>"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    book = (
        '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relations,
        "xl/sharedStrings.xml": texts,
        "xl/worksheets/sheet1.xml": sheet,
    }
    return archive({name: text.encode() for name, text in parts.items()})


@pytest.fixture
def unplugged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every way out end in an error, and return what was tried."""
    tried: list[str] = []

    def refuse(*said: object, **_: object) -> NoReturn:
        tried.append(str(said))
        raise OSError

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tried


def test_links_of_a_pdf_are_not_followed(unplugged: list[str]) -> None:
    assert read(linked_pdf()).pages == 1
    assert glance(linked_pdf(), MediaType.PDF, Limits()).pages == 1
    assert unplugged == []


def test_links_of_a_workbook_are_not_followed(unplugged: list[str]) -> None:
    assert read(linked_workbook()).pages == 1
    assert unplugged == []


def test_entities_of_a_workbook_are_neither_unfolded_nor_fetched(unplugged: list[str]) -> None:
    try:
        said = read(bombed_workbook()).model_dump_json()
    except DocumentError as error:
        said = str(error)

    assert len(said) < 100_000
    assert "root:" not in said
    assert unplugged == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"GIF89a" + b"\x00" * 20 + linked_pdf(), MediaType.GIF),
        (linked_pdf() + archive({"a.pdf": b"x"}), MediaType.PDF),
        (b"\x89PNG\r\n\x1a\n" + archive({"a.pdf": b"x"}), MediaType.PNG),
        (b"<html><script>alert(1)</script>%PDF-1.7", MediaType.PDF),
    ],
    ids=["gif+pdf", "pdf+zip", "png+zip", "html+pdf"],
)
def test_a_file_of_two_kinds_is_what_its_start_says_or_nothing(
    data: bytes, kind: MediaType
) -> None:
    assert sniff(data) is kind
    if kind is MediaType.PDF and data.startswith(b"%PDF-"):
        assert read(data).pages == 1
    else:
        with pytest.raises(CorruptFileError):
            glance(data, kind, Limits())
