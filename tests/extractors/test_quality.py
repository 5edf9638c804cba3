"""A verdict comes from the reading; reasons from the picture, and only where reading is weak."""

import time

import cv2
import numpy as np
import pytest

from extractors import quality
from extractors.ocr.engine import Image
from extractors.quality import Reason, Verdict
from schemas.geometry import Box
from schemas.text import Character, Word

ROWS = 20


def paper(ground: int = 210, ink: int = 40, scale: float = 1.0) -> Image:
    """Return a page with rows of print and a red mark."""
    page = np.full((1600, 1200, 3), ground, np.uint8)
    for row in range(ROWS):
        cv2.putText(page, "print " * 7, (120, 140 + 70 * row), 0, 1.2, (ink,) * 3, 3, cv2.LINE_AA)
    cv2.circle(page, (900, 1400), 150, (40, 40, 200), -1)
    return np.asarray(cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def words(probability: float = 0.99, scale: float = 1.0, left: float = 115) -> tuple[Word, ...]:
    characters = tuple(Character(text=c, probability=probability) for c in "print" * 7)
    return tuple(
        Word(
            text="print" * 7,
            box=Box(left, 110 + 70 * row, 1000, 150 + 70 * row).scaled(scale),
            confidence=probability,
            characters=characters,
        )
        for row in range(ROWS)
    )


def test_a_page_that_was_read_well_is_fine() -> None:
    assert quality.assess(paper(), words()) == quality.Quality(
        verdict=Verdict.OK, reasons=(), characters=35 * ROWS, doubted=0.0
    )


def test_nothing_read_is_unreadable() -> None:
    assert quality.assess(paper(), ()).verdict is Verdict.UNREADABLE


def test_a_blank_page_is_unreadable_without_a_reason() -> None:
    blank = np.full((900, 700, 3), (255, 250, 200), np.uint8)

    assert quality.assess(blank, ()).reasons == ()


def test_a_weak_reading_of_a_good_picture_has_no_invented_reason() -> None:
    found = quality.assess(paper(), (*words()[:16], *words(0.6)[16:]))

    assert found.verdict is Verdict.POOR
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("image", "scale", "reason"),
    [
        (cv2.GaussianBlur(paper(), (0, 0), 5), 1.0, Reason.BLURRED),
        (paper(scale=0.35), 0.35, Reason.TOO_SMALL),
        (paper(ground=80, ink=10), 1.0, Reason.TOO_DARK),
        (paper(ground=170, ink=145), 1.0, Reason.LOW_CONTRAST),
    ],
)
def test_a_weak_reading_is_explained(image: Image, scale: float, reason: Reason) -> None:
    found = quality.assess(np.asarray(image, np.uint8), words(0.5, scale))

    assert found.verdict is Verdict.UNREADABLE
    assert reason in found.reasons


def test_burnt_out_areas_are_glare_unless_the_paper_is_white() -> None:
    burnt = paper()
    burnt[100:600, 700:] = 255
    white = paper(ground=255)

    assert Reason.GLARE in quality.assess(burnt, words(0.5)).reasons
    assert Reason.GLARE not in quality.assess(white, words(0.5)).reasons


def test_lines_that_run_into_the_edge_are_cut() -> None:
    assert Reason.CUT_BORDER in quality.assess(paper(), words(0.5, left=0)).reasons
    assert Reason.CUT_BORDER not in quality.assess(paper(), words(0.5)).reasons


def test_a_photocopy_is_said_to_be_one_even_when_it_was_read_well() -> None:
    grey = np.repeat(cv2.cvtColor(paper(), cv2.COLOR_BGR2GRAY)[:, :, None], 3, axis=2)

    found = quality.assess(grey, words())

    assert found.verdict is Verdict.OK
    assert found.reasons == (Reason.GREY_COPY,)


def test_it_is_cheap() -> None:
    page, read = paper(), words(0.5)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        quality.assess(page, read)
        times.append(time.perf_counter() - start)

    assert min(times) < 0.1  # 10 ms on an idle core; other tests may run beside this one
