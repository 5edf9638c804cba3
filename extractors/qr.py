"""The QR code of a paper, decoded from its pixels; what it points at is never fetched.

A code is looked for where a picture is dense with edges both ways in a square, and only these
few places are shown to the decoder, enlarged, one after the other: a decoder that searches the
whole picture takes seconds, and one that is shown no code tries everything it knows. So a place
has to show a finder as well, the nested squares in a corner of a code: of 41 places on photographs
of licences, all 14 with a code that could be decoded did. Decoding is ZXing's as OpenCV's
`wechat_qrcode` has it, which needs no model when it is shown a code; without that module, OpenCV's
own detector.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias
from urllib.parse import urlsplit

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr import lines
from extractors.ocr.engine import Image
from extractors.page import maps
from schemas.base import Model
from schemas.geometry import Box

READER = "qr/opencv"

_SIDE = 1200
"""Longest side at which codes are looked for: a module of theirs is then 2 or 3 pixels."""
_CELL = 0.012
"""Reach of the neighbourhood whose edges count as one, as share of the longest side."""
_DENSE = 0.5
"""Share of the strongest density of edges that belongs to a code."""
_LEAST = 0.06
"""Changes of ink a pixel, both ways, below which nothing is a code."""
_BLOCK, _CONTRAST = 15, 6
"""Neighbourhood in pixels, and grey levels darker than its mean, that are ink."""
_SIDES = (0.04, 0.45)
"""Least and greatest side of a code, as share of the longest side of the picture."""
_SQUARE = 1.35
"""A code, seen at an angle, is at most this many times longer than wide."""
_PLACES = 2
_MARGIN = 0.2
_SHOWN = 640
"""Side, in pixels, at which a place is shown to the decoder; at 400 none of 50 places gave more."""
_FINDER_SIDE = 400
"""Side, in pixels, at which finders are looked for."""
_FINDER_BLOCK, _FINDER_CONTRAST = 51, 5
"""Neighbourhood and contrast of their ink: wider than a ring is thick."""
_FINDER_AREA = 40.0
"""Least area, in pixels, of the outer square of a finder."""
_RING, _CORE = (1.3, 3.6), (1.6, 6.0)
"""Areas of outer over inner square (49 / 25), and of that over the core (25 / 9), give or take."""

Decoder: TypeAlias = Callable[[Image], list[tuple[str, NDArray[np.float32]]]]


class QrCode(Model):
    """A decoded code: what it says, where it stands in pixels, and the host if it is an address."""

    payload: str
    box: Box
    host: str | None = None


def decode(image: Image) -> tuple[QrCode, ...]:
    """Return the codes on a picture, in pixels of the picture."""
    decoder = _decoder()
    found: dict[str, QrCode] = {}
    for place in _places(image):
        for code in _decoded(decoder, image, place):
            found.setdefault(code.payload, code)
    return tuple(found.values())


def host_of(payload: str) -> str | None:
    """Return the host of an address, in lower case, or None for any other text.

    >>> host_of("http://WWW.gsxt.gov.cn/index.html?uniscid=1")
    'www.gsxt.gov.cn'
    >>> host_of("统一社会信用代码:91")
    """
    try:
        parts = urlsplit(payload.strip())
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None


def _decoded(decoder: Decoder, image: Image, place: Box) -> Iterator[QrCode]:
    """Yield the codes of one place, if it shows a finder."""
    left, top, right, bottom = map(int, place)
    crop = image[top:bottom, left:right]
    if not _has_finder(crop):
        return
    factor = _SHOWN / max(crop.shape[:2])
    for payload, corners in decoder(maps.resized(crop, factor)):
        box = lines.box_of(corners).scaled(1 / factor)
        yield QrCode(
            payload=payload,
            box=Box(left + box.left, top + box.top, left + box.right, top + box.bottom),
            host=host_of(payload),
        )


def _places(image: Image) -> list[Box]:
    """Return where a code may stand, with a margin, the densest first."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    factor = min(1.0, _SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    density = _density(np.asarray(small, np.uint8))
    longest = max(small.shape)
    mask = (density > max(_LEAST, _DENSE * float(density.max()))).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    ranked = []
    for contour in contours:
        left, top, width, height = cv2.boundingRect(contour)
        is_square = max(width, height) <= _SQUARE * min(width, height)
        if is_square and _SIDES[0] * longest < max(width, height) < _SIDES[1] * longest:
            inside = density[top : top + height, left : left + width]
            ranked.append((float(inside.mean()) * width, (left, top, width, height)))
    ranked.sort(reverse=True)
    return [_widened(place, factor, maps.size_of(image)) for _, place in ranked[:_PLACES]]


def _has_finder(crop: Image) -> bool:
    """Return whether a place shows a dark square in a light one in a dark one."""
    grey = cv2.cvtColor(maps.resized(crop, _FINDER_SIDE / max(crop.shape[:2])), cv2.COLOR_BGR2GRAY)
    how, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    smooth = cv2.GaussianBlur(grey, (0, 0), 1)
    ink = cv2.adaptiveThreshold(smooth, 255, how, kind, _FINDER_BLOCK, _FINDER_CONTRAST)
    contours, tree = cv2.findContours(ink, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return False
    areas = [max(1.0, cv2.contourArea(contour)) for contour in contours]
    outside = tree[0, :, 3].tolist()
    for core, hole in enumerate(outside):
        ring = outside[hole] if hole >= 0 else -1
        if ring >= 0 and areas[ring] > _FINDER_AREA:
            ratios = areas[ring] / areas[hole], areas[hole] / areas[core]
            if _RING[0] < ratios[0] < _RING[1] and _CORE[0] < ratios[1] < _CORE[1]:
                return True
    return False


def _density(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how often ink begins and ends around each pixel, in the direction with less of it.

    A title has strong edges but few; a code changes every other pixel, both ways, everywhere.
    """
    how, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    ink = cv2.adaptiveThreshold(grey, 1, how, kind, _BLOCK, _CONTRAST).astype(np.float32)
    reach = max(3, round(2 * _CELL * max(grey.shape))) | 1
    across = cv2.blur(np.abs(np.diff(ink, axis=1, prepend=0)), (reach, reach))
    down = cv2.blur(np.abs(np.diff(ink, axis=0, prepend=0)), (reach, reach))
    return np.asarray(np.minimum(across, down), np.float32)


def _widened(place: tuple[int, int, int, int], factor: float, size: maps.Size) -> Box:
    left, top, width, height = (side / factor for side in place)
    beyond = _MARGIN * max(width, height)
    return Box(
        max(0.0, left - beyond),
        max(0.0, top - beyond),
        min(float(size[0]), left + width + beyond),
        min(float(size[1]), top + height + beyond),
    )


def _decoder() -> Decoder:
    """Return the best decoder that this OpenCV has."""
    if hasattr(cv2, "wechat_qrcode"):
        zxing = cv2.wechat_qrcode.WeChatQRCode()
        return lambda image: [
            (text, np.asarray(corners, np.float32))
            for text, corners in zip(*zxing.detectAndDecode(image), strict=True)
            if text
        ]
    plain = cv2.QRCodeDetector()
    return lambda image: _plainly(plain, image)


def _plainly(detector: cv2.QRCodeDetector, image: Image) -> list[tuple[str, NDArray[np.float32]]]:
    try:
        text, corners, _ = detector.detectAndDecode(image)
    except cv2.error:  # some versions fail on codes that are cut off
        return []
    return [(text, np.asarray(corners, np.float32)[0])] if text and corners is not None else []
