"""Stand-ins at the ports: a reader that reads nothing, a clock that stands still, a full disk."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from schemas.documents import SourceFile
from schemas.errors import DocumentError, StorageError
from schemas.records import Extracted, Reading

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 "
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class FakeReader:
    """Yields the same documents for every file, or raises; counts how often it was asked."""

    documents: tuple[Extracted, ...] = ()
    fingerprint: str = "fake-1"
    refuses: dict[bytes, DocumentError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def read(self, data: bytes, source: SourceFile) -> Reading:
        self.asked.append(source.sha256)
        if data in self.refuses:
            raise self.refuses[data]
        return Reading(source=source, pages=1, documents=self.documents, readers=("fake",))


class StandingClock:
    def now(self) -> datetime:
        return NOON


class FullDisk:
    """An object store that holds nothing and takes nothing."""

    def read(self, key: str) -> bytes | None:
        return None

    def write(self, key: str, data: bytes) -> None:
        raise StorageError("write an object", "no space left")

    def write_file(self, key: str, path: Path) -> None:
        raise StorageError("write an object", "no space left")

    def has(self, key: str) -> bool:
        return False
