"""Straightening by the words: lines that run aslant, and a little more so at one edge."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.geometry import Box

_FEWEST = 12
_SLOPES = np.linspace(-0.07, 0.07, 57)
_FANS = np.linspace(-0.03, 0.03, 13)

_Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Flattening:
    """Where things would stand on the page if its lines were level and its columns upright.

    A line falls by `slope` for each point to the right, and by `fan` more at the bottom of the
    page than at its top (perspective). Columns lean by the same slope, to the other side.
    """

    slope: float = 0.0
    fan: float = 0.0
    middle: tuple[float, float] = (0.0, 0.0)
    height: float = 1.0

    def box(self, box: Box) -> Box:
        """Return a box, moved as a whole to its level place."""
        down, aside = self._shift(box)
        return Box(box.left - aside, box.top - down, box.right - aside, box.bottom - down)

    def origin(self, box: Box) -> Box:
        """Return a level box at its place on the page, as near as a small slope needs it."""
        down, aside = self._shift(box)
        return Box(box.left + aside, box.top + down, box.right + aside, box.bottom + down)

    def _shift(self, box: Box) -> tuple[float, float]:
        x, y = box.centre
        at_x, at_y = x - self.middle[0], y - self.middle[1]
        down = at_x * (self.slope + self.fan * at_y / self.height)
        return down, -at_y * self.slope


LEVEL = Flattening()
"""For pages that are straight as they are."""


def flattening(boxes: Sequence[Box]) -> Flattening:
    """Return how to straighten a page, from the boxes of its words.

    Words of one line come to one height when the slope is right, so that the heights bunch.
    """
    if len(boxes) < _FEWEST:
        return LEVEL
    xs = np.array([box.centre[0] for box in boxes])
    ys = np.array([box.centre[1] for box in boxes])
    middle = (float(np.median(xs)), float(np.median(ys)))
    height = max(float(np.ptp(ys)), 1.0)
    unit = max(float(np.median([box.height for box in boxes])) / 4, 0.5)
    at_x, at_y = xs - middle[0], (ys - middle[1]) / height
    scored = []
    for fan in _FANS:
        for slope in _SLOPES:
            bunching = _bunching(ys - at_x * (slope + fan * at_y), unit)
            leaning = abs(slope) + abs(fan)
            scored.append((bunching * (1 - leaning / 10), float(slope), float(fan)))
    _, slope, fan = max(scored)
    return Flattening(slope, fan, middle, height)


def _bunching(levels: _Numbers, unit: float) -> float:
    """Return how many words share their height with others."""
    bins = ((levels - levels.min()) / unit).astype(np.int64)
    counts = np.bincount(bins).astype(np.float64)
    wide = counts[:-1] + counts[1:] if len(counts) > 1 else counts
    return float(np.sum(wide**2))
