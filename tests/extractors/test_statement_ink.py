"""Ink beside readings, and red ink taken out of pictures."""

import cv2
import numpy as np
import pytest

from extractors.kinds.statement.ink import Ink, ink_beside, red_share, without_seal
from extractors.ocr.engine import Image
from extractors.ocr.look import Look, View, unsealed
from schemas.geometry import Box
from schemas.text import Page, PageSource, Word
from tests.extractors.test_statement_readings import Readings

WIDTH, HEIGHT = 320, 40
LEFT, RIGHT = 100, 290


def cell(text: str = "", *, at: int = LEFT, minus: int | None = None) -> Image:
    """Return a cell with a number in it, and a minus sign that ends at `minus`."""
    picture = np.full((HEIGHT, WIDTH, 3), 235, np.uint8)
    cv2.putText(picture, text, (at, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40, 40, 40), 2)
    if minus is not None:
        picture[20:23, minus - 14 : minus] = 40
    return picture


@pytest.mark.parametrize("text", ["7,306.45", "1,234.50", "4,916.10", "45,822.56"])
def test_a_number_alone_has_nothing_beside_it(text: str) -> None:
    assert ink_beside(cell(text), LEFT, RIGHT, text) == Ink()


def test_a_minus_sign_left_of_the_digits_is_seen() -> None:
    assert ink_beside(cell("7,306.45", minus=LEFT - 3), LEFT, RIGHT, "7,306.45").minus


def test_a_minus_sign_that_touches_the_first_digit_leaves_a_trace() -> None:
    seen = ink_beside(cell("6,306.45", minus=LEFT + 4), LEFT, RIGHT, "6,306.45")

    assert (seen.minus, seen.trace) == (False, True)


def test_digits_outside_of_the_reading_are_seen() -> None:
    assert ink_beside(cell("21,240,210.18"), LEFT + 60, RIGHT, "240,210.18").outside
    assert ink_beside(cell("21,240,210.18"), LEFT, RIGHT - 60, "21,240").outside


def test_a_ruling_is_no_print() -> None:
    picture = cell("7,306.45")
    picture[:, 20:22] = 40

    assert ink_beside(picture, LEFT, RIGHT, "7,306.45") == Ink()


def test_an_empty_cell_has_no_ink() -> None:
    assert ink_beside(cell(), LEFT, RIGHT, "1.00") == Ink()


def sealed(picture: Image) -> Image:
    """Return a picture with a red seal over its right half, as ink lies on paper."""
    layer = np.full(picture.shape, 255, np.uint8)
    layer[:, WIDTH // 2 :] = (50, 40, 205)
    return np.asarray(picture.astype(np.float32) * layer / 255, np.uint8)


def test_a_seal_is_taken_out_and_the_print_stays() -> None:
    picture = cell("7,306.45")
    shown = unsealed(sealed(picture))

    assert red_share(sealed(picture)) > 0.4
    assert abs(int(np.median(shown[:, WIDTH // 2 + 4 :])) - 235) < 8
    assert shown[:, LEFT:RIGHT].min() < 90


@pytest.mark.parametrize("colour", [(235, 235, 235), (50, 40, 205)])
def test_a_picture_of_one_colour_is_shown_as_its_red(colour: tuple[int, int, int]) -> None:
    picture = np.full((8, 8, 3), colour, np.uint8)

    assert (unsealed(picture) == colour[2]).all()


def test_the_view_without_the_seal_is_what_the_recogniser_sees() -> None:
    look = Look(sealed(cell("7,306.45")), Readings("7,306.45"))

    (line,) = look.again([Box(0, 0, WIDTH, HEIGHT)], View.UNSEALED)

    assert line.text == "7,306.45"


def test_letters_of_a_seal_are_no_words_of_the_page() -> None:
    picture = np.full((HEIGHT, WIDTH, 3), 235, np.uint8)
    picture[5:20, 30:50] = (50, 40, 205)
    words = (
        Word(text="章", box=Box(28, 3, 52, 22)),
        Word(text="货币", box=Box(100, 3, 140, 22)),
        Word(text="12", box=Box(28, 3, 52, 22)),
    )
    page = Page(
        document="test",
        number=1,
        width=WIDTH,
        height=HEIGHT,
        source=PageSource.OCR,
        reader="test",
        words=words,
    )

    assert [word.text for word in without_seal(page, Look(picture, Readings(""))).words] == [
        "货币",
        "12",
    ]
    assert without_seal(page, None) == page
