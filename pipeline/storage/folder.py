"""A folder as an object store: for one machine, development and tests."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from os import fsync
from pathlib import Path
from typing import IO, Final

from schemas.errors import StorageError

_PIECE: Final = 1 << 20
_BESIDE: Final = ".writing-"
"""How the names of files begin that are not yet what they are to be."""


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

    def stream(self, key: str) -> AbstractContextManager[Iterator[bytes]] | None:
        """Open the bytes under a key piece by piece, None when there are none."""
        with _told("read an object"):
            try:
                file = (self.root / key).open("rb")
            except FileNotFoundError:
                return None
        return _pieces(file)

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield every key that begins with a prefix that ends in `/`, in order."""
        with _told("list objects"):
            found = [
                path.relative_to(self.root).as_posix()
                for path in (self.root / prefix).rglob("*")
                if path.is_file() and not path.name.startswith(_BESIDE)
            ]
        yield from sorted(found)

    def delete(self, key: str) -> None:
        """Take away what is under a key; nothing there is no error."""
        with _told("delete an object"):
            (self.root / key).unlink(missing_ok=True)

    def upload_url(self, key: str, seconds: int) -> str | None:
        """Return None: there is nothing to send to but the API."""
        return None

    def download_url(self, key: str, seconds: int) -> str | None:
        """Return None."""
        return None

    def _fill(self, key: str, source: Callable[[], IO[bytes]]) -> None:
        """Write beside the target and move into place, so that nobody sees half of it."""
        target = self.root / key
        with _told("write an object"):
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                dir=target.parent, prefix=_BESIDE, delete=False
            ) as file:
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
def _pieces(file: IO[bytes]) -> Iterator[Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        with _told("read an object"):
            while piece := file.read(_PIECE):
                yield piece

    with file:
        yield pieces()


@contextmanager
def _told(action: str) -> Iterator[None]:
    """Turn what the system says into our error, without the path."""
    try:
        yield
    except OSError as error:
        raise StorageError(action, error.strerror or type(error).__name__) from error
