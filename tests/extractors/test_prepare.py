"""A drawn sheet, seen from the side, upside down or small, comes out level and finds its way back.

The engine is a fake: dark bars are lines of text, darker at their beginning, and are read well
only that way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from extractors import prepare
from extractors.ocr.engine import Image, Line, Quad
from extractors.page import level, maps, upright
from schemas.geometry import Box
from schemas.text import Character

WIDTH, HEIGHT = 1400, 1900
BARS = tuple(
    Box(left, 250 + 90 * row, left + width, 282 + 90 * row)
    for row in range(15)
    for left, width in ((180, 240 + 17 * (row % 5)), (620, 300 + 37 * (row % 7)))
)


@dataclass
class BarEngine:
    """Finds bars by their colour, and reads them upright."""

    fingerprint: str = "bars"
    device: str = "none"
    looks: list[tuple[int, ...]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def find(self, image: Image) -> tuple[Quad, ...]:
        self.looks.append(image.shape)
        ink = (image[:, :, 2] < 150).astype(np.uint8)
        contours, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        found = [cv2.minAreaRect(contour) for contour in contours if len(contour) >= 4]
        return tuple(in_order(cv2.boxPoints(box)) for box in found if min(box[1]) > 6)

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        self.asked.append(len(images))
        return tuple(read(image) for image in images)


def in_order(corners: NDArray[np.float32]) -> Quad:
    by_x = corners[np.argsort(corners[:, 0])]
    top_left, bottom_left = by_x[:2][np.argsort(by_x[:2, 1])]
    top_right, bottom_right = by_x[2:][np.argsort(by_x[2:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)


def read(crop: Image) -> Line:
    height, width = crop.shape[:2]
    is_upright = width > height and crop[:, :4, 1].mean() < crop[:, -4:, 1].mean() - 2
    probability = 0.99 if is_upright else 0.4
    return Line(text="某", characters=(Character(text="某", probability=probability),))


def sheet() -> Image:
    page = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    cv2.rectangle(page, (60, 60), (WIDTH - 60, HEIGHT - 60), (200, 200, 200), 6)
    for bar in BARS:
        left, top, right, bottom = map(int, bar)
        page[top:bottom, left:right, :2] = np.linspace(0, 140, right - left)[None, :, None]
        page[top:bottom, left:right, 2] = 0
    return page


def seen(angle: float, pull: Sequence[float], rotation: int = 0) -> tuple[Image, maps.Matrix]:
    """Return the sheet as a camera sees it, and the map from the sheet to that picture."""
    size = (WIDTH, HEIGHT)
    turn = np.eye(3)
    turn[:2] = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), angle, 0.85)
    corners = maps.corners(size)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    goal = corners + np.array(pull).reshape(4, 2) * size * inward
    bend = cv2.getPerspectiveTransform(corners.astype(np.float32), goal.astype(np.float32))
    matrix = maps.turn(rotation, size) @ bend @ turn
    out = size if rotation % 180 == 0 else size[::-1]
    return maps.warped(sheet(), matrix, out), matrix


def distance_to_bars(sight: prepare.Sight, matrix: maps.Matrix) -> float:
    """Return how far, at most, a bar on the upload is from the nearest located word."""
    located = [sight.locate(word.box).centre for word in sight.words]
    goals = [maps.moved(corners_of(bar), matrix) for bar in BARS]
    centres = [(goal.min(axis=0) + goal.max(axis=0)) / 2 for goal in goals]
    return max(min(float(np.hypot(*(c - np.array(at)))) for at in located) for c in centres)


def corners_of(box: Box) -> NDArray[np.float64]:
    return maps.corners((box.width, box.height)) + np.array([box.left, box.top])


def rise(sight: prepare.Sight, matrix: maps.Matrix) -> float:
    """Return by how much of its height a row differs at its two ends, at most."""
    whole = np.linalg.inv(sight.to_upload) @ matrix
    ends = [maps.moved(np.array([[100.0, bar.top], [1300, bar.top]]), whole) for bar in BARS]
    heights = [np.ptp(maps.moved(corners_of(bar), whole)[:, 1]) for bar in BARS]
    return max(
        abs(float(end[0, 1] - end[1, 1])) / height
        for end, height in zip(ends, heights, strict=True)
    )


pulls = st.lists(st.floats(0, 0.06), min_size=8, max_size=8)


def test_a_straight_page_is_left_exactly_as_it_is() -> None:
    page, engine = sheet(), BarEngine()

    sight = prepare.see(engine, page)

    assert sight.image is page
    assert np.array_equal(sight.to_upload, np.eye(3))
    assert sight.rotation == 0
    assert len(engine.looks) == 1


@given(st.floats(-6, 6), pulls)
def test_rows_come_out_level_and_boxes_find_their_way_back(angle: float, pull: list[float]) -> None:
    upload, matrix = seen(angle, pull)

    sight = prepare.see(BarEngine(), upload)

    assert rise(sight, matrix) < 0.25
    assert distance_to_bars(sight, matrix) < 6


@pytest.mark.parametrize("rotation", [90, 180, 270])
@pytest.mark.parametrize("angle", [0.0, 2.5])
def test_a_turned_page_is_set_upright(rotation: int, angle: float) -> None:
    upload, matrix = seen(angle, [0.01] * 8, rotation)

    sight = prepare.see(BarEngine(), upload)

    assert sight.rotation == (360 - rotation) % 360
    assert rise(sight, matrix) < 0.25
    assert distance_to_bars(sight, matrix) < 6


def test_a_small_picture_is_enlarged_and_its_boxes_are_on_the_upload() -> None:
    page = cv2.resize(sheet(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    sight = prepare.see(BarEngine(), page)

    assert sight.image.shape[0] == 2 * page.shape[0]
    assert distance_to_bars(sight, maps.scaling(0.5)) < 3


def test_lines_of_an_enlarged_picture_are_found_on_a_reduced_copy() -> None:
    page = cv2.resize(sheet(), None, fx=0.65, fy=0.65, interpolation=cv2.INTER_AREA)
    engine = BarEngine()

    sight = prepare.see(engine, page)

    (found_on,) = engine.looks
    assert page.shape[0] < max(found_on) < sight.image.shape[0]


def test_a_small_sheet_on_a_large_picture_gets_a_closer_look() -> None:
    desk = np.full((3000, 4000, 3), 190, np.uint8)
    desk[1000:1760, 1500:2060] = cv2.resize(sheet(), (560, 760), interpolation=cv2.INTER_AREA)
    engine = BarEngine()

    sight = prepare.see(engine, desk)

    whole, closer = engine.looks
    assert closer[1] < whole[1]
    assert distance_to_bars(sight, maps.shift(1500, 1000) @ maps.scaling(0.4)) < 3


def test_a_blank_page_has_no_words() -> None:
    sight = prepare.see(BarEngine(), np.full((1600, 1400, 3), 255, np.uint8))

    assert sight.words == ()
    assert sight.rotation == 0


@given(st.floats(-6, 6), pulls)
def test_a_box_taken_there_and_back_covers_itself(angle: float, pull: list[float]) -> None:
    _, matrix = seen_only(angle, pull)
    sight = prepare.Sight(np.zeros((1, 1, 3), np.uint8), (), np.linalg.inv(matrix), 0)
    box = Box(300, 400, 500, 440)

    there = sight.locate(box)
    back = maps.moved(corners_of(there), matrix)

    assert back[:, 0].min() <= box.left + 0.1
    assert back[:, 0].max() >= box.right - 0.1
    assert back[:, 1].min() <= box.top + 0.1
    assert back[:, 1].max() >= box.bottom - 0.1


def seen_only(angle: float, pull: Sequence[float]) -> tuple[None, maps.Matrix]:
    size = (WIDTH, HEIGHT)
    corners = maps.corners(size)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    goal = (corners + np.array(pull).reshape(4, 2) * size * inward).astype(np.float32)
    turn = np.eye(3)
    turn[:2] = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), angle, 1.0)
    return None, cv2.getPerspectiveTransform(corners.astype(np.float32), goal) @ turn


class Undecided(BarEngine):
    """Reads nothing well, whichever way up."""

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        weak = Line(text="某", characters=(Character(text="某", probability=0.5),))
        return tuple(weak for _ in images)


def test_without_evidence_a_page_stays_as_it_came() -> None:
    page = sheet()
    engine = Undecided()

    assert upright.rotation(engine, page, engine.find(page)) == 0


def test_one_line_that_is_read_beyond_doubt_settles_which_way_is_up() -> None:
    page = sheet()
    engine = BarEngine()

    assert upright.rotation(engine, page, engine.find(page)) == 0
    assert engine.asked == [1]


def test_columns_of_labels_do_not_turn_a_page() -> None:
    page = np.full((800, 800, 3), 250, np.uint8)
    page[100:140, 100:400, :2] = np.linspace(0, 140, 300)[None, :, None]
    page[100:140, 100:400, 2] = 0
    cv2.rectangle(page, (600, 100), (640, 700), (0, 0, 0), -1)
    engine = BarEngine()

    assert upright.rotation(engine, page, engine.find(page)) == 0


def test_a_long_line_that_leans_is_cut_from_its_top_left() -> None:
    leaning = np.array([[10, 900], [50, 10], [70, 11], [30, 901]], np.float32)  # 40 > 20

    assert maps.from_top_left(leaning)[0].tolist() == [50, 10]
    assert maps.from_top_left(np.roll(leaning, 2, axis=0))[0].tolist() == [50, 10]


def test_what_lies_on_the_desk_does_not_tilt_the_page() -> None:
    page = sheet()
    for offset in range(0, 200, 25):
        cv2.line(page, (0, 1700 + offset), (1400, 1560 + offset), (90, 90, 200), 3)

    straight = level.straightening(page, BarEngine().find(sheet()))

    assert np.array_equal(straight.matrix, np.eye(3))
