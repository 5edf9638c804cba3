"""A bucket of an S3 server as an object store, through the `minio` SDK."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

from pipeline.settings import StorageSettings
from schemas.errors import SettingsError, StorageError

_OPERATOR = frozenset(
    {"AccessDenied", "InvalidAccessKeyId", "NoSuchBucket", "SignatureDoesNotMatch"}
)
"""What retrying does not mend."""


@dataclass(frozen=True)
class Bucket:
    """Keys are names of objects in one bucket."""

    client: Minio
    name: str

    @classmethod
    def of(cls, settings: StorageSettings) -> "Bucket":
        """Return the bucket of the settings; nothing is asked of the server yet."""
        secret = settings.secret_key
        client = Minio(
            settings.endpoint or "",
            access_key=settings.access_key,
            secret_key=secret.get_secret_value() if secret else None,
            secure=settings.secure,
        )
        return cls(client, settings.bucket)

    def read(self, key: str) -> bytes | None:
        """Return the bytes under a key, None when there are none."""
        with _told("read an object"):
            try:
                response = self.client.get_object(self.name, key)
            except S3Error as error:
                if error.code == "NoSuchKey":
                    return None
                raise
            try:
                data: bytes = response.read()
            finally:
                response.close()
                response.release_conn()
            return data

    def write(self, key: str, data: bytes) -> None:
        """Put bytes under a key."""
        with _told("write an object"):
            self.client.put_object(self.name, key, BytesIO(data), len(data))

    def write_file(self, key: str, path: Path) -> None:
        """Put a file under a key."""
        with _told("write an object"):
            self.client.fput_object(self.name, key, str(path))

    def has(self, key: str) -> bool:
        """Return whether there is something under a key."""
        with _told("look for an object"):
            try:
                self.client.stat_object(self.name, key)
            except S3Error as error:
                if error.code == "NoSuchKey":
                    return False
                raise
            return True


@contextmanager
def _told(action: str) -> Iterator[None]:
    """Turn what the SDK raises into our errors, by who has to act."""
    try:
        yield
    except S3Error as error:
        if error.code in _OPERATOR:
            raise SettingsError(f"{action}: the S3 server says {error.code}") from error
        raise StorageError(action, str(error.code)) from error
    except (MinioException, HTTPError, OSError) as error:
        raise StorageError(action, type(error).__name__) from error
