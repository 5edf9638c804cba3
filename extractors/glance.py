"""What can be said of a file in a moment, before anything of it is recognised.

A digital PDF and a workbook tell what they are by their text. Of a picture only its own measures
are known: they warn, and refuse nothing, since the verdict comes from the reading
(`extractors.quality`, whose bounds for paper and contrast these are).
"""

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np

from extractors import classify, sheets
from extractors.intake import Limits
from extractors.kinds.statement.segments import find_segments
from extractors.ocr.engine import Image
from extractors.pdf import PdfFile
from extractors.quality import Reason
from extractors.raster import frames
from schemas.base import Model
from schemas.documents import DocumentKind, MediaType

_MOST_PAGES: Final = 80
"""Pages whose text is looked at; a report of more is left to the review."""
_DARK: Final = 100.0
_FLAT: Final = 40.0
_SMALL: Final = 480
"""Pixels of the shorter side: a licence has some 30 lines, and a line wants 16."""


class Glance(Model):
    """What a file is at first sight; `pending` where only recognition can tell the rest."""

    pages: int
    kinds: tuple[DocumentKind, ...] = ()
    reasons: tuple[Reason, ...] = ()
    pending: bool


def glance(data: bytes, media_type: MediaType, limits: Limits) -> Glance:
    """Return what a file is at first sight.

    Raises:
        DocumentError: it cannot be read at all.
    """
    if media_type is MediaType.PDF:
        return _pdf(data, limits)
    if media_type.is_sheet:
        found = sheets.read(data, media_type, "", limits).pages
        kinds = _distinct(classify.page_kind(page) for page in found)
        return Glance(pages=len(found), kinds=kinds, pending=False)
    images = [_reasons(image) for image in frames(data, media_type, limits)]
    reasons = tuple(sorted({reason for reasons in images for reason in reasons}))
    return Glance(pages=len(images), reasons=reasons, pending=True)


def _pdf(data: bytes, limits: Limits) -> Glance:
    with PdfFile(data, limits) as document:
        count = document.page_count
        looked = range(1, min(count, _MOST_PAGES) + 1)
        texts = [document.text(number) for number in looked if document.has_text(number)]
    kinds = _distinct(kind for text in texts for kind in _kinds(text))
    return Glance(pages=count, kinds=kinds, pending=len(texts) < count)


def _kinds(text: str) -> Iterable[DocumentKind]:
    """Yield what a page is; of several statements on it, every one."""
    yield classify.page_kind_of_text(text)
    yield from (found.title.kind for found in find_segments({1: text.splitlines()}))


def _distinct(kinds: Iterable[DocumentKind]) -> tuple[DocumentKind, ...]:
    return tuple(sorted(set(kinds) - {DocumentKind.UNKNOWN}))


def _reasons(image: Image) -> Iterable[Reason]:
    small = cv2.resize(image, (400, 400), interpolation=cv2.INTER_AREA)
    ink, paper = np.percentile(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), [1, 90])
    holds = {
        Reason.TOO_SMALL: min(image.shape[:2]) < _SMALL,
        Reason.TOO_DARK: paper < _DARK,
        Reason.LOW_CONTRAST: paper - ink < _FLAT,
    }
    return [reason for reason, is_so in holds.items() if is_so]
