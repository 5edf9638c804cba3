"""The immediate answer: what papers are, before their review, within a bounded time."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from pydantic import ValidationError

from extractors.glance import Glance, glance
from extractors.intake import Limits
from pipeline.ports import BlobStore, Objects
from pipeline.sandbox.process import Sandbox
from pipeline.stages.intake import Paper
from schemas.base import Model
from schemas.documents import MediaType, SourceFile
from schemas.errors import DocumentError, TooLargeError, TransientError

_LARGEST: Final = 32 << 20
"""Bytes of a file that is looked at; a larger one is left to the review."""
_VERSION: Final = "1"
"""Raised whenever the same bytes may look different."""


class Look(Model):
    """A glance at a file, or the code of the error that it cannot be read for."""

    seen: Glance | None = None
    code: str | None = None


@dataclass
class Glances:
    """Looks at files in a sandbox and remembers what it saw, as long as anybody likes."""

    blobs: BlobStore
    objects: Objects
    limits: Limits
    seconds: float
    sandbox: Sandbox = field(default_factory=Sandbox)

    def begin(self) -> None:
        """Start the process before the first upload, so that it need not wait."""
        if self.seconds:
            threading.Thread(target=self._warm, name="glances", daemon=True).start()

    def close(self) -> None:
        """End the process."""
        self.sandbox.close()

    def at(self, papers: Iterable[Paper]) -> Mapping[str, Look]:
        """Return what is known of papers by their hashes, having looked while there was time."""
        until = monotonic() + self.seconds
        looks: dict[str, Look] = {}
        for paper in papers:
            if isinstance(paper, SourceFile):
                look = self._kept(paper) or self._looked(paper, until - monotonic())
                looks |= {} if look is None else {paper.sha256: look}
        return looks

    def known(self, papers: Sequence[Paper]) -> Mapping[str, Look]:
        """Return what is known of papers without looking at any."""
        kept = ((p.sha256, self._kept(p)) for p in papers if isinstance(p, SourceFile))
        return {sha256: look for sha256, look in kept if look is not None}

    def _warm(self) -> None:
        try:
            self.sandbox.run(60, glance, b"a,b\n1,2\n", MediaType.CSV, self.limits)
        except (DocumentError, TransientError):
            return

    def _looked(self, paper: SourceFile, seconds: float) -> Look | None:
        """Return a look, none where there was no time; that one is not remembered."""
        if seconds <= 0 or paper.size > _LARGEST:
            return None
        data = self.blobs.get(paper.sha256)
        try:
            look = Look(seen=self.sandbox.run(seconds, glance, data, paper.media_type, self.limits))
        except TooLargeError as error:
            if error.what == "seconds":
                return None
            look = Look(code=error.code)
        except DocumentError as error:
            look = Look(code=error.code)
        except TransientError:
            return None
        self.objects.write(_key(paper), look.model_dump_json().encode())
        return look

    def _kept(self, paper: SourceFile) -> Look | None:
        data = self.objects.read(_key(paper)) if self.seconds else None
        try:
            return None if data is None else Look.model_validate_json(data)
        except ValidationError:
            return None


def _key(paper: SourceFile) -> str:
    return f"glances/{_VERSION}/{paper.sha256[:2]}/{paper.sha256}"
