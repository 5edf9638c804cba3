"""Where bytes, readings, packages and records are kept."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from schemas.documents import Package
from schemas.errors import ConfigError
from schemas.records import Reading, Record


class UnknownPackageError(ConfigError):
    """A package is asked for that was never taken in."""

    code = "config.unknown_package"

    def __init__(self, package_id: str) -> None:
        """Say which."""
        super().__init__(f"there is no package {package_id}")
        self.package_id = package_id


class LockedError(ConfigError):
    """Something is to be deleted that has to be kept for some time yet."""

    code = "storage.locked"


class Objects(Protocol):
    """Bytes under keys: what a folder and an S3 bucket have in common.

    A write is complete or has not happened. Every method raises StorageError when the world
    fails.
    """

    def read(self, key: str) -> bytes | None:
        """Return the bytes under a key, None when there are none."""
        ...

    def write(self, key: str, data: bytes) -> None:
        """Put bytes under a key, in place of what was there."""
        ...

    def write_file(self, key: str, path: Path) -> None:
        """Put a file under a key without holding it in memory."""
        ...

    def has(self, key: str) -> bool:
        """Return whether there is something under a key."""
        ...

    def stream(self, key: str) -> AbstractContextManager[Iterator[bytes]] | None:
        """Open the bytes under a key piece by piece, None when there are none."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield every key that begins with a prefix that ends in `/`, in order."""
        ...

    def delete(self, key: str) -> None:
        """Take away what is under a key, and every version of it; nothing there is no error.

        Raises:
            LockedError: it has to be kept for some time yet.
        """
        ...

    def upload_url(self, key: str, seconds: int) -> str | None:
        """Return a URL to which a client may PUT the bytes for a while, None where there is none.

        Clients speak to a bucket themselves, so that large files need not pass through the API.
        """
        ...

    def download_url(self, key: str, seconds: int) -> str | None:
        """Return a URL from which a client may GET the bytes for a while, None as above."""
        ...


class BlobStore(Protocol):
    """Originals, known by the sha256 of their content."""

    def put(self, data: bytes) -> str:
        """Keep bytes and return their sha256."""
        ...

    def put_file(self, path: Path) -> str:
        """Keep a file that is too large for memory and return its sha256."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes, which are what the hash says.

        Raises:
            StorageError: they are missing, damaged or out of reach.
        """
        ...

    def has(self, sha256: str) -> bool:
        """Return whether they are kept."""
        ...


class Readings(Protocol):
    """What was read already. Anything in here can be lost and read again."""

    def get(self, key: str) -> Reading | None:
        """Return what was put under a key, None when it is missing or not as it was put."""
        ...

    def put(self, key: str, reading: Reading) -> None:
        """Keep a reading."""
        ...


class Repository(Protocol):
    """Packages and their records. Nothing in it is ever changed or removed."""

    def add_package(self, package: Package) -> Package:
        """Keep a package and return what is kept: the first one with that id."""
        ...

    def package(self, package_id: str) -> Package:
        """Return a package as it was taken in.

        Raises:
            UnknownPackageError: there is none.
        """
        ...

    def packages(self) -> Sequence[Package]:
        """Return every package, in the order of arrival."""
        ...

    def add_record(self, record: Record) -> Record:
        """Keep a record as the next revision, whatever number it comes with.

        A record that says the same as the latest one is not kept again: the latest is returned.

        Raises:
            UnknownPackageError: its package was never taken in.
        """
        ...

    def revise(self, record: Record, *, after: int) -> Record | None:
        """Keep a record as the revision after one, None when there is a newer one already."""
        ...

    def record(self, package_id: str, revision: int | None = None) -> Record | None:
        """Return a revision, the latest unless told, None when there is none."""
        ...

    def records(self, package_id: str) -> Sequence[Record]:
        """Return every revision, the oldest first."""
        ...
