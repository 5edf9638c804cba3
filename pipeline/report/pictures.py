"""Crops of the original papers as data URIs, each page drawn once and let go of.

Boxes are in the coordinates of the upload: points on a PDF page, pixels of a picture as it is
seen. A paper that is gone, or a box that is not on its page, has no picture.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

import cv2
import numpy as np
import structlog

from extractors.intake import Limits
from extractors.ocr.engine import Image
from extractors.pdf import PdfFile
from extractors.raster import frames
from pipeline.ports import BlobStore
from pipeline.report.views import Picture
from schemas.documents import MediaType, SourceFile
from schemas.errors import DocumentError, StorageError
from schemas.geometry import Box

_log = structlog.get_logger()

_DPI: Final = 150
_POINTS_PER_INCH: Final = 72
_WIDEST: Final = 520
_OVERVIEW: Final = 860
_QUALITY: Final = 62
_FRAME: Final = (170, 90, 20)
"""Blue, green and red of the line around a value."""
_MARGIN: Final = 1 / 60
"""Of the height of the page, which is about a line of print."""
_REDUCED: Final = 0.8
"""A page drawn this near to the limit may be at a lower resolution than was asked for."""
MOST_PICTURES: Final = 400
MOST_BYTES: Final = 1_700_000
"""Of all pictures, before they are written in base64: a third less than what the page grows by."""


class Wish(NamedTuple):
    """A crop that the page would show; `box` None is the whole page, a low `urgency` comes first.

    `wide` asks for the surroundings, where the value itself was not found.
    """

    anchor: str
    document: str
    page: int
    box: Box | None
    urgency: int
    wide: bool = False


class Sheet(NamedTuple):
    """A page that was drawn, and its pixels for each unit of a box."""

    image: Image
    scale: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in the units of boxes."""
        height, width = self.image.shape[:2]
        return width / self.scale, height / self.scale


def take(
    wishes: Iterable[Wish], sources: Mapping[str, SourceFile], blobs: BlobStore, limits: Limits
) -> dict[str, Picture]:
    """Return the pictures that can be had, the most urgent ones while there is room."""
    wanted = sorted(wishes, key=attrgetter("urgency"))[:MOST_PICTURES]
    by_paper = sorted(wanted, key=lambda wish: (wish.document, wish.page))
    found: dict[str, Picture] = {}
    for document, group in groupby(by_paper, key=attrgetter("document")):
        if document in sources:
            found.update(_of_document(sources[document], list(group), blobs, limits))
    return dict(_within(MOST_BYTES, wanted, found))


def _within(
    room: int, wanted: Sequence[Wish], found: Mapping[str, Picture]
) -> Iterator[tuple[str, Picture]]:
    for wish in wanted:
        picture = found.get(wish.anchor)
        if picture is not None and (size := len(picture.uri) * 3 // 4) <= room:
            room -= size
            yield wish.anchor, picture


def _of_document(
    source: SourceFile, wishes: Sequence[Wish], blobs: BlobStore, limits: Limits
) -> dict[str, Picture]:
    found: dict[str, Picture] = {}
    pages = {wish.page for wish in wishes}
    try:
        for number, sheet in _sheets(blobs.get(source.sha256), source.media_type, pages, limits):
            for wish in wishes:
                picture = cut(sheet, wish) if wish.page == number else None
                if picture is not None:
                    found[wish.anchor] = picture
    except (DocumentError, StorageError) as error:
        _log.warning("report.no_picture", document=source.sha256, error=error.code)
    return found


def _sheets(
    data: bytes, media_type: MediaType, pages: set[int], limits: Limits
) -> Iterator[tuple[int, Sheet]]:
    """Yield the pages that are wanted, one at a time."""
    if media_type is MediaType.PDF:
        with PdfFile(data, limits) as file:
            for number in sorted(page for page in pages if 0 < page <= file.page_count):
                image = file.render(number, _DPI)
                if image.shape[0] * image.shape[1] < _REDUCED * limits.max_pixels:
                    yield number, Sheet(image, _DPI / _POINTS_PER_INCH)
    elif media_type.is_image:
        for number, image in enumerate(frames(data, media_type, limits), start=1):
            if number in pages:
                yield number, Sheet(image, 1.0)
            if number >= max(pages):
                return


def cut(sheet: Sheet, wish: Wish) -> Picture | None:
    """Return the crop of a wish, a line around the value; None where its box is off the page."""
    if wish.box is None:
        return _picture(_fitted(sheet.image, _OVERVIEW), sheet)
    left, top, right, bottom = _around(wish.box, sheet, wide=wish.wide)
    if right - left < 2 or bottom - top < 2:
        return None
    crop = np.ascontiguousarray(sheet.image[top:bottom, left:right])
    small = _fitted(crop, _WIDEST)
    ratio = small.shape[1] / crop.shape[1]
    x1, y1, x2, y2 = wish.box.scaled(sheet.scale)
    corners = [
        (round((x - left) * ratio), round((y - top) * ratio)) for x, y in ((x1, y1), (x2, y2))
    ]
    framed = cv2.rectangle(small.copy(), corners[0], corners[1], _FRAME, 1, cv2.LINE_AA)
    return _picture(np.asarray(framed, dtype=np.uint8), sheet)


def _around(box: Box, sheet: Sheet, *, wide: bool) -> tuple[int, int, int, int]:
    """Return the edges of a crop in pixels: the box and about a line of print around it."""
    height, width = sheet.image.shape[:2]
    margin = sheet.size[1] * _MARGIN * sheet.scale
    sideways, down = (margin * 8, margin * 3) if wide else (margin * 1.2, margin * 0.6)
    left, top, right, bottom = box.scaled(sheet.scale)
    return (
        max(0, round(left - sideways)),
        max(0, round(top - down)),
        min(width, round(right + sideways)),
        min(height, round(bottom + down)),
    )


def _fitted(image: Image, widest: int) -> Image:
    height, width = image.shape[:2]
    if width <= widest:
        return image
    size = (widest, max(1, round(height * widest / width)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _picture(image: Image, sheet: Sheet) -> Picture | None:
    done, data = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
    if not done:
        return None
    uri = f"data:image/webp;base64,{base64.b64encode(data.tobytes()).decode()}"
    height, width = image.shape[:2]
    return Picture(uri, width, height, sheet.size)
