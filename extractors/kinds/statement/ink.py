"""Ink in a cell that its reading does not account for: a lost minus sign, digits cut off.

A recogniser drops a pale minus sign and says nothing; a seal cuts a number short, and what is
left is read with confidence. The pixels beside the reading tell both, without any recognition.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Image
from extractors.ocr.look import Look
from schemas.text import Page, Word

_FEW_LETTERS = 3
_MOSTLY_RED = 0.25
"""A word of few letters with more red ink than this on it is the seal's own: a stroke covers a
quarter to two thirds of the box that is drawn around it."""
_RED = 40
"""How much more red than green and blue a pixel of a seal is."""
_CONTRAST = 24
"""Paper and ink nearer to each other than this are a cell without print."""
_DARK = 0.4
"""How far from paper to ink a pixel has to be to count as ink."""
_TALL = 0.6
"""Digits are at least this share of the highest print in the cell."""
_FLAT = 0.4
"""A minus sign is at most this high, in heights of a digit."""
_SHORT, _LONG = 0.2, 1.3
"""A minus sign is between these wide, in heights of a digit."""
_STROKE = 0.25
"""Of a minus sign that touches a digit, at least this much stands free, in heights of a digit."""
_STROKE_OF_4 = 0.55
"""A 4 begins with a level stroke of its own."""
_NEAR = 1.3
"""A minus sign ends nearer than this to the first digit, in heights of a digit."""
_MIDDLE = 0.25
"""It stands no further from the middle of the digits, in heights of a digit."""
_CUT = 0.35
"""Print that begins further than this from the reading, in heights of a digit, is not in it."""


@dataclass(frozen=True, slots=True)
class Ink:
    """What stands beside a reading: a minus sign left of its digits, or a trace of one; print."""

    minus: bool = False
    trace: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class _Blob:
    """A run of ink: its edges, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def red_share(pixels: Image) -> float:
    """Return how much of a picture is covered by red ink, from 0 to 1."""
    blue, green, red = (pixels[:, :, channel].astype(np.int16) for channel in range(3))
    return float(np.mean(red - np.maximum(blue, green) > _RED))


def without_seal(page: Page, picture: Look | None) -> Page:
    """Return a recognised page without the words that are strokes or letters of a red seal.

    They would pull lines of print together and stand in cells as if something were printed
    there. What they cover is read again without the red.
    """
    if picture is None:
        return page
    kept = [word for word in page.words if not _is_of_seal(word, picture)]
    return page.model_copy(update={"words": tuple(kept)})


def _is_of_seal(word: Word, picture: Look) -> bool:
    text = word.text.strip()
    if len(text) > _FEW_LETTERS or any(char.isdigit() for char in text):
        return False
    return red_share(picture.pixels(word.box)) > _MOSTLY_RED


def ink_beside(pixels: Image, left: float, right: float, text: str) -> Ink:
    """Return what stands beside the reading `text`, which covers `left` to `right`, in pixels."""
    mask = _mask(pixels)
    blobs = list(_blobs(mask))
    digits = _digits(blobs, mask.shape[0])
    if not digits:
        return Ink()
    height = float(np.median([blob.height for blob in digits]))
    first = min(digits, key=lambda blob: blob.left)
    minus = any(_is_minus(blob, first, height) for blob in blobs)
    reach = _CUT * height
    outside = any(blob.right < left - reach or blob.left > right + reach for blob in digits)
    return Ink(minus, minus or _begins_level(mask, first, text), outside)


def _mask(pixels: Image) -> NDArray[np.uint8]:
    """Return where there is ink, 0 or 1."""
    grey = pixels.min(axis=2).astype(np.float32)
    paper, dark = float(np.percentile(grey, 75)), float(np.percentile(grey, 2))
    if paper - dark < _CONTRAST:
        return np.zeros(grey.shape, np.uint8)
    return np.asarray(grey < paper - _DARK * (paper - dark), np.uint8)


def _blobs(mask: NDArray[np.uint8]) -> Iterator[_Blob]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for left, top, width, height, area in stats[1:count].tolist():
        if area > 2:
            yield _Blob(left, top, left + width, top + height)


def _digits(blobs: Sequence[_Blob], height: int) -> list[_Blob]:
    """Return what is as high as digits are; rulings and neighbouring lines reach the edges."""
    inner = [b for b in blobs if not (b.top == 0 and b.bottom == height)]
    highest = max((blob.height for blob in inner), default=0)
    return [blob for blob in inner if blob.height >= _TALL * highest and blob.height > 4]


def _is_minus(blob: _Blob, first: _Blob, height: float) -> bool:
    """Return whether a run of ink is a short level stroke left of the first digit."""
    return (
        blob.height <= _FLAT * height
        and _SHORT * height <= blob.width <= _LONG * height
        and blob.width > blob.height
        and 0 <= first.left - blob.right <= _NEAR * height
        and abs(blob.middle - first.middle) <= _MIDDLE * height
    )


def _begins_level(mask: NDArray[np.uint8], first: _Blob, text: str) -> bool:
    """Return whether the first digit begins with a level stroke: a minus sign that touches it."""
    free = _STROKE_OF_4 if _first_digit(text) == "4" else _STROKE
    width = max(2, round(free * first.height))
    stroke = mask[first.top : first.bottom, first.left : first.left + width]
    rows = np.flatnonzero(stroke.any(axis=1))
    if not rows.size or rows[-1] - rows[0] >= _FLAT * first.height:
        return False
    middle = first.top + (rows[0] + rows[-1] + 1) / 2
    return bool(abs(middle - first.middle) <= _MIDDLE / 2 * first.height)


def _first_digit(text: str) -> str:
    return next((char for char in text if char.isdigit()), "")
