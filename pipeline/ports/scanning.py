"""Whoever looks for viruses in what is handed in."""

from typing import Protocol

from schemas.errors import DocumentError


class InfectedFileError(DocumentError):
    """The virus scanner found something in the file."""

    code = "document.infected"

    def __init__(self, found: str) -> None:
        """Say what the scanner calls it."""
        super().__init__(f"the scanner found {found}")
        self.found = found


class Scanner(Protocol):
    """Looks at bytes before anything else does."""

    def scan(self, data: bytes) -> None:
        """Return when nothing was found.

        Raises:
            InfectedFileError: something was.
            TransientError: the scanner cannot be asked now; what is unscanned is not taken.
            ConfigError: the scanner takes less than our limits allow.
        """
        ...
