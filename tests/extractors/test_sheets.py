import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.grids import printed
from extractors.intake import Limits
from extractors.sheets import read
from schemas.documents import MediaType
from schemas.errors import CorruptFileError, EncryptedFileError, NoPagesError, TooLargeError
from schemas.text import Page, PageSource

SAMPLE = Path(__file__).parents[2] / "sample_docs" / "02-yunling-foods" / "statements-2026-09.xlsx"


def workbook(**tables: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def texts(page: Page) -> dict[str | None, str]:
    return {cell.reference: cell.text for table in page.tables for cell in table.cells}


def test_every_sheet_is_a_page_and_every_cell_has_its_address() -> None:
    data = workbook(利润表=[["项目", "本期"], ["营业收入", 1234.5]], 空=[], 其他=[[None, "x"]])

    pages = read(data, MediaType.XLSX, "sha", Limits()).pages

    assert [page.sheet for page in pages] == ["利润表", "其他"]
    assert texts(pages[0])["利润表!B2"] == "1234.5"
    assert texts(pages[1]) == {"其他!B1": "x"}
    assert all(page.source is PageSource.SHEET for page in pages)


def test_the_sample_workbook_is_read() -> None:
    pages = read(SAMPLE.read_bytes(), MediaType.XLSX, "sha", Limits()).pages

    assert [page.sheet for page in pages] == ["资产负债表", "利润表"]
    assert "1222549.29" in pages[0].text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1e15, "1000000000000000"),
        (1234567.89, "1234567.89"),
        (-2.50, "-2.5"),
        (3, "3"),
        (2000000.0, "2000000"),
        (1e-9, "0"),
        (float("nan"), ""),
        (None, ""),
        (True, "TRUE"),
        ("　货币资金\n", "　货币资金"),
    ],
)
def test_numbers_become_exact_text(value: float | str | None, text: str) -> None:
    assert printed(value) == text


@given(st.integers(-(10**14), 10**14))
def test_cents_survive_binary_fractions(cents: int) -> None:
    text = printed(cents / 100)

    assert round(float(text) * 100) == cents
    assert len(text.partition(".")[2]) <= 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_of_chinese_exports(encoding: str, delimiter: str) -> None:
    text = f'项目{delimiter}期末余额\n货币资金{delimiter}"1,234.50"\n'

    (page,) = read(text.encode(encoding), MediaType.CSV, "sha", Limits()).pages

    assert texts(page)["Sheet1!A2"] == "货币资金"
    assert texts(page)["Sheet1!B2"] == "1,234.50"


def test_an_empty_workbook_has_no_pages() -> None:
    with pytest.raises(NoPagesError):
        read(workbook(空=[]), MediaType.XLSX, "sha", Limits())


def test_phantom_ranges_are_refused() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD100000"] = "a", "z"
    buffer = io.BytesIO()
    book.save(buffer)

    with pytest.raises(TooLargeError):
        read(buffer.getvalue(), MediaType.XLSX, "sha", Limits())


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (70 << 20))

    with pytest.raises(TooLargeError):
        read(buffer.getvalue(), MediaType.XLSX, "sha", Limits(max_sheet_cells=1000))


def test_more_csv_cells_than_allowed_are_refused() -> None:
    with pytest.raises(TooLargeError):
        read(b"1,2,3\n" * 10, MediaType.CSV, "sha", Limits(max_sheet_cells=5))


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"", b"PK\x05\x06" + b"\0" * 18])
def test_broken_workbooks_are_corrupt(data: bytes) -> None:
    with pytest.raises((CorruptFileError, NoPagesError)):
        read(data, MediaType.XLSX, "sha", Limits())


def test_a_locked_workbook_says_so() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    locked += "EncryptedPackage".encode("utf-16-le") + b"\0" * 500

    with pytest.raises(EncryptedFileError):
        read(locked, MediaType.XLS, "sha", Limits())
