"""From the corners of lines to words: cut each line out straight and have it recognised."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Engine, Image, Quad
from schemas.geometry import Box
from schemas.text import Word

_TALL = 1.5
"""A line this many times higher than wide is a column of characters."""
_LEAST = 3.0
"""Corners closer than this many pixels hold no text."""


def read(engine: Engine, image: Image, quads: Sequence[Quad]) -> tuple[Word, ...]:
    """Recognise every line; boxes are in pixels of the image, words in reading order.

    A column of characters (labels set below each other) becomes a word for each character.
    """
    pieces = [piece for quad in quads for piece in _pieces(image, quad)]
    lines = engine.recognise([crop for _, crop in pieces])
    words = [
        Word(
            text=line.text,
            box=box,
            confidence=float(np.mean([c.probability for c in line.characters])),
            characters=line.characters,
        )
        for (box, _), line in zip(pieces, lines, strict=True)
        if line.text.strip()
    ]
    return in_reading_order(words)


def in_reading_order(words: Sequence[Word]) -> tuple[Word, ...]:
    """Sort words into rows from top to bottom, and each row from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.centre[1]):
        last = rows[-1][-1].box if rows else None
        if last and word.box.centre[1] - last.centre[1] < min(last.height, word.box.height) / 2:
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(word for row in rows for word in sorted(row, key=lambda word: word.box.left))


def box_of(quad: Quad) -> Box:
    """Return the box around four corners."""
    left, top = quad.min(axis=0)
    right, bottom = quad.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


def size_of(quad: Quad) -> tuple[float, float]:
    """Return the width and height of a line along its own sides."""
    width = max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2]))
    height = max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))
    return float(width), float(height)


def cut(image: Image, quad: Quad) -> Image:
    """Return a line cut out of the image, made level."""
    width, height = (max(1, round(side)) for side in size_of(quad))
    goal = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), goal)
    flat = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)


def _pieces(image: Image, quad: Quad) -> Iterator[tuple[Box, Image]]:
    width, height = size_of(quad)
    if min(width, height) < _LEAST:
        return
    crop = cut(image, quad)
    if height < _TALL * width:
        yield box_of(quad), crop
        return
    rows = list(_characters_of(crop))
    if len(rows) == 1 and rows[0][1] - rows[0][0] > _TALL * width:
        yield box_of(quad), np.ascontiguousarray(np.rot90(crop))
        return
    box = box_of(quad)
    for top, bottom in rows:
        yield Box(box.left, box.top + top, box.right, box.top + bottom), crop[top:bottom]


def _characters_of(column: Image) -> Iterator[tuple[int, int]]:
    """Yield where ink stands in a column of characters, from top to bottom.

    Strokes of one character may leave a gap: runs of ink are joined while they fit a square.
    """
    height, width = column.shape[:2]
    grey = cv2.cvtColor(column, cv2.COLOR_BGR2GRAY)
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    runs = list(_runs((ink > 0).sum(axis=1) > max(1, 0.02 * width)))
    joined: list[list[int]] = []
    for start, end in runs:
        if joined and end - joined[-1][0] <= 1.1 * width:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    for start, end in joined or [[0, height]]:
        if end - start > width / 4:
            yield max(0, start - 3), min(height, end + 3)


def _runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    yield from ((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))
