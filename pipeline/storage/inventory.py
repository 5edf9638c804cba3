"""What lies in a folder or a bucket, with its age."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from os import stat_result
from pathlib import Path

from pipeline.ports import Objects
from pipeline.ports.inventory import Inventory, Kept
from pipeline.storage.folder import Folder
from pipeline.storage.minio import Bucket
from pipeline.storage.minio import told as told_by_bucket
from schemas.errors import StorageError


def inventory(objects: Objects) -> Inventory:
    """Return the inventory of an object store."""
    if isinstance(objects, Bucket):
        return BucketInventory(objects)
    assert isinstance(objects, Folder)  # noqa: S101  there are two kinds
    return FolderInventory(objects)


@dataclass(frozen=True)
class FolderInventory:
    """Files under the root; what is being written beside its target counts as well."""

    folder: Folder

    def listed(self, prefix: str) -> Iterator[Kept]:
        """Yield what lies under a prefix, in order."""
        root = self.folder.root
        for path in sorted((root / prefix).rglob("*")):
            told = _stat(path)
            if told is not None:
                yield Kept(
                    key=path.relative_to(root).as_posix(),
                    size=told.st_size,
                    at=datetime.fromtimestamp(told.st_mtime, UTC),
                )

    def has(self, key: str) -> bool:
        """Return whether there is something under a key."""
        return self.folder.has(key)

    def remove(self, key: str) -> None:
        """Take a file away."""
        self.folder.delete(key)


@dataclass(frozen=True)
class BucketInventory:
    """Objects of a bucket."""

    bucket: Bucket

    def listed(self, prefix: str) -> Iterator[Kept]:
        """Yield what lies under a prefix, in order."""
        with told_by_bucket("list objects"):
            for found in self.bucket.client.list_objects(
                self.bucket.name, prefix=prefix, recursive=True
            ):
                if not found.is_dir:
                    yield Kept(key=found.object_name, size=found.size, at=found.last_modified)

    def has(self, key: str) -> bool:
        """Return whether there is something under a key."""
        return self.bucket.has(key)

    def remove(self, key: str) -> None:
        """Take an object away."""
        self.bucket.delete(key)


def _stat(path: Path) -> stat_result | None:
    """Return what is known of a file, None for a folder or one that has gone."""
    try:
        return path.stat() if path.is_file() else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError("list objects", error.strerror or type(error).__name__) from error
