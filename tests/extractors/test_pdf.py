import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from extractors.intake import Limits
from extractors.pdf import PdfFile
from extractors.tables.glyphs import Glyph, is_sound, plain, words_of
from schemas.errors import (
    CorruptFileError,
    DocumentError,
    EncryptedFileError,
    NoPagesError,
    TooLargeError,
)
from schemas.geometry import Box

SAMPLES = Path(__file__).parents[2] / "sample_docs"
DIGITAL = SAMPLES / "01-qinghe-machinery" / "statements-2026-09.pdf"
SCAN = SAMPLES / "03-haichuan-trade" / "statements-2026-09-scan.pdf"


def drawn(*texts: str, rotation: int = 0, size: tuple[float, float] = (300, 400)) -> bytes:
    """Return a PDF with a ruled table of one column, a text in each of its rows."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    canvas.setPageRotation(rotation)
    for row, text in enumerate(texts):
        canvas.drawString(50, 350 - 20 * row, text)
        canvas.rect(40, 344 - 20 * row, 200, 20)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def encrypted() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt="secret")
    canvas.drawString(50, 50, "hidden")
    canvas.save()
    return buffer.getvalue()


def test_words_stand_where_they_are_drawn() -> None:
    with PdfFile(drawn("Cash 1,234.56"), Limits()) as document:
        page = document.page(1, "sha")

    cash, amount = page.words
    assert (cash.text, amount.text) == ("Cash", "1,234.56")
    assert cash.box.left == pytest.approx(50, abs=2)
    assert cash.box.centre[1] == pytest.approx(400 - 354, abs=5)
    assert amount.box.left > cash.box.right


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_follow_the_rotation_of_the_page(rotation: int) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(300, 400))
    canvas.setPageRotation(rotation)
    canvas.translate(100, 200)
    canvas.rotate(rotation)  # so that the text is upright on the turned page
    canvas.drawString(0, 0, "Cash")
    canvas.save()
    with PdfFile(buffer.getvalue(), Limits()) as document:
        page = document.page(1, "sha")
        picture = document.render(1, 72)

    (cash,) = page.words
    ink = np.argwhere(picture.min(axis=2) < 128)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    assert picture.shape[:2] == (round(page.height), round(page.width))
    assert cash.box.left == pytest.approx(left, abs=2)
    assert cash.box.right == pytest.approx(right, abs=3)
    assert cash.box.top <= top + 1
    assert cash.box.bottom >= bottom - 1


@pytest.mark.parametrize("page", [0, 90, 180, 270])
@pytest.mark.parametrize("lean", [0, 90, 180, 270])
def test_text_that_lies_on_its_side_is_left_to_its_picture(page: int, lean: int) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(300, 400))
    canvas.setPageRotation(page)
    canvas.translate(150, 200)
    canvas.rotate(page + lean)
    canvas.drawString(0, 0, "A wide table, turned to fit")
    canvas.save()

    with PdfFile(buffer.getvalue(), Limits()) as document:
        assert document.has_text(1) is (lean == 0)


def test_ruled_rows_become_a_table() -> None:
    with PdfFile(drawn("one", "two", "three"), Limits()) as document:
        (table,) = document.page(1, "sha").tables

    assert [cell.text for cell in table.cells] == ["one", "two", "three"]


def test_a_digital_page_has_text_and_a_scan_has_none() -> None:
    with PdfFile(DIGITAL.read_bytes(), Limits()) as digital:
        assert digital.has_text(1)
        assert "资产总计" in digital.text(1)
    with PdfFile(SCAN.read_bytes(), Limits()) as scan:
        assert not scan.has_text(1)
        assert scan.text(1) == ""


def test_invisible_text_over_a_scan_is_not_believed() -> None:
    from PIL import Image  # noqa: PLC0415

    buffer, picture = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    canvas = Canvas(buffer, pagesize=(300, 400))
    from reportlab.lib.utils import ImageReader  # noqa: PLC0415

    canvas.drawImage(ImageReader(picture), 0, 0, 300, 400)
    text = canvas.beginText(20, 380)
    text.setTextRenderMode(3)
    for _ in range(20):
        text.textLine("recognised by somebody else, once")
    canvas.drawText(text)
    canvas.save()

    with PdfFile(buffer.getvalue(), Limits()) as document:
        assert not document.has_text(1)


def test_a_locked_file_says_so() -> None:
    with pytest.raises(EncryptedFileError):
        PdfFile(encrypted(), Limits())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\ntrailer<</Root 1 0 R>>"])
def test_a_broken_file_says_so(data: bytes) -> None:
    with pytest.raises((CorruptFileError, NoPagesError)):
        PdfFile(data, Limits())


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(TooLargeError):
        PdfFile(DIGITAL.read_bytes(), Limits(max_pages=1))


def test_a_giant_page_is_drawn_smaller_or_refused() -> None:
    data = drawn("big", size=(14000, 14000))
    with PdfFile(data, Limits(max_pixels=10_000_000)) as document:
        picture = document.render(1, 72)
        assert picture.shape[0] * picture.shape[1] <= 10_000_000
    with PdfFile(data, Limits(max_pixels=10_000)) as document, pytest.raises(TooLargeError):
        document.render(1, 72)


@given(cut=st.integers(0, 2000), flip=st.integers(0, 2000), byte=st.integers(0, 255))
def test_damage_is_an_error_of_the_document_and_nothing_else(
    cut: int, flip: int, byte: int
) -> None:
    data = bytearray(drawn("one", "two"))
    data[flip % len(data)] = byte
    try:
        with PdfFile(bytes(data[: len(data) - cut % len(data)]), Limits()) as document:
            for number in range(1, document.page_count + 1):
                if document.has_text(number):
                    document.page(number, "sha")
                document.render(number, 30)
    except DocumentError:
        pass


def test_radicals_become_the_characters_that_they_stand_for() -> None:
    assert plain("⻓期借款、⾦融⻛险") == "长期借款、金融风险"


def test_a_garbled_text_layer_is_not_sound() -> None:
    real = "货币资金应收账款存货流动资产合计固定资产无形资产短期借款应付账款负债合计所有者权益"
    garbled = "".join(chr(0x4E00 + 487 * n % 0x51A0) for n in range(60))

    assert is_sound(real, pictured=0)
    assert not is_sound(garbled, pictured=0)
    assert not is_sound("\ue001" * 60, pictured=0)
    assert not is_sound("第 3 页", pictured=0.9)
    assert is_sound("第 3 页", pictured=0)
    assert not is_sound("", pictured=0)


def test_a_character_drawn_twice_is_one() -> None:
    boxes = [Box(0, 0, 10, 10), Box(0.3, 0, 10.3, 10), Box(10, 0, 20, 10)]
    glyphs = [Glyph(text, box) for text, box in zip("资资产", boxes, strict=True)]

    assert [word.text for word in words_of(glyphs)] == ["资产"]
