"""A bucket of an S3 server as an object store, through the `minio` SDK."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error
from minio.retention import Retention
from minio.sse import Sse, SseKMS, SseS3
from urllib3.exceptions import HTTPError

from pipeline.ports import Clock, LockedError
from pipeline.sections import StorageSettings
from schemas.errors import SettingsError, StorageError

PART: Final = 8 << 20
"""Bytes of a large file that are in memory at once, on their way there and back."""
LOCKED: Final = ("blobs/", "audit/")
"""What the lock is for: originals, and anchors of the chains. Readings can be made again."""
_GONE: Final = frozenset({"NoSuchKey", "NoSuchVersion"})
_OPERATOR = frozenset(
    {
        "AccessDenied",
        "InvalidAccessKeyId",
        "InvalidRequest",
        "NoSuchBucket",
        "SignatureDoesNotMatch",
    }
)
"""What retrying does not mend."""


@dataclass(frozen=True)
class Lock:
    """How long originals and anchors are kept at least, and who could shorten that."""

    kept: timedelta
    mode: str
    clock: Clock


@dataclass(frozen=True)
class Bucket:
    """Keys are names of objects in one bucket."""

    client: Minio
    name: str
    sse: Sse | None = None
    lock: Lock | None = None

    @classmethod
    def of(cls, settings: StorageSettings, clock: Clock) -> "Bucket":
        """Return the bucket of the settings; nothing is asked of the server yet."""
        secret = settings.secret_key
        timeout = urllib3.Timeout(connect=settings.connect_seconds, read=settings.read_seconds)
        client = Minio(
            settings.endpoint or "",
            access_key=settings.access_key,
            secret_key=secret.get_secret_value() if secret else None,
            secure=settings.secure,
            http_client=urllib3.PoolManager(
                timeout=timeout,
                maxsize=16,
                retries=urllib3.Retry(2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
            ),
        )
        days, mode = timedelta(days=settings.lock_days), settings.lock_mode.upper()
        lock = Lock(days, mode, clock) if days else None
        return cls(client, settings.bucket, _sse(settings), lock)

    def read(self, key: str) -> bytes | None:
        """Return the bytes under a key, None when there are none."""
        opened = self.stream(key)
        if opened is None:
            return None
        with opened as pieces:
            return b"".join(pieces)

    def stream(self, key: str) -> "_Pieces | None":
        """Open the bytes under a key piece by piece, None when there are none."""
        with told("read an object"):
            try:
                response = self.client.get_object(self.name, key)
            except S3Error as error:
                if error.code in _GONE:
                    return None
                raise
        return _Pieces(response)

    def write(self, key: str, data: bytes) -> None:
        """Put bytes under a key."""
        with told("write an object"):
            self.client.put_object(
                self.name, key, BytesIO(data), len(data), part_size=PART, **self._kept(key)
            )

    def write_file(self, key: str, path: Path) -> None:
        """Put a file under a key, a large one in parts; it is there when the last one is."""
        with told("write an object"):
            self.client.fput_object(
                self.name,
                key,
                str(path),
                part_size=PART,
                num_parallel_uploads=1,  # each would hold a part in memory
                **self._kept(key),
            )

    def has(self, key: str) -> bool:
        """Return whether there is something under a key."""
        with told("look for an object"):
            try:
                self.client.stat_object(self.name, key)
            except S3Error as error:
                if error.code in _GONE:
                    return False
                raise
            return True

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield every key that begins with a prefix, in order."""
        with told("list objects"):
            for found in self.client.list_objects(self.name, prefix=prefix, recursive=True):
                yield str(found.object_name)

    def delete(self, key: str) -> None:
        """Take away every version of what is under a key.

        Raises:
            LockedError: the lock of a version has not run out, or the account may not delete.
        """
        with told("delete an object"):
            found = self.client.list_objects(
                self.name, prefix=key, recursive=True, include_version=True
            )
            for version in [one.version_id for one in found if one.object_name == key]:
                try:
                    self.client.remove_object(self.name, key, version_id=version)
                except S3Error as error:
                    if error.code == "AccessDenied":
                        raise LockedError("an object has to be kept for some time yet") from error
                    if error.code not in _GONE:
                        raise

    def upload_url(self, key: str, seconds: int) -> str | None:
        """Return a URL to which a client may PUT the bytes for a while."""
        with told("sign a URL"):
            return str(
                self.client.presigned_put_object(self.name, key, expires=timedelta(seconds=seconds))
            )

    def download_url(self, key: str, seconds: int) -> str | None:
        """Return a URL from which a client may GET the bytes for a while."""
        with told("sign a URL"):
            return str(
                self.client.presigned_get_object(self.name, key, expires=timedelta(seconds=seconds))
            )

    def _kept(self, key: str) -> dict[str, Any]:
        """Return how an object is kept: encrypted, and for how long at least."""
        kept: dict[str, Any] = {} if self.sse is None else {"sse": self.sse}
        if self.lock is not None and key.startswith(LOCKED):
            until = self.lock.clock.now().astimezone(UTC) + self.lock.kept
            kept["retention"] = Retention(self.lock.mode, until)
        return kept


class _Pieces:
    """The body of an answer, piece by piece; its connection is given back in any case."""

    def __init__(self, response: Any) -> None:
        self._response = response

    def __enter__(self) -> Iterator[bytes]:
        return self._pieces()

    def __exit__(self, *_: object) -> None:
        self._response.close()
        self._response.release_conn()

    def _pieces(self) -> Generator[bytes]:
        with told("read an object"):
            yield from self._response.stream(PART)


def _sse(settings: StorageSettings) -> Sse | None:
    if settings.encryption == "kms":
        return SseKMS(settings.kms_key or "", {})
    return SseS3() if settings.encryption == "s3" else None


@contextmanager
def told(action: str) -> Iterator[None]:
    """Turn what the SDK raises into our errors, by who has to act."""
    try:
        yield
    except S3Error as error:
        if error.code in _OPERATOR:
            raise SettingsError(f"{action}: the S3 server says {error.code}") from error
        raise StorageError(action, str(error.code)) from error
    except (MinioException, HTTPError, OSError) as error:
        raise StorageError(action, type(error).__name__) from error
