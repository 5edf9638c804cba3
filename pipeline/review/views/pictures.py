"""Pages of papers as pictures; the last few are kept, since a case is turned back and forth."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from pipeline.ports import Application, BlobStore
from pipeline.sandbox.crops import Cutter, Drawn
from schemas.documents import SourceFile
from schemas.geometry import Box

_KEPT: Final = 48
"""A page is some 300 kB."""

_Key = tuple[str, int, Box | None]


@dataclass
class Pictures:
    """Draws pages and places on them."""

    blobs: BlobStore
    cutter: Cutter
    _kept: OrderedDict[_Key, Drawn] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(
        self, application: Application, sha256: str, page: int, box: Box | None = None
    ) -> Drawn | None:
        """Return a page of a paper of an application, None where there is none to see.

        Raises:
            DocumentError: it cannot be drawn.
            StorageError: the paper is out of reach.
            TransientError: others are having pictures drawn.
        """
        paper = next((p for p in application.papers if p.sha256 == sha256), None)
        if not isinstance(paper, SourceFile):
            return None
        key = sha256, page, box
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        drawn = self.cutter.cut(self.blobs.get(sha256), paper.media_type, page, box)
        if drawn is not None:
            with self._lock:
                self._kept[key] = drawn
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return drawn
