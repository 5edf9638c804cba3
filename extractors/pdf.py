"""PDF files: text layers with boxes, ruled tables, and pictures of pages.

PDF space has its origin at the bottom left of an unrotated page; everything that leaves this
module is in points from the top left of the page as a viewer shows it.
"""

import contextlib
import ctypes
import math
import re
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from extractors.intake import Limits
from extractors.ocr.engine import Image
from extractors.tables.glyphs import Glyph, is_sound, plain, words_of
from extractors.tables.rulings import Ruling, ruled_tables
from schemas.documents import MediaType
from schemas.errors import (
    CorruptFileError,
    DocumentError,
    EncryptedFileError,
    NoPagesError,
    TooLargeError,
)
from schemas.geometry import Box
from schemas.text import Page, PageSource

READER = "pdf-text"

POINTS_PER_INCH = 72
_MAX_CHARACTERS = 100_000
"""Of one page; a dense statement has 4,000."""
_MAX_OBJECTS = 50_000
_MIN_DPI = 10
_Edges = tuple[float, float, float, float]
"""Left, bottom, right and top in PDF space."""
_UPRIGHT = 0.7
"""The cosine of 45 degrees."""
_MOSTLY = 0.6
_COVERING = 0.5
"""A picture over this share of a page can hide the text below it."""


_pdfium = threading.RLock()
"""PDFium is not made for threads: one at a time has a page open, whatever file it is of."""


class PdfFile:
    """An open PDF; use it as a context manager, so that its handles are closed.

    Raises:
        CorruptFileError: it is no PDF, or broken beyond reading.
        EncryptedFileError: it wants a password.
        NoPagesError: it has no pages.
        TooLargeError: it has more pages than the limits allow.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open it and count its pages."""
        self._limits = limits
        self._layers: dict[int, str | None] = {}
        with _pdfium:
            self._open(data)

    def _open(self, data: bytes) -> None:
        try:
            self._document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _refusal(error, data) from error
        self.page_count = len(self._document)
        try:
            self._check_size()
            self._document.init_forms()
        except BaseException:
            self._document.close()
            raise

    def __enter__(self) -> Self:
        """Return the open file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        with _pdfium:
            self._document.close()

    def _check_size(self) -> None:
        if self.page_count < 1:
            raise NoPagesError(MediaType.PDF.value)
        if self.page_count > self._limits.max_pages:
            raise TooLargeError("pages", self.page_count, limit=self._limits.max_pages)

    @contextlib.contextmanager
    def _opened(self, number: int) -> Iterator["_OpenPage"]:
        with _pdfium:
            try:
                page = self._document[number - 1]
            except pypdfium2.PdfiumError as error:
                told = f"page {number} cannot be read"
                raise CorruptFileError(MediaType.PDF.value, told) from error
            try:
                yield _OpenPage(page, number)
            finally:
                page.close()

    def has_text(self, number: int) -> bool:
        """Return whether the text layer of a page can be taken for what is printed.

        A layer that is hidden behind a scan or invisible, garbled by its fonts or next to
        nothing beside a picture is left to recognition; a page that cannot be opened as well.
        """
        return self._layer(number) is not None

    def text(self, number: int) -> str:
        """Return the text of a page, in the order of the file; empty where it is not sound."""
        return self._layer(number) or ""

    def _layer(self, number: int) -> str | None:
        if number not in self._layers:
            try:
                with self._opened(number) as page:
                    self._layers[number] = page.sound_text()
            except CorruptFileError:
                self._layers[number] = None
        return self._layers[number]

    def page(self, number: int, document_sha: str) -> Page:
        """Return the words of a page with their boxes, and its ruled tables.

        Raises:
            CorruptFileError: the page is broken.
            TooLargeError: it has more characters than a page of paper can.
        """
        with self._opened(number) as page:
            words = words_of(page.glyphs())
            width, height = page.size
            return Page(
                document=document_sha,
                number=number,
                width=width,
                height=height,
                source=PageSource.TEXT_LAYER,
                reader=READER,
                words=words,
                tables=ruled_tables(page.rulings(), words),
            )

    def size(self, number: int) -> tuple[float, float]:
        """Return the width and height of a page in points, as a viewer shows it.

        Raises:
            CorruptFileError: the page is broken.
        """
        with self._opened(number) as page:
            return page.size

    def render(self, number: int, dpi: int) -> Image:
        """Return the picture of a page as a viewer shows it.

        A giant page is drawn at a lower resolution, so that it stays within the limit.

        Raises:
            CorruptFileError: the page is broken.
            TooLargeError: even a coarse picture of it would be too large.
        """
        with self._opened(number) as page:
            width, height = page.size
            pixels = width * height * (dpi / POINTS_PER_INCH) ** 2
            if pixels > self._limits.max_pixels:
                dpi = int(dpi * (self._limits.max_pixels / pixels) ** 0.5)
            if dpi < _MIN_DPI:
                raise TooLargeError("pixels", int(pixels), limit=self._limits.max_pixels)
            return page.render(dpi / POINTS_PER_INCH)


def _refusal(error: pypdfium2.PdfiumError, data: bytes) -> DocumentError:
    """Say why PDFium gave up. Its last error may be that of another file, so the bytes decide."""
    wants_password = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
    if wants_password and b"/Encrypt" in data:
        return EncryptedFileError(MediaType.PDF.value)
    if re.search(rb"/Count\s+0\b", data) and not re.search(rb"/Type\s*/Page\b", data):
        return NoPagesError(MediaType.PDF.value)
    return CorruptFileError(MediaType.PDF.value, "it cannot be opened")


class _OpenPage:
    """One page while its handle is open."""

    def __init__(self, page: Any, number: int) -> None:
        self._page = page
        self._number = number
        self.size: tuple[float, float] = page.get_size()
        self._turn = page.get_rotation()
        self._bounds = _common(page.get_mediabox(), page.get_cropbox())

    @contextlib.contextmanager
    def _text_page(self) -> Iterator[Any]:
        try:
            layer = self._page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise CorruptFileError(MediaType.PDF.value, f"text of page {self._number}") from error
        try:
            yield layer
        finally:
            layer.close()

    def sound_text(self) -> str | None:
        """Return the text of the page, None where it is not what is printed."""
        with self._text_page() as layer:
            count = min(pdfium.FPDFText_CountChars(layer), _MAX_CHARACTERS)
            text = plain(layer.get_text_range(0, count)) if count > 0 else ""
            pictured = self._pictured()
            if not is_sound(text, pictured=pictured):
                return None
            if pictured > _COVERING and self._is_hidden(layer, count):
                return None
            return None if self._is_sideways(layer, count) else text

    def _pictured(self) -> float:
        """Return the share of the page that its largest picture covers."""
        if not self._may_have_pictures():
            return 0.0
        area = self.size[0] * self.size[1] or 1.0
        shares = [0.0]
        for item in self._objects([pdfium.FPDF_PAGEOBJ_IMAGE]):
            left, bottom, right, top = item.get_bounds()
            shares.append((right - left) * (top - bottom) / area)
        return min(1.0, max(shares))

    def _may_have_pictures(self) -> bool:
        """Return whether there are pictures, or forms that could hold some."""
        count = min(pdfium.FPDFPage_CountObjects(self._page), _MAX_OBJECTS)
        nested = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM}
        return any(
            pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(self._page, index)) in nested
            for index in range(count)
        )

    def _is_hidden(self, layer: Any, count: int) -> bool:
        """Return whether the text is invisible or drawn below the picture that covers the page."""
        step = max(1, count // 50)
        hidden = seen = 0
        for index in range(0, count, step):
            item = pdfium.FPDFText_GetTextObject(layer, index)
            if not item:
                continue
            seen += 1
            mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
            hidden += mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        return hidden * 2 > seen or self._is_below_picture()

    def _is_sideways(self, layer: Any, count: int) -> bool:
        """Return whether most text does not stand upright as a viewer shows the page.

        So is a wide table that was turned to fit, and not the page with it: its lines are no
        lines here, while the picture is turned upright before it is read.
        """
        step = max(1, count // 50)
        angles = [pdfium.FPDFText_GetCharAngle(layer, index) for index in range(0, count, step)]
        turned = [math.cos(angle + math.radians(self._turn)) for angle in angles if angle >= 0]
        return sum(cosine < _UPRIGHT for cosine in turned) > _MOSTLY * len(turned)

    def _is_below_picture(self) -> bool:
        area = self.size[0] * self.size[1] or 1.0
        texts_after_picture = 0
        covered = False
        for item in self._objects([pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_TEXT]):
            if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
                texts_after_picture += 1
                continue
            left, bottom, right, top = item.get_bounds()
            if (right - left) * (top - bottom) > _COVERING * area:
                covered, texts_after_picture = True, 0
        return covered and texts_after_picture == 0

    def _objects(self, kinds: list[int]) -> Iterator[Any]:
        objects = self._page.get_objects(filter=kinds, max_depth=4)
        for count, item in enumerate(objects):
            if count >= _MAX_OBJECTS:
                return
            yield item

    def glyphs(self) -> Iterator[Glyph]:
        with self._text_page() as layer:
            count = pdfium.FPDFText_CountChars(layer)
            if count > _MAX_CHARACTERS:
                raise TooLargeError("characters on a page", count, limit=_MAX_CHARACTERS)
            box = pdfium.FS_RECTF()
            for index in range(max(count, 0)):
                code = pdfium.FPDFText_GetUnicode(layer, index)
                if not pdfium.FPDFText_GetLooseCharBox(layer, index, box):
                    continue
                yield Glyph(
                    text=plain(chr(code)) if _is_character(code) else "",
                    box=self._seen(box.left, box.bottom, box.right, box.top),
                    generated=pdfium.FPDFText_IsGenerated(layer, index) == 1,
                )

    def rulings(self) -> Iterator[Ruling]:
        """Yield the straight lines that are drawn, the edges of thin rectangles among them."""
        for item in self._objects([pdfium.FPDF_PAGEOBJ_PATH]):
            matrix = _matrix(item)
            points: list[tuple[float, float]] = []
            for index in range(min(pdfium.FPDFPath_CountSegments(item), 1000)):
                kind, point = _segment(item, index)
                if kind == pdfium.FPDF_SEGMENT_MOVETO:
                    points = []
                points.append(matrix.on_point(*point))
                if len(points) > 1 and kind == pdfium.FPDF_SEGMENT_LINETO:
                    (x1, y1), (x2, y2) = points[-2:]
                    box = self._seen(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
                    yield Ruling(*box)

    def _seen(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a box of PDF space as it is seen on the turned page."""
        west, south, east, north = self._bounds
        if self._turn == 90:
            return Box(bottom - south, left - west, top - south, right - west)
        if self._turn == 180:
            return Box(east - right, bottom - south, east - left, top - south)
        if self._turn == 270:
            return Box(north - top, east - right, north - bottom, east - left)
        return Box(left - west, north - top, right - west, north - bottom)

    def render(self, scale: float) -> Image:
        try:
            bitmap = self._page.render(scale=scale, may_draw_forms=True)
        except (pypdfium2.PdfiumError, MemoryError) as error:
            detail = f"picture of page {self._number}"
            raise CorruptFileError(MediaType.PDF.value, detail) from error
        picture: Image = bitmap.to_numpy()
        if picture.ndim == 2 or picture.shape[2] == 1:
            return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
        return np.ascontiguousarray(picture[:, :, :3])


def _common(paper: _Edges, crop: _Edges) -> _Edges:
    """Return what is shown of a page: its crop, as far as there is paper."""
    left, bottom = max(paper[0], crop[0]), max(paper[1], crop[1])
    right, top = min(paper[2], crop[2]), min(paper[3], crop[3])
    return (left, bottom, right, top) if left < right and bottom < top else paper


def _matrix(item: Any) -> Any:
    """Return the matrix from an object to its page, through the forms that it is nested in."""
    matrix = item.get_matrix()
    while (item := getattr(item, "container", None)) is not None:
        matrix = matrix.multiply(item.get_matrix())
    return matrix


def _segment(path: Any, index: int) -> tuple[int, tuple[float, float]]:
    segment = pdfium.FPDFPath_GetPathSegment(path, index)
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
    return pdfium.FPDFPathSegment_GetType(segment), (x.value, y.value)


def _is_character(code: int) -> bool:
    return 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
