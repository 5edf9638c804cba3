"""A file is opened in the sandbox first, so that what it does to a decoder is done there."""

from dataclasses import dataclass, field

from extractors.glance import glance
from extractors.intake import Limits
from pipeline.ports import Reader
from pipeline.sandbox.process import Sandbox
from schemas.documents import MediaType, SourceFile
from schemas.errors import DocumentError
from schemas.records import Reading


@dataclass(frozen=True)
class Rehearsed:
    """Reads what the sandbox has survived: text of pages, cells, and pixels of pictures."""

    reader: Reader
    limits: Limits
    seconds: float
    sandbox: Sandbox = field(default_factory=Sandbox)

    @property
    def fingerprint(self) -> str:
        """That of the reader: what is read is the same."""
        return self.reader.fingerprint

    def read(self, data: bytes, source: SourceFile) -> Reading:
        """Return everything that the file yields.

        Raises:
            DocumentError: the file cannot be read, or crashes, hangs or swells its decoder.
            TransientError: the sandbox was ended by somebody else.
        """
        self.sandbox.run(self.seconds, survive, data, source.media_type, self.limits)
        return self.reader.read(data, source)


def survive(data: bytes, media_type: MediaType, limits: Limits) -> bool:
    """Decode a file and return whether that went well; what is wrong with it the reader says."""
    try:
        glance(data, media_type, limits)
    except DocumentError:
        return False
    return True
