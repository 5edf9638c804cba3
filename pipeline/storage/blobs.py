"""Originals by content: a name that cannot lie, checked on every read."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipeline.ports import Objects
from schemas.errors import StorageError


@dataclass(frozen=True)
class Blobs:
    """Keeps bytes under their sha256."""

    objects: Objects

    def put(self, data: bytes) -> str:
        """Keep bytes and return their sha256; what was damaged is mended by putting it again."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.objects.write(key_of(sha256), data)
        return sha256

    def put_file(self, path: Path) -> str:
        """Keep a file that is too large for memory and return its sha256."""
        try:
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise StorageError("read a file", error.strerror or type(error).__name__) from error
        self.objects.write_file(key_of(sha256), path)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises:
            StorageError: they are missing, damaged or out of reach.
        """
        data = self.objects.read(key_of(sha256))
        if data is None:
            raise StorageError("read a blob", f"{sha256} is not there")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StorageError("read a blob", f"{sha256} is damaged")
        return data

    def has(self, sha256: str) -> bool:
        """Return whether they are kept."""
        return self.objects.has(key_of(sha256))


def key_of(sha256: str) -> str:
    """Return the key under which an original lies."""
    return f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"
