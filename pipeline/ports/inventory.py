"""What lies in the object store, for whoever tidies it up."""

from collections.abc import Iterator
from typing import Protocol

from pydantic import AwareDatetime

from schemas.base import Model


class Kept(Model):
    """One object, and when it was last written."""

    key: str
    size: int
    at: AwareDatetime


class Inventory(Protocol):
    """Every object with its age. Methods raise StorageError when the world fails."""

    def listed(self, prefix: str) -> Iterator[Kept]:
        """Yield what lies under a prefix that ends in `/`."""
        ...

    def has(self, key: str) -> bool:
        """Return whether there is something under a key."""
        ...

    def remove(self, key: str) -> None:
        """Take an object away; nothing there is no error.

        Raises:
            LockedError: it has to be kept for some time yet.
        """
        ...
