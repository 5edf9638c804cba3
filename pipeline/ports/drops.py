"""Where packages are laid down for intake to find."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from schemas.base import Model


class Dropped(Model):
    """A folder or an archive that somebody laid down, as it is at one look."""

    name: str
    """It may hold a person's name, so it is never logged."""
    stamp: str
    """The same at two looks where nothing was written between them."""
    finished: bool
    """Whether the sender says that it is complete."""


class Drop(Protocol):
    """A place where packages are laid down. Every method raises StorageError when it fails."""

    def look(self) -> Sequence[Dropped]:
        """Return what lies there and was not settled."""
        ...

    def fetch(self, dropped: Dropped, to: Path) -> Path:
        """Return where its files are on this machine, which may be under `to`."""
        ...

    def settle(self, dropped: Dropped, code: str | None) -> None:
        """Let it no longer be looked at: it was taken in, or refused with a code."""
        ...
