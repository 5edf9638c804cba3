"""Faults of an S3 server that a real one shows on no demand; the rest is in test_objects.py."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from minio.error import S3Error, ServerError
from pydantic import SecretStr
from urllib3.exceptions import MaxRetryError
from urllib3.response import HTTPResponse

from pipeline.sections import StorageSettings
from pipeline.storage.blobs import Blobs
from pipeline.storage.minio import Bucket
from schemas.errors import SettingsError, StorageError
from tests.pipeline.fakes import StandingClock


def s3_error(code: str) -> S3Error:
    return S3Error(HTTPResponse(), code, "said", "resource", "request", "host")


class FakeClient:
    """The four calls of the SDK that are used, over a dict; raises `fault` where there is one."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}
        self.fault = fault
        self.released = 0

    def put_object(self, bucket: str, key: str, data: BytesIO, length: int, **_: object) -> None:
        self._fail()
        self.kept[bucket, key] = data.read(length)

    def fput_object(self, bucket: str, key: str, path: str, **_: object) -> None:
        self._fail()
        self.kept[bucket, key] = Path(path).read_bytes()

    def get_object(self, bucket: str, key: str) -> Any:
        self.stat_object(bucket, key)
        client = self

        class Response(BytesIO):
            def stream(self, amount: int) -> Iterator[bytes]:
                yield from iter(lambda: self.read(amount), b"")

            def release_conn(self) -> None:
                client.released += 1

        return Response(self.kept[bucket, key])

    def stat_object(self, bucket: str, key: str) -> None:
        self._fail()
        if (bucket, key) not in self.kept:
            raise s3_error("NoSuchKey")

    def _fail(self) -> None:
        if self.fault is not None:
            raise self.fault


def bucket(client: FakeClient) -> Bucket:
    return Bucket(client, "papers")  # type: ignore[arg-type]


def test_what_is_put_comes_back_and_the_connection_is_given_back(tmp_path: Path) -> None:
    client = FakeClient()
    blobs = Blobs(bucket(client))
    path = tmp_path / "file"
    path.write_bytes(b"from a file")

    assert blobs.get(blobs.put(b"data")) == b"data"
    assert blobs.get(blobs.put_file(path)) == b"from a file"
    assert client.released == 2
    assert {name for name, _ in client.kept} == {"papers"}


def test_what_is_not_there_is_not_an_error() -> None:
    store = bucket(FakeClient())

    assert store.read("key") is None
    assert not store.has("key")
    store.write("key", b"")
    assert store.has("key")


@pytest.mark.parametrize(
    "fault",
    [
        s3_error("SlowDown"),
        s3_error("InternalError"),
        ServerError("bad gateway", 502),
        MaxRetryError(None, "/papers", None),  # type: ignore[arg-type]
        ConnectionResetError(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_failing_server_is_worth_a_retry(fault: Exception, tmp_path: Path) -> None:
    store = bucket(FakeClient(fault))

    with pytest.raises(StorageError):
        store.read("key")
    with pytest.raises(StorageError):
        store.write("key", b"")
    with pytest.raises(StorageError):
        store.write_file("key", tmp_path)
    with pytest.raises(StorageError):
        store.has("key")


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchBucket", "SignatureDoesNotMatch"])
def test_what_only_the_operator_can_mend_is_not_retried(code: str) -> None:
    with pytest.raises(SettingsError, match=code):
        bucket(FakeClient(s3_error(code))).write("key", b"")


def test_the_settings_name_the_server_and_nothing_is_asked_of_it_yet() -> None:
    settings = StorageSettings(
        kind="minio",
        endpoint="127.0.0.1:1",
        bucket="b",
        access_key="a",
        secret_key=SecretStr("s"),
        secure=False,
    )

    store = Bucket.of(settings, StandingClock())

    assert store.name == "b"
