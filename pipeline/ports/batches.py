"""Applications that a portal opens and follows together."""

from collections.abc import Sequence
from typing import Protocol

from pydantic import AwareDatetime

from schemas.base import Model


class Batch(Model):
    """The ids of applications that were opened together, in the order in which they came."""

    id: str
    owner: str
    branch: str = ""
    reference: str | None
    made_at: AwareDatetime
    asked: str
    """The hash of the request, to tell a repeated one from another with the same key."""
    applications: tuple[str, ...]


class Batches(Protocol):
    """Batches. Nothing of them is ever changed: how far they are, their applications say."""

    def add(self, batch: Batch, idempotency_key: str | None) -> Batch:
        """Keep a batch and return what is kept: the first of its owner with that key."""
        ...

    def get(self, batch_id: str) -> Batch | None:
        """Return a batch, None when there is none."""
        ...

    def listed(
        self, owner: str, *, after: int, limit: int, branch: str = ""
    ) -> Sequence[tuple[int, Batch]]:
        """Return batches of an owner with their cursors, in the order of arrival.

        With a branch, those of that branch alone.
        """
        ...
