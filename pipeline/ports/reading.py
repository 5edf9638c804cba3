"""What reads pages and files, and the clock."""

from datetime import datetime
from typing import Protocol

from extractors.seen import Sees
from schemas.documents import SourceFile
from schemas.records import Reading


class Clock(Protocol):
    """The time, as an argument."""

    def now(self) -> datetime:
        """Return the time, with its zone."""
        ...


class PagePool(Sees, Protocol):
    """Sees pages of uploads in other processes, those of many documents side by side.

    Pages come in the order asked for; no more than a few are read ahead. A page whose reading
    ends its process is tried once more, and then is an error of its own document alone.
    """

    def close(self) -> None:
        """End every process; whoever waits for a page is told."""
        ...


class Reader(Protocol):
    """Reads one file."""

    @property
    def fingerprint(self) -> str:
        """The same string means the same reading for the same bytes."""
        ...

    def read(self, data: bytes, source: SourceFile) -> Reading:
        """Return everything that the file yields.

        Raises:
            DocumentError: the file cannot be read at all.
        """
        ...
