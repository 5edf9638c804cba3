"""A folder as an object store: for one machine, development and tests."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from os import fsync
from pathlib import Path
from typing import IO

from schemas.errors import StorageError


@dataclass(frozen=True)
class Folder:
    """Keys are paths under `root`."""

    root: Path

    def read(self, key: str) -> bytes | None:
        """Return the bytes under a key, None when there are none."""
        with _told("read an object"):
            try:
                return (self.root / key).read_bytes()
            except FileNotFoundError:
                return None

    def write(self, key: str, data: bytes) -> None:
        """Put bytes under a key."""
        self._fill(key, lambda: BytesIO(data))

    def write_file(self, key: str, path: Path) -> None:
        """Put a file under a key."""
        self._fill(key, lambda: path.open("rb"))

    def has(self, key: str) -> bool:
        """Return whether there is something under a key."""
        with _told("look for an object"):
            return (self.root / key).is_file()

    def _fill(self, key: str, source: Callable[[], IO[bytes]]) -> None:
        """Write beside the target and move into place, so that nobody sees half of it."""
        target = self.root / key
        with _told("write an object"):
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
                beside = Path(file.name)
                try:
                    with source() as content:
                        shutil.copyfileobj(content, file)
                    file.flush()
                    fsync(file.fileno())
                    beside.replace(target)
                except BaseException:
                    beside.unlink(missing_ok=True)
                    raise


@contextmanager
def _told(action: str) -> Iterator[None]:
    """Turn what the system says into our error, without the path."""
    try:
        yield
    except OSError as error:
        raise StorageError(action, error.strerror or type(error).__name__) from error
