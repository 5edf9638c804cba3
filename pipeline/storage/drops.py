"""Packages laid down in a folder or under a prefix of a bucket.

Everything at the top is a package: a folder, or a file such as an archive. `.done` within a
folder, or `NAME.done` beside it, says that it is complete. What was settled lies under `_taken`
or `_refused`: moved there from a folder, marked there in a bucket, where moving is copying.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline.ports.drops import Dropped
from pipeline.storage.minio import Bucket
from pipeline.storage.minio import told as told_by_bucket
from schemas.errors import StorageError

_DONE: Final = ".done"
_TAKEN: Final = "_taken"
_REFUSED: Final = "_refused"
_UNFINISHED: Final = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".swp")
"""What programs call a file that they are still writing."""


@dataclass(frozen=True)
class FolderDrop:
    """Packages under `root`, which may be a share that scanners and portals write to."""

    root: Path

    def look(self) -> Sequence[Dropped]:
        """Return what lies there, in the order of names."""
        with _told("look at the drop folder"):
            self.root.mkdir(parents=True, exist_ok=True)
            found = [self._seen(path) for path in sorted(self.root.iterdir()) if _is_ours(path)]
        return [dropped for dropped in found if dropped is not None]

    def fetch(self, dropped: Dropped, _to: Path) -> Path:
        """Return where it lies; nothing is copied."""
        return self.root / dropped.name

    def settle(self, dropped: Dropped, code: str | None) -> None:
        """Move it out of the way, with the code beside it where it was refused."""
        folder = self.root / (_TAKEN if code is None else _REFUSED)
        with _told("move a package out of the drop folder"):
            folder.mkdir(exist_ok=True)
            target = _free(folder / dropped.name)
            (self.root / dropped.name).replace(target)
            (self.root / f"{dropped.name}{_DONE}").unlink(missing_ok=True)
            if code is not None:
                reason = target.with_name(f"{target.name}.reason.json")
                reason.write_text(json.dumps({"code": code}), encoding="utf-8")

    def _seen(self, path: Path) -> Dropped | None:
        """Return a package as it is now, None while it is being written or came and went."""
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        if not files or any(file.name.endswith(_UNFINISHED) for file in files):
            return None
        try:
            parts = [(os.fspath(file), *_size(file)) for file in files]
        except FileNotFoundError:
            return None
        marks = (path / _DONE, path.with_name(f"{path.name}{_DONE}"))
        return Dropped(
            name=path.name, stamp=_stamp(parts), finished=any(mark.is_file() for mark in marks)
        )


@dataclass(frozen=True)
class BucketDrop:
    """Packages under a prefix that ends in `/`; an object is there whole or not at all."""

    bucket: Bucket
    prefix: str

    def look(self) -> Sequence[Dropped]:
        """Return what lies there and bears no mark, in the order of names."""
        parts: dict[str, list[tuple[str, int, str]]] = {}
        marks: set[str] = set()
        for key, size, tag in self._listed():
            top, _, rest = key.partition("/")
            if top in {_TAKEN, _REFUSED}:
                marks.add(rest)
            elif not top.startswith(".") and not key.endswith(_UNFINISHED):
                parts.setdefault(top.removesuffix(_DONE), []).append((key, size, tag))
        found = [_packed(name, listed) for name, listed in sorted(parts.items())]
        return [dropped for dropped in found if dropped and _mark(dropped) not in marks]

    def fetch(self, dropped: Dropped, to: Path) -> Path:
        """Fetch its objects as files under `to`."""
        for key, _, _ in self._listed():
            path = PurePosixPath(key)
            if path.parts[:1] == (dropped.name,) and ".." not in path.parts:
                with told_by_bucket("fetch a package"):
                    self.bucket.client.fget_object(
                        self.bucket.name, self.prefix + key, str(to / path)
                    )
        return to / dropped.name

    def settle(self, dropped: Dropped, code: str | None) -> None:
        """Mark it as it was seen; what is changed later is looked at anew."""
        folder = _TAKEN if code is None else _REFUSED
        body = json.dumps({"code": code}).encode()
        self.bucket.write(f"{self.prefix}{folder}/{_mark(dropped)}", body)

    def _listed(self) -> Iterator[tuple[str, int, str]]:
        with told_by_bucket("look at the drop prefix"):
            for found in self.bucket.client.list_objects(
                self.bucket.name, prefix=self.prefix, recursive=True
            ):
                if not found.is_dir:
                    key = str(found.object_name).removeprefix(self.prefix)
                    yield key, int(found.size or 0), str(found.etag)


def _packed(name: str, parts: list[tuple[str, int, str]]) -> Dropped | None:
    marks = {f"{name}{_DONE}", f"{name}/{_DONE}"}
    content = [part for part in parts if part[0] not in marks]
    if not content:
        return None
    return Dropped(name=name, stamp=_stamp(content), finished=len(content) < len(parts))


def _mark(dropped: Dropped) -> str:
    return f"{dropped.name}.{dropped.stamp[:16]}"


def _stamp(parts: Sequence[tuple[object, ...]]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _size(file: Path) -> tuple[int, int]:
    told = file.stat()
    return told.st_size, told.st_mtime_ns


def _is_ours(path: Path) -> bool:
    hidden = path.name.startswith(".") or path.name in {_TAKEN, _REFUSED}
    return not hidden and not path.name.endswith((_DONE, *_UNFINISHED))


def _free(target: Path) -> Path:
    """Return a path that is not taken: packages of one name may come again and again."""
    number, free = 1, target
    while free.exists():
        number += 1
        free = target.with_name(f"{target.name}.{number}")
    return free


@contextmanager
def _told(action: str) -> Iterator[None]:
    """Turn what the system says into our error, without the path."""
    try:
        yield
    except OSError as error:
        raise StorageError(action, error.strerror or type(error).__name__) from error
