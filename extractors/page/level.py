"""From a sheet seen at an angle to a level one: the homography that its own lines ask for.

Lines that are level on paper meet in one vanishing point of the picture, plumb lines in another.
A homography that sends both points to infinity along the axes makes the sheet straight
(Liebowitz and Zisserman, "Metric rectification for perspective images of planes", CVPR 1998;
for text: Clark and Mirmehdi, "Rectifying perspective views of text in 3D scenes using vanishing
points", 2003). Evidence is the lines of text, rulings, the printed border and the edges of the
paper, found as line segments (Grompone von Gioi et al., "LSD: a line segment detector", IPOL
2012). What lies about on the desk is outvoted: a vanishing point is the one that most length of
line points at, found over pairs of long lines (RANSAC) and refined by least squares.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr import lines
from extractors.ocr.engine import Image, Quad
from extractors.page import maps
from extractors.page.maps import Matrix

Floats = NDArray[np.float64]

_SIDE = 800
"""Longest side, in pixels, at which line segments are looked for (40 ms)."""
_SHORTEST = 0.04
"""Segments shorter than this share of the longest side are strokes of print."""
_ELONGATED = 3.0
_TEXT_WEIGHT = 2.0
"""Text counts twice as much as what is drawn: a fold or a curl moves the border first."""
_TEXT_TOLERANCE = float(np.radians(0.9))
"""A detector's box follows its line this well; near level, it snaps to the axes."""
_DRAWN_TOLERANCE = float(np.radians(0.45))
_LEVEL_WINDOW = float(np.radians(8))
"""How far from the direction of the text a level line may run."""
_PLUMB_WINDOW = float(np.radians(12))
_LONGEST_FEW = 28
_DISTINCT = 0.03
"""Two lines closer to parallel than this (determinant) point at no vanishing point."""
_STEEPEST = 0.25
"""Vanishing points nearer than four half diagonals are not those of a sheet that can be read."""
_CAUTION = 0.3
"""Length of line, in half diagonals, that a keystone of 1 has to win more than none."""
_PRIOR = 0.02
_ENOUGH = 1.0
"""Length of plumb line, in half diagonals, without which plumb is taken as square to level."""
_LITTLE = 0.3
"""What is enough where the plumb lines are nearly square to the level ones, and nearly parallel."""
_NEARLY_SQUARE, _MILD = float(np.radians(3)), 0.05
_WORTH = 0.12
"""Heights of a line that it may rise or lean over the text before straightening is worth it."""


@dataclass(frozen=True)
class Straightening:
    """The map that makes a sheet level, and by how many degrees its lines were off at most."""

    matrix: Matrix
    tilt: float = 0.0


@dataclass(frozen=True)
class Pencil:
    """The lines through one vanishing point, nearly along the first axis.

    In coordinates about the middle of the picture, in halves of its diagonal, the line through
    (x, y) has the direction (1 - keystone * x, slope - keystone * y). `support` is the length of
    the lines that agree.
    """

    slope: float = 0.0
    keystone: float = 0.0
    support: float = 0.0

    @property
    def point(self) -> Floats:
        """The vanishing point, homogeneous."""
        return np.array([1.0, self.slope, self.keystone])


@dataclass(frozen=True)
class Evidence:
    """Line segments: their middles, unit directions, weights and tolerances (radians)."""

    middle: Floats
    direction: Floats
    weight: Floats
    tolerance: Floats

    @property
    def angle(self) -> Floats:
        """Angles to the first axis, in radians."""
        return np.asarray(np.arctan2(self.direction[:, 1], self.direction[:, 0]))

    def near(self, angle: float, window: float) -> "Evidence":
        """Return what runs within a window of an angle."""
        kept = np.abs(self.angle - angle) < window
        parts = (self.middle, self.direction, self.weight, self.tolerance)
        return Evidence(*(part[kept] for part in parts))

    def and_(self, other: "Evidence") -> "Evidence":
        """Return both together."""
        return Evidence(
            np.concatenate([self.middle, other.middle]),
            np.concatenate([self.direction, other.direction]),
            np.concatenate([self.weight, other.weight]),
            np.concatenate([self.tolerance, other.tolerance]),
        )


def straightening(image: Image, quads: Sequence[Quad]) -> Straightening:
    """Return the map that makes the lines of a picture level and its margins plumb.

    The picture is upright within 45 degrees. The middle of the picture stays in place and keeps
    its scale. A page that is straight already is left exactly as it is.
    """
    text = _along(quads)
    if not len(text):
        return Straightening(np.eye(3))
    spans = text[:, 2:] - text[:, :2]
    skew = _weighted_median(np.arctan2(spans[:, 1], spans[:, 0]), np.hypot(*spans.T))
    unit = _units(maps.size_of(image), skew)
    drawn = _moved(_drawn(image), unit)
    written = _evidence(_moved(text, unit), _TEXT_TOLERANCE, _TEXT_WEIGHT)
    level = _level(written, _evidence(drawn, _DRAWN_TOLERANCE))
    plumb = _plumb(_evidence(drawn[:, [1, 0, 3, 2]], _DRAWN_TOLERANCE), -level.slope)
    matrix = np.linalg.inv(_units(maps.size_of(image), 0.0)) @ _to_infinity(level, plumb) @ unit
    if not _is_worth_it(matrix, quads):
        return Straightening(np.eye(3))
    return Straightening(matrix, float(np.degrees(abs(skew) + abs(level.slope))))


def _along(quads: Sequence[Quad]) -> Floats:
    """Return the middle lines of lines of text, n × 4."""
    sizes = [(quad, *lines.size_of(quad)) for quad in quads]
    long = [quad for quad, width, height in sizes if width > _ELONGATED * height]
    middles = [np.concatenate([(q[0] + q[3]) / 2, (q[1] + q[2]) / 2]) for q in long]
    return np.array(middles, np.float64).reshape(-1, 4)


def _drawn(image: Image) -> Floats:
    """Return the long straight edges and strokes of a picture, n × 4."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    factor = min(1.0, _SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(small)[0]
    if found is None:
        return np.zeros((0, 4))
    segments = found[:, 0].astype(np.float64)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    return np.asarray(segments[length > _SHORTEST * max(small.shape)] / factor)


def _units(size: maps.Size, skew: float) -> Matrix:
    """Return the map to halves of the diagonal about the middle, turned back by the skew."""
    width, height = size
    cosine, sine = np.cos(skew), np.sin(skew)
    back = np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]])
    radius = float(np.hypot(width, height)) / 2
    return back @ maps.scaling(1 / radius) @ maps.shift(-width / 2, -height / 2)


def _moved(segments: Floats, matrix: Matrix) -> Floats:
    return maps.moved(segments.reshape(-1, 2), matrix).astype(np.float64).reshape(-1, 4)


def _evidence(segments: Floats, tolerance: float, weight: float = 1.0) -> Evidence:
    span = segments[:, 2:] - segments[:, :2]
    length = np.maximum(np.hypot(span[:, 0], span[:, 1]), 1e-9)
    forward = np.where(span[:, :1] < 0, -span, span) / length[:, None]
    middle = (segments[:, :2] + segments[:, 2:]) / 2
    return Evidence(middle, forward, length * weight, np.full(len(segments), tolerance))


def _level(written: Evidence, drawn: Evidence) -> Pencil:
    """Return the pencil of the level lines: the text's own, sharpened by what is drawn."""
    return _pencil(written.and_(drawn).near(0.0, _LEVEL_WINDOW))


def _plumb(drawn: Evidence, square: float) -> Pencil:
    """Return the pencil of the plumb lines, axes exchanged; square to level for want of lines."""
    found = _pencil(drawn.near(square, _PLUMB_WINDOW))
    is_mild = abs(found.slope - square) < _NEARLY_SQUARE and abs(found.keystone) < _MILD
    enough = _LITTLE if is_mild else _ENOUGH
    return found if found.support >= enough else Pencil(square)


def _pencil(evidence: Evidence) -> Pencil:
    """Return the pencil that most length of line belongs to.

    A direction (dx, dy) at (x, y) belongs to the pencil when dy (1 - k x) = dx (s - k y), which
    is linear in the slope s and the keystone k; the residue is about the angle between them.
    """
    if not len(evidence.weight):
        return Pencil()
    along, across = evidence.direction.T
    bend = across * evidence.middle[:, 0] - along * evidence.middle[:, 1]
    terms = np.column_stack([along, bend])
    plain = np.array([_weighted_median(evidence.angle, evidence.weight), 0.0])
    tries = np.vstack([plain, _crossings(terms, across, np.argsort(-evidence.weight))])
    agreed = _agreement(terms @ tries.T - across[:, None], evidence)
    best = tries[int((agreed.sum(axis=0) - _CAUTION * np.abs(tries[:, 1])).argmax())]
    wide = replace(evidence, tolerance=1.5 * evidence.tolerance)
    for _ in range(4):
        weight = _agreement((terms @ best - across)[:, None], wide)
        normal = terms.T @ (terms * weight) + np.diag([1e-9, _PRIOR])
        best = np.linalg.solve(normal, terms.T @ (across * weight[:, 0]))
    support = _agreement((terms @ best - across)[:, None], wide).sum()
    return Pencil(float(best[0]), float(best[1]), float(support))


def _crossings(terms: Floats, goals: Floats, order: NDArray[np.intp]) -> Floats:
    """Return slope and keystone of the pencils through pairs of the longest lines, n × 2."""
    pairs = np.array(list(itertools.combinations(order[:_LONGEST_FEW], 2)), int).reshape(-1, 2)
    pairs = pairs[np.abs(np.linalg.det(terms[pairs])) > _DISTINCT]
    crossings = np.linalg.solve(terms[pairs], goals[pairs][..., None])[..., 0]
    return np.asarray(crossings[np.abs(crossings[:, 1]) < _STEEPEST])


def _agreement(residue: Floats, evidence: Evidence) -> Floats:
    """Return how much of each line belongs to each pencil, lines × pencils."""
    off = residue / evidence.tolerance[:, None]
    return np.asarray(evidence.weight[:, None] * np.clip(1 - off**2, 0, None))


def _to_infinity(level: Pencil, plumb: Pencil) -> Matrix:
    """Return the homography that sends both vanishing points to infinity, along the axes."""
    first, second = level.point, plumb.point[[1, 0, 2]]
    horizon = np.cross(first, second)
    bend = np.eye(3)
    bend[2] = horizon / horizon[2]
    sides = [point[:2] / np.linalg.norm(point[:2]) for point in (first, second)]
    square = np.eye(3)
    square[:2, :2] = np.linalg.inv(np.column_stack(sides))
    return np.asarray(square @ bend)


def _is_worth_it(matrix: Matrix, quads: Sequence[Quad]) -> bool:
    """Say whether the text rises or leans by a good part of a line's height as it is."""
    points = np.concatenate(quads)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    reach = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    change = maps.moved(reach, matrix) - reach
    rise = np.abs([change[0, 1] - change[1, 1], change[3, 1] - change[2, 1]])
    lean = np.abs([change[0, 0] - change[3, 0], change[1, 0] - change[2, 0]])
    height = float(np.median([min(lines.size_of(quad)) for quad in quads]))
    return bool(max(rise.max(), lean.max()) > _WORTH * height)


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    share = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(share, share[-1] / 2)])
