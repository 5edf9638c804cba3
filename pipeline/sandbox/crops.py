"""Pictures of pages, whole or in part, drawn in a process of their own."""

from typing import Final, NamedTuple

import cv2
import numpy as np

from extractors.intake import Limits
from extractors.ocr.engine import Image
from extractors.pdf import PdfFile
from extractors.raster import frames
from pipeline.sandbox.process import Sandbox
from schemas.documents import MediaType
from schemas.geometry import Box

_DPI: Final = 150
_POINTS_PER_INCH: Final = 72
_WIDEST: Final = 1600
"""Pixels of the longer side of what is sent."""
_MARGIN: Final = 6.0
"""Around a box, in its own units at least; half its height if that is more."""


class Drawn(NamedTuple):
    """A picture as PNG, and how large what it shows is in the units of boxes."""

    png: bytes
    width: float
    height: float


class Cutter:
    """Draws one picture at a time in a sandbox."""

    def __init__(self, limits: Limits, seconds: float) -> None:
        """Start no process before there is something to draw."""
        self._limits, self._seconds = limits, seconds
        self.sandbox = Sandbox()

    def cut(self, data: bytes, media_type: MediaType, page: int, box: Box | None) -> Drawn | None:
        """Return a picture, None where there is no such page or nothing of the box on it.

        Raises:
            DocumentError: the page cannot be drawn, or not in time.
            TransientError: other things are being drawn.
        """
        return self.sandbox.run(self._seconds, draw, data, media_type, page, box, self._limits)

    def close(self) -> None:
        """End the process."""
        self.sandbox.close()


def draw(
    data: bytes, media_type: MediaType, page: int, box: Box | None, limits: Limits
) -> Drawn | None:
    """Return a page or a part of it, None where there is nothing to show."""
    drawn = _page(data, media_type, page, limits)
    if drawn is None:
        return None
    image, scale = drawn
    shown = image if box is None else _around(image, box, scale)
    if min(shown.shape[:2]) < 1:
        return None
    done, png = cv2.imencode(".png", _fitted(shown))
    height, width = shown.shape[:2]
    return Drawn(png.tobytes(), width / scale, height / scale) if done else None


def _page(
    data: bytes, media_type: MediaType, page: int, limits: Limits
) -> tuple[Image, float] | None:
    """Return a page and its pixels for each unit of a box."""
    if media_type is MediaType.PDF:
        with PdfFile(data, limits) as file:
            if page > file.page_count:
                return None
            return file.render(page, _DPI), _DPI / _POINTS_PER_INCH
    if media_type.is_image:
        for number, image in enumerate(frames(data, media_type, limits), start=1):
            if number == page:
                return image, 1.0
    return None


def _around(image: Image, box: Box, scale: float) -> Image:
    """Return the box and a little of what is around it."""
    height, width = image.shape[:2]
    margin = max(_MARGIN, box.height / 2)
    left, right = sorted((box.left, box.right))
    top, bottom = sorted((box.top, box.bottom))
    x1, y1 = (max(0, round((edge - margin) * scale)) for edge in (left, top))
    x2, y2 = round((right + margin) * scale), round((bottom + margin) * scale)
    return image[min(y1, height) : max(0, min(y2, height)), min(x1, width) : max(0, min(x2, width))]


def _fitted(image: Image) -> Image:
    longer = max(image.shape[:2])
    if longer <= _WIDEST:
        return np.ascontiguousarray(image)
    height, width = (max(1, round(edge * _WIDEST / longer)) for edge in image.shape[:2])
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
