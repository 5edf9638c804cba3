"""Lines are cut out level, columns of characters fall into characters, words come in order."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extractors.ocr import lines
from extractors.ocr.engine import Image, Line, Quad
from schemas.geometry import Box
from schemas.text import Character, Word
from tests.strategies import boxes


class Ruler:
    """Reads every crop as its own size; a blank one as nothing."""

    fingerprint = "ruler"
    device = "none"

    def find(self, image: Image) -> tuple[Quad, ...]:
        raise NotImplementedError

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        return tuple(self._read(image) for image in images)

    def _read(self, image: Image) -> Line:
        if image.min() > 200:
            return Line()
        text = f"{image.shape[1]}x{image.shape[0]}"
        return Line(text=text, characters=tuple(Character(text=c, probability=0.9) for c in text))


def quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def page() -> Image:
    image = np.full((400, 600, 3), 255, np.uint8)
    image[50:80, 100:300] = 0
    for top in (150, 210, 270):
        image[top : top + 40, 100:140] = 0
    return image


def test_a_line_is_a_word_with_its_box_and_mean() -> None:
    (word,) = lines.read(Ruler(), page(), [quad(100, 50, 300, 80)])

    assert (word.text, word.box) == ("200x30", Box(100, 50, 300, 80))
    assert word.confidence == 0.9 or abs((word.confidence or 0) - 0.9) < 1e-9


def test_a_column_of_characters_becomes_a_word_for_each() -> None:
    words = lines.read(Ruler(), page(), [quad(96, 145, 144, 315)])

    assert len(words) == 3
    assert [round(word.box.centre[1], -1) for word in words] == [170, 230, 290]


def test_where_nothing_is_recognised_there_is_no_word() -> None:
    assert lines.read(Ruler(), page(), [quad(350, 50, 500, 80), quad(10, 10, 12, 11)]) == ()


def test_a_slanted_line_is_cut_out_level() -> None:
    slanted = np.array([[100, 50], [300, 70], [297, 100], [97, 80]], np.float32)

    crop = lines.cut(page(), slanted)

    assert crop.shape == (30, 201, 3)


def test_rows_are_read_from_left_to_right_and_from_top_to_bottom() -> None:
    places = {
        "a": Box(10, 10, 50, 30),
        "b": Box(200, 14, 260, 34),
        "c": Box(10, 50, 50, 70),
    }
    words = [Word(text=text, box=box) for text, box in reversed(places.items())]

    assert [word.text for word in lines.in_reading_order(words)] == ["a", "b", "c"]


@given(st.lists(boxes, max_size=8))
def test_order_loses_nothing(places: list[Box]) -> None:
    words = [Word(text=str(n), box=box) for n, box in enumerate(places)]

    ordered = lines.in_reading_order(words)

    assert sorted(word.text for word in ordered) == sorted(word.text for word in words)


@given(boxes)
def test_the_box_of_a_box_is_itself(box: Box) -> None:
    assert lines.box_of(quad(*box)) == box
