"""How well an uploaded picture can be read, and what about it stands in the way.

The verdict comes from the reading itself, from the share of characters that the recogniser was
not sure of. Measures of the picture only explain it: each reason names a measure that lies
outside of what 55 well-read photographs of licences show, and is given only where the reading
is weak. Among 90 such photographs the height of print (rank correlation -0.38 with the share of
weak characters) and the sharpness of strokes (-0.50) went with weak readings; brightness (-0.05)
and burnt-out areas (-0.05) did not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Image
from schemas.base import Model
from schemas.text import Word

_DOUBTED = 0.85
"""A character below this probability is not accepted."""
_POOR = 0.10
"""Share of doubted characters beyond which the picture is worth taking again (12 of 90)."""
_UNREADABLE = 0.45
_FEWEST = 10
"""Fewer characters than this are no reading of a paper."""
_LOW_PRINT = 16.0
"""Height of lines, in pixels of the upload: the well-read have 16 to 63."""
_SOFT = 0.66
"""Steepness of strokes: nine in ten of the well-read are above, half of the weak below."""
_DARK = 100.0
"""Grey level of the paper: the well-read have 100 to 255."""
_FLAT = 40.0
"""Grey levels between ink and paper: the well-read have 44 to 206."""
_BURNT = 252
_BURNT_SHARE = 0.02
_WHITE_PAPER = 235.0
_COLOURLESS = 18.0
"""Spread of the channels that 99 % of a photocopy stay below: 11 to 15, all others from 20."""
_SAMPLES = 40
_HEIGHT = 32
_EDGE = 2.0
"""Pixels from the edge of the picture within which a line counts as cut off."""


class Verdict(StrEnum):
    """What to do with a picture."""

    OK = "ok"
    POOR = "poor"
    """It was read, with doubts: a better picture would settle them."""
    UNREADABLE = "unreadable"
    """Too little was read to work with."""


class Reason(StrEnum):
    """What stands in the way of reading, or should be known."""

    BLURRED = "blurred"
    GLARE = "glare"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    LOW_CONTRAST = "low_contrast"
    CUT_BORDER = "cut_border"
    GREY_COPY = "grey_copy"


class Quality(Model):
    """A verdict with its reasons, how much was read, and the share of it that was doubted."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    characters: int
    doubted: float


@dataclass(frozen=True)
class _Print:
    """What the lines of text look like: medians, but for the sharpness."""

    height: float
    sharpness: float
    contrast: float
    paper: float


def assess(image: Image, words: Sequence[Word]) -> Quality:
    """Judge an uploaded picture by the words that were read, with their boxes on it."""
    doubted = _doubted(words)
    count = sum(len(word.text) for word in words)
    verdict = _verdict(count, doubted)
    reasons = list(_remarks(image))
    if verdict is not Verdict.OK:
        reasons = [*_obstacles(image, words), *reasons]
    return Quality(
        verdict=verdict,
        reasons=tuple(reasons),
        characters=count,
        doubted=round(doubted, 4),
    )


def _doubted(words: Sequence[Word]) -> float:
    weak = [c.probability < _DOUBTED for word in words for c in word.characters if c.text.strip()]
    return float(np.mean(weak)) if weak else 1.0


def _verdict(count: int, doubted: float) -> Verdict:
    if count < _FEWEST or doubted > _UNREADABLE:
        return Verdict.UNREADABLE
    return Verdict.POOR if doubted > _POOR else Verdict.OK


def _remarks(image: Image) -> Iterator[Reason]:
    """Yield what should be known of a picture that can be read well nevertheless.

    A licence has gold, red and green on it; next to nothing is coloured on a photocopy.
    """
    small = cv2.resize(image, (400, 400), interpolation=cv2.INTER_AREA)
    spread = small.max(axis=2).astype(int) - small.min(axis=2)
    if np.percentile(spread, 99) < _COLOURLESS:
        yield Reason.GREY_COPY


def _obstacles(image: Image, words: Sequence[Word]) -> Iterator[Reason]:
    """Yield the measures that are outside of what well-read pictures show."""
    crops = list(_crops(image, words))
    if not crops:
        return
    seen = _print(crops)
    limits = {
        Reason.TOO_SMALL: seen.height < _LOW_PRINT,
        Reason.BLURRED: seen.sharpness < _SOFT,
        Reason.TOO_DARK: seen.paper < _DARK,
        Reason.LOW_CONTRAST: seen.contrast < _FLAT,
        Reason.GLARE: seen.paper < _WHITE_PAPER and _burnt(image) > _BURNT_SHARE,
        Reason.CUT_BORDER: _is_cut(image, words),
    }
    yield from (reason for reason, holds in limits.items() if holds)


def _crops(image: Image, words: Sequence[Word]) -> Iterator[NDArray[np.uint8]]:
    """Yield the pixels of the longest lines, in grey."""
    longest = sorted(words, key=lambda word: -max(word.box.width, word.box.height))
    for word in longest[:_SAMPLES]:
        left, top, right, bottom = (max(0, int(edge)) for edge in word.box)
        crop = image[top : bottom + 1, left : right + 1]
        if min(crop.shape[:2]) > 3:
            yield np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), np.uint8)


def _print(crops: Sequence[NDArray[np.uint8]]) -> _Print:
    looks = np.array([_look_of(crop) for crop in crops])
    return _Print(
        height=float(np.median(looks[:, 0])),
        sharpness=float(np.percentile(looks[:, 1], 20)),
        contrast=float(np.median(looks[:, 2])),
        paper=float(np.median(looks[:, 3])),
    )


def _look_of(crop: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """Return height, sharpness, contrast and paper of a line.

    Sharpness is the steepest change of grey over that between ink and paper, at a common height
    of print: a measure relative to the strokes, where the variance of the Laplacian of the whole
    picture (Pech-Pacheco et al., ICPR 2000) mostly tells how much is printed on it (rank
    correlation -0.34; this one, after Kumar, Chen and Doermann, "Sharpness estimation for
    document and scene images", ICPR 2012: -0.50).
    """
    height = min(crop.shape)
    factor = _HEIGHT / height
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    line = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=how)
    ink, paper = np.percentile(line, [5, 90])
    steep = np.percentile(np.abs(cv2.Sobel(line, cv2.CV_32F, 1, 0, ksize=3)) / 4, 98)
    contrast = float(paper - ink)
    return float(height), float(steep) / max(contrast, 1.0), contrast, float(paper)


def _burnt(image: Image) -> float:
    """Return the share of a picture where all channels are at their end."""
    small = cv2.resize(image, (320, 320), interpolation=cv2.INTER_AREA)
    return float((small.min(axis=2) >= _BURNT).mean())


def _is_cut(image: Image, words: Sequence[Word]) -> bool:
    """Say whether two lines or more run into the edge of the picture."""
    height, width = image.shape[:2]
    cut = [
        word
        for word in words
        if min(word.box.left, word.box.top, width - word.box.right, height - word.box.bottom)
        <= _EDGE
    ]
    return len(cut) >= 2
