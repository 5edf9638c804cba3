"""A page picture that is packed only where that pays: to leave the process, or to be kept long.

Packing without loss and unpacking take a tenth of the time that reading a small picture takes, so
that a picture which is looked at again soon, in the process that saw it, stays as it is.
"""

from collections.abc import Callable

import cv2
import numpy as np

from extractors.ocr.engine import Image

_FAST = [cv2.IMWRITE_PNG_COMPRESSION, 1]


class Picture:
    """A picture as pixels or packed, whichever it was made of; pickled, it is packed."""

    def __init__(self, kept: Image | bytes) -> None:
        """Keep a picture as it is given: its pixels, or the bytes of a PNG."""
        self._kept = kept

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self._kept) if isinstance(self._kept, bytes) else self._kept.nbytes

    def packed(self) -> "Picture":
        """Return it packed, without loss."""
        return self if isinstance(self._kept, bytes) else Picture(self._bytes())

    def pixels(self) -> Image:
        """Return its pixels."""
        if not isinstance(self._kept, bytes):
            return self._kept
        packed = np.frombuffer(self._kept, np.uint8)
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)

    def __reduce__(self) -> tuple[Callable[[Image | bytes], "Picture"], tuple[bytes]]:
        """Cross to another process packed."""
        return Picture, (self._bytes(),)

    def _bytes(self) -> bytes:
        if isinstance(self._kept, bytes):
            return self._kept
        return cv2.imencode(".png", self._kept, _FAST)[1].tobytes()
