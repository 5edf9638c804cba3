"""The proof that what was written once was not changed."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Protocol

from schemas.base import Model


class Anchor(Model):
    """The end of a chain at some time: the number of its latest row, and its digest.

    Kept where the database has no reach, it proves everything up to that row.
    """

    chain: str
    number: int
    digest: str


class FlawKind(StrEnum):
    """How a chain fails."""

    BROKEN = "broken"
    """A row is not what was sealed, or the one before it was removed or moved."""
    CUT = "cut"
    """The chain ends before the row that was its last one."""
    REWRITTEN = "rewritten"
    """A row fits its chain, but is not the one that a kept anchor knows."""
    ERASED = "erased"
    """The content of a record was taken away, and no entry says so."""


class Flaw(Model):
    """A place where a chain does not hold."""

    chain: str
    number: int
    kind: FlawKind


class Chains(Protocol):
    """The rows that are written once: who did what, what happened, and the records."""

    def ends(self) -> Sequence[Anchor]:
        """Return the end of each chain."""
        ...

    def flaws(self, anchors: Sequence[Anchor] = ()) -> Iterator[Flaw]:
        """Yield what was tampered with, measured by the chains and by ends kept elsewhere."""
        ...

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield every entry of who did what, in its order, with its seal."""
        ...
