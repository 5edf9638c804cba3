"""The text on the arc of a round seal: the circle is found, the ring unrolled, and read.

The circle is sought in what is redder than it is green or blue, and on a photocopy in what is
dark; of either only thin strokes count, so that a red desk or frame is no ink. Pictures keep
colour coarser than brightness, so that the letters are read from the green channel, in which red
is dark. The ring is read in cuts of several widths, since seals differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Image, Line, SecondOpinion
from extractors.ocr.look import Look
from schemas.geometry import Box

_RINGS = ((0.56, 0.94), (0.52, 0.90))
"""Inner and outer edge of the text, as shares of the radius."""
_OPEN = 0.06
"""Share of the circle at the bottom, on either side, that bears no text of the name."""
_CHORD, _BELOW_STAR = 0.72, (0.33, 0.68)
"""Half the width, and the rows, of what a seal may bear below its star, as shares of the radius."""
_SCALE = 1.5
"""The strip is a little larger than the ring, for the recogniser's sake."""
_TRIALS, _POINTS = 2000, 800
"""Circles tried, and pixels of ink that they are tried on."""
_FAINT = (22, 11, 7)
"""By how much ink is redder than the paper: of a fresh seal, of a faded one, of one in the dark."""
_DARK = (60, 25)
"""By how much the ink of a copied seal is darker than the paper: of a black one, and of a grey."""
_STROKE = 0.3
"""Strokes are thinner than this share of the least radius: what is broader is no ink."""
_THICK = 0.025
"""How far from the circle, as a share of its radius, its line reaches."""
_BEST = 40
"""So many circles with the most ink are compared by how far around it reaches."""
_DENSE = 0.5
"""Share of the directions in which the line of a seal is seen."""


@dataclass(frozen=True)
class Circle:
    """The outer line of a seal, in pixels of the picture that it was found in."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Arc:
    """Where a seal is, and what stands on its arc: a line for each cut of the ring.

    `below` is what stands below its star: a branch, a purpose, or nothing but the date under it.
    """

    box: Box
    lines: tuple[Line, ...]
    below: Line = field(default_factory=Line)
    cuts: tuple[Image, ...] = field(default=(), repr=False, compare=False)

    def doubted(self, look: Look) -> tuple[Line, ...] | None:
        """Have the cuts read by the unlike recogniser; None where the engine has none."""
        if not isinstance(look.engine, SecondOpinion):
            return None
        return look.engine.reconsider(self.cuts)


def read(look: Look, place: Box, sizes: tuple[float, float]) -> Arc | None:
    """Return the seal in a place and what stands on its arc.

    Args:
        look: the picture of the page.
        place: where the seal is looked for, in points.
        sizes: the least and the largest radius, in points.
    """
    pixels = look.pixels(place)
    least, largest = (size / look.scale for size in sizes)
    tried = (find_circle(ink, faint, least, largest) for ink, faint in _inks(pixels, least))
    circle = next((found for found in tried if found), None)
    if circle is None:
        return None
    strip = unrolled(pixels[:, :, 1], circle)
    cuts = tuple(_cut(strip, ring) for ring in _RINGS)
    *lines, below = look.engine.recognise([*cuts, _below(pixels, circle)])
    return Arc(
        box=_box(circle, place, look.scale),
        lines=tuple(lines),
        below=below,
        cuts=cuts,
    )


def _below(image: Image, circle: Circle) -> Image:
    """Return what stands across a seal below its star, in the channel where red is dark."""
    height, width = image.shape[:2]
    sides, rows = (-_CHORD, _CHORD), _BELOW_STAR
    left, right = (int(np.clip(circle.x + share * circle.radius, 0, width)) for share in sides)
    top, bottom = (int(np.clip(circle.y + share * circle.radius, 0, height)) for share in rows)
    part = image[top:bottom, left:right, 1:2]
    return np.repeat(part, 3, axis=2) if part.size else np.full((8, 8, 3), 255, np.uint8)


def _inks(image: Image, least: float) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Yield where ink may be, the surest first, with the level from which it is ink."""
    size = max(3, int(_STROKE * least)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    red = np.asarray(cv2.morphologyEx(_redness(image), cv2.MORPH_TOPHAT, kernel), np.uint8)
    yield from ((red, faint) for faint in _FAINT)
    dark = cv2.morphologyEx(image[:, :, 1], cv2.MORPH_BLACKHAT, kernel)
    yield from ((np.asarray(dark, np.uint8), faint) for faint in _DARK)


def _box(circle: Circle, place: Box, scale: float) -> Box:
    return Box(
        place.left + (circle.x - circle.radius) * scale,
        place.top + (circle.y - circle.radius) * scale,
        place.left + (circle.x + circle.radius) * scale,
        place.top + (circle.y + circle.radius) * scale,
    )


def find_circle(red: NDArray[np.uint8], faint: int, least: float, largest: float) -> Circle | None:
    """Return the circle that most red pixels lie on, or None where there is no whole one."""
    ink = np.argwhere(red > np.median(red) + faint)[:, ::-1].astype(np.float64)
    if len(ink) < _POINTS // 10:
        return None
    chance = np.random.default_rng(0)
    points = ink[chance.choice(len(ink), min(_POINTS, len(ink)), replace=False)]
    triples = points[chance.integers(0, len(points), (_TRIALS, 3))]
    circles = _through(triples)
    circles = circles[(circles[:, 2] > least) & (circles[:, 2] < largest)]
    if not len(circles):
        return None
    away = np.hypot(
        points[None, :, 0] - circles[:, None, 0], points[None, :, 1] - circles[:, None, 1]
    )
    on_line = np.abs(away / circles[:, None, 2] - 1) < _THICK
    rounds = [
        (_covered(points[on_line[n]], *circles[n][:2]), n)
        for n in np.argsort(-on_line.sum(axis=1))[:_BEST]
    ]
    covered, best = max(rounds)
    return Circle(*circles[best]) if covered > _DENSE else None


def unrolled(green: NDArray[np.uint8], circle: Circle) -> Image:
    """Return the disc as a strip, outside on top, from the bottom of the seal clockwise around."""
    length = int(2 * np.pi * 0.8 * circle.radius * _SCALE)
    rolled = cv2.warpPolar(
        green,
        (int(circle.radius * _SCALE), length),
        (circle.x, circle.y),
        circle.radius,
        cv2.WARP_POLAR_LINEAR | cv2.INTER_CUBIC | cv2.WARP_FILL_OUTLIERS,
    )
    strip = np.roll(np.rot90(rolled), -length // 4, axis=1)
    return np.repeat(strip[:, :, None], 3, axis=2).astype(np.uint8)


def _cut(strip: Image, ring: tuple[float, float]) -> Image:
    height, width = strip.shape[:2]
    inner, outer = ring
    top, bottom = int(height * (1 - outer)), int(height * (1 - inner))
    band = strip[top:bottom, int(_OPEN * width) : int((1 - _OPEN) * width)]
    return np.ascontiguousarray(band)


def _redness(image: Image) -> NDArray[np.uint8]:
    blue, green, red = (image[:, :, channel].astype(np.int16) for channel in range(3))
    return np.asarray(np.clip(red - np.maximum(blue, green), 0, 255), np.uint8)


def _through(triples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the circles (x, y, radius) through triples of points."""
    a, b, c = triples[:, 0], triples[:, 1], triples[:, 2]
    bx, by = (b - a).T
    cx, cy = (c - a).T
    twice = 2 * (bx * cy - by * cx)
    twice[np.abs(twice) < 1e-6] = np.inf
    b2, c2 = bx**2 + by**2, cx**2 + cy**2
    x, y = (cy * b2 - by * c2) / twice, (bx * c2 - cx * b2) / twice
    return np.column_stack([a[:, 0] + x, a[:, 1] + y, np.hypot(x, y)])


def _covered(points: NDArray[np.float64], x: float, y: float) -> float:
    """Return the share of 72 directions from a middle in which there is a point."""
    angles = np.arctan2(points[:, 1] - y, points[:, 0] - x)
    return len(np.unique(((angles + np.pi) / (2 * np.pi) * 72).astype(int))) / 72
