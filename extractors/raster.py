"""Uploaded pictures as arrays: every frame, as it is meant to be seen."""

import io
from collections.abc import Iterator

import numpy as np
import pi_heif
from PIL import Image as Pillow
from PIL import ImageOps, ImageSequence, UnidentifiedImageError

from extractors.intake import Limits
from extractors.ocr.engine import Image
from schemas.documents import MediaType
from schemas.errors import CorruptFileError, NoPagesError, TooLargeError

pi_heif.register_heif_opener()
Pillow.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded

_FORMATS = {
    MediaType.JPEG: ("JPEG", "MPO"),
    MediaType.PNG: ("PNG",),
    MediaType.TIFF: ("TIFF",),
    MediaType.GIF: ("GIF",),
    MediaType.BMP: ("BMP",),
    MediaType.WEBP: ("WEBP",),
    MediaType.HEIC: ("HEIF",),
}
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    IndexError,
    KeyError,
    RuntimeError,
)
"""What Pillow and its decoders raise for pictures that are broken; nothing of it is retried."""


def frames(data: bytes, media_type: MediaType, limits: Limits) -> Iterator[Image]:
    """Yield the pages of a picture as BGR arrays, with EXIF rotation applied, one at a time.

    A TIFF has as many as it says; of an animated picture (GIF, PNG, WebP, HEIC burst) only the
    first is a paper. What is transparent is white.

    Raises:
        CorruptFileError: it cannot be decoded, or is cut off.
        TooLargeError: a frame has too many pixels, or there are too many frames.
        NoPagesError: there is no frame.
    """
    try:
        with Pillow.open(io.BytesIO(data), formats=_FORMATS[media_type]) as picture:
            count = getattr(picture, "n_frames", 1) if media_type is MediaType.TIFF else 1
            if count > limits.max_pages:
                raise TooLargeError("pages", count, limit=limits.max_pages)
            if count < 1:
                raise NoPagesError(media_type.value)
            for _, frame in zip(range(count), ImageSequence.Iterator(picture), strict=False):
                yield _pixels(frame, limits)
    except _BROKEN as error:
        raise CorruptFileError(media_type.value, type(error).__name__) from error


def _pixels(frame: Pillow.Image, limits: Limits) -> Image:
    width, height = frame.size
    if width * height > limits.max_pixels:
        raise TooLargeError("pixels", width * height, limit=limits.max_pixels)
    seen = ImageOps.exif_transpose(frame)
    if seen.mode in {"I;16", "I;16B", "I", "F"}:
        seen = _eight_bit(seen)
    if seen.has_transparency_data:
        layer = seen.convert("RGBA")
        ground = Pillow.new("RGBA", layer.size, "white")
        seen = Pillow.alpha_composite(ground, layer)
    return np.ascontiguousarray(np.asarray(seen.convert("RGB"))[:, :, ::-1])


def _eight_bit(frame: Pillow.Image) -> Pillow.Image:
    """Bring a picture of deeper grey into 8 bits; Pillow would cut it off instead."""
    values = np.asarray(frame, np.float64)
    low, high = float(values.min()), float(values.max())
    spread = (values - low) * (255 / (high - low)) if high > low else values * 0 + 255
    return Pillow.fromarray(spread.astype(np.uint8))
