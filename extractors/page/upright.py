"""Which way up a picture is, told by evidence: how its lines run and which way they can be read.

Upright, the lines of 90 real licences are recognised at a mean probability of 0.9 to 1.0 each;
upside down at 0.16 to 0.64. So a few short pieces of line settle the question, where an
orientation model of the whole picture is wrong now and then (0.68 for a wrong answer).
"""

from collections.abc import Sequence

import numpy as np

from extractors.ocr import lines
from extractors.ocr.engine import Engine, Image, Quad
from extractors.page import maps

_ELONGATED = 3.0
_PIECE = 8.0
"""How many times as long as high the piece of a line is that is asked: 8 characters are plenty."""
_BEYOND_DOUBT = 0.95
"""The same of a single line, after which no other is asked."""
_FEW = 3
_MORE = 8
_SURE = 0.85
"""Mean probability of recognised characters that leaves no doubt: nothing upside down has it."""
_LEAST = 0.6
_MARGIN = 0.1
"""By how much another way up has to be read better than the picture as it came."""
_CLEAR = 4.0
"""How many times the length of lines one way has to be of that across, to be the only way."""


def rotation(engine: Engine, image: Image, quads: Sequence[Quad]) -> int:
    """Return by how many degrees clockwise the picture has to be turned to be upright.

    The way that the longer lines ask for is tried first and taken when it leaves no doubt; then
    every way that is possible is compared, and the picture stays as it is unless another way is
    clearly read better.
    """
    wide, tall = _by_direction(quads)
    is_on_its_side = _length(tall) > _length(wide)
    first = 90 if is_on_its_side else 0
    likely, other = (tall, wide) if is_on_its_side else (wide, tall)
    if _legibility(engine, image, likely[:1], first) > _BEYOND_DOUBT:
        return first
    if _legibility(engine, image, likely[:_FEW], first) > _SURE:
        return first
    scores = {way: _legibility(engine, image, likely[:_MORE], way) for way in (first, first + 180)}
    if _length(likely) < _CLEAR * _length(other):
        across = (90 - first, 270 - first)
        scores |= {way: _legibility(engine, image, other[:_MORE], way) for way in across}
    best = max(scores, key=lambda way: scores[way])
    is_better = scores[best] > max(_LEAST, scores.get(0, 0.0) + _MARGIN)
    return best if is_better else 0


def _by_direction(quads: Sequence[Quad]) -> tuple[list[Quad], list[Quad]]:
    """Return the lines that run across and those that run down, the longest first.

    Where no line is clearly longer than high, everything may be either.
    """
    sizes = [(quad, *lines.size_of(quad)) for quad in quads]
    wide = [quad for quad, width, height in sizes if width > _ELONGATED * height]
    tall = [quad for quad, width, height in sizes if height > _ELONGATED * width]
    if not wide and not tall:
        wide = tall = list(quads)
    return sorted(wide, key=_longest, reverse=True), sorted(tall, key=_longest, reverse=True)


def _longest(quad: Quad) -> float:
    return max(lines.size_of(quad))


def _length(quads: Sequence[Quad]) -> float:
    return sum(map(_longest, quads))


def _legibility(engine: Engine, image: Image, quads: Sequence[Quad], way: int) -> float:
    """Return the mean probability of the characters one way up, counting each line alike."""
    crops = [maps.turned(_piece(lines.cut(image, quad)), way) for quad in quads]
    read = engine.recognise(crops) if crops else ()
    scores = [
        float(np.mean([c.probability for c in line.characters])) if line.characters else 0.0
        for line in read
    ]
    return float(np.mean(scores)) if scores else 0.0


def _piece(crop: Image) -> Image:
    """Return the beginning of a line, or a square crop whole."""
    height, width = crop.shape[:2]
    reach = round(_PIECE * min(height, width))
    return crop[:reach, :reach]
