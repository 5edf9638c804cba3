"""Which applications people look for."""

from collections.abc import Sequence
from typing import Protocol

from pipeline.ports.applications import Application, State
from schemas.base import Model


class Asked(Model):
    """What applications are asked for; `branches` None is all of them."""

    branches: frozenset[str] | None
    states: frozenset[State]
    product: str | None = None
    reference: str | None = None


class Queue(Protocol):
    """Applications of many senders, for the people of the bank."""

    def count(self, asked: Asked) -> int:
        """Return how many there are."""
        ...

    def listed(self, asked: Asked, *, offset: int, limit: int) -> Sequence[Application]:
        """Return a page of them: the first deadline first, then those that have none."""
        ...
