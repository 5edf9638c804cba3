"""From an uploaded picture to a page that can be read: large enough, upright and straight.

What is done to the picture is one matrix, so that every box finds its way back to the upload.
Rotation and perspective are told by evidence: which way the lines run, which way up they can be
recognised, and where lines that are level on paper meet in the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractors.ocr import lines
from extractors.ocr.engine import Engine, Image, Quad
from extractors.page import level, maps, upright
from extractors.page.maps import Matrix
from schemas.geometry import Box
from schemas.text import Word

_SMALL = 1300
"""Below this long side, in pixels, print is so small that enlarging it wins fields."""
_ENLARGED = 2.0
_LARGE = 4200
"""Beyond this long side no field is won, and memory is lost."""
_LOOKED_AT = 1920
"""Long side at which the detector looks; a larger picture is reduced by it."""
_ENLARGED_LOOK = 1536
"""Long side at which lines are found on an enlarged picture: print is 32 high then, which is
enough (1.0, 1.5 and 2 times the upload found 393, 397 and 399 of 415 texts), and a third cheaper.
"""
_SMALL_PRINT = 18.0
"""Height of lines, in pixels, below which the detector misses some."""
_NEARER = 1.4
"""How much larger a closer look has to show the print to be worth a second one."""
_STRONG = 10.0
"""Degrees of tilt beyond which lines are found again once the page is straight."""
_GROWTH = 1.5


@dataclass(frozen=True)
class Sight:
    """A page as it is read: upright, straight, with its words in pixels of `image`.

    `to_upload` takes pixels of `image` to pixels of the upload; `rotation` is how many degrees
    clockwise the upload was turned.
    """

    image: Image
    words: tuple[Word, ...]
    to_upload: Matrix
    rotation: int

    def locate(self, box: Box) -> Box:
        """Return the box on the upload that covers a box on the image."""
        size = (box.width, box.height)
        corners = maps.corners(size) + np.array([box.left, box.top])
        return lines.box_of(maps.moved(corners, self.to_upload))


def see(engine: Engine, upload: Image) -> Sight:
    """Bring a picture into reading position and read it.

    Lines are found once where the picture came nearly as it is read, and once more where it was
    turned, seen at a steep angle, or shows its sheet small.
    """
    factor = _factor(upload)
    image, forward = maps.resized(upload, factor), maps.scaling(factor)
    quads = _found(engine, image, factor)
    rotation = upright.rotation(engine, image, quads)
    if rotation:
        forward = maps.turn(rotation, maps.size_of(image)) @ forward
        image = maps.turned(image, rotation)
        quads = _found(engine, image, factor)
    straight = level.straightening(image, quads)
    if straight.tilt:
        matrix, size = maps.framed(straight.matrix, maps.size_of(image), largest=_GROWTH)
        image, forward = maps.warped(image, matrix, size), matrix @ forward
        quads = tuple(maps.moved(quad, matrix) for quad in quads)
    quads = _looked_at_again(engine, image, quads, straight.tilt)
    words = lines.read(engine, image, quads)
    to_upload = np.asarray(np.linalg.inv(forward), np.float64)
    return Sight(image, words, to_upload, rotation)


def _factor(image: Image) -> float:
    side = max(image.shape[:2])
    return _ENLARGED if side < _SMALL else min(1.0, _LARGE / side)


def _found(engine: Engine, image: Image, factor: float) -> tuple[Quad, ...]:
    """Return the lines of a picture that was enlarged by a factor."""
    reduced = min(1.0, _ENLARGED_LOOK / max(image.shape[:2])) if factor > 1 else 1.0
    return _lines(engine, maps.resized(image, reduced), maps.scaling(1 / reduced))


def _lines(engine: Engine, view: Image, back: Matrix) -> tuple[Quad, ...]:
    """Return the lines of a view of the picture, taken back to the picture."""
    return tuple(maps.moved(maps.from_top_left(quad), back) for quad in engine.find(view))


def _looked_at_again(
    engine: Engine, image: Image, quads: Sequence[Quad], tilt: float
) -> tuple[Quad, ...]:
    """Return the lines as a second look finds them, where the first was not a good one."""
    if not quads:
        return ()
    window = _window(quads, maps.size_of(image))
    whole = _LOOKED_AT / max(image.shape[:2])
    shown = min(1.0, whole)
    near = min(_ENLARGED, _LOOKED_AT / max(window.width, window.height))
    print_height = float(np.median([min(lines.size_of(quad)) for quad in quads]))
    is_small = print_height * shown < _SMALL_PRINT and near > _NEARER * shown
    if not is_small and tilt < _STRONG:
        return tuple(quads)
    if not is_small:
        return _lines(engine, image, np.eye(3))
    left, top, right, bottom = map(int, window)
    closer = maps.resized(image[top:bottom, left:right], max(1.0, near))
    back = maps.shift(left, top) @ maps.scaling(1 / max(1.0, near))
    return _lines(engine, closer, back)


def _window(quads: Sequence[Quad], size: maps.Size) -> Box:
    """Return the part of the picture around all lines, with a fifth of its size beyond."""
    box = lines.box_of(np.concatenate(quads))
    beyond = max(box.width, box.height) / 5
    width, height = size
    return Box(
        max(0.0, box.left - beyond),
        max(0.0, box.top - beyond),
        min(float(width), box.right + beyond),
        min(float(height), box.bottom + beyond),
    )
