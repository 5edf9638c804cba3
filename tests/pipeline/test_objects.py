"""What every object store does: a folder, and a bucket on a real S3 server."""

import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import urllib3
from pydantic import SecretStr

from pipeline.ports import LockedError, Objects
from pipeline.sections import StorageSettings
from pipeline.storage.blobs import Blobs
from pipeline.storage.folder import Folder
from pipeline.storage.minio import PART, Bucket
from pipeline.storage.preparing import prepare
from pipeline.wiring import SystemClock
from schemas.errors import SettingsError, StorageError
from tests.servers import S3, s3_server

LARGE = 6 * PART + 7


def bucket(settings: StorageSettings) -> Bucket:
    made = Bucket.of(settings, SystemClock())
    prepare(made, settings)
    return made


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.services)])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    """Return an empty store of each kind in turn."""
    if request.param == "folder":
        return Folder(tmp_path / "objects")
    server: S3 = request.getfixturevalue("s3")
    return bucket(server.settings())


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.bin"
    piece = bytes(range(256)) * 4096
    with path.open("wb") as file:
        for _ in range(LARGE // len(piece)):
            file.write(piece)
        file.write(b"the end")
    return path


def test_what_is_written_is_read_and_written_over(objects: Objects) -> None:
    objects.write("blobs/a/b", b"first")
    objects.write("blobs/a/b", b"second")
    objects.write("blobs/empty", b"")

    assert objects.read("blobs/a/b") == b"second"
    assert objects.read("blobs/empty") == b""
    assert objects.has("blobs/a/b")


def test_what_is_not_there_is_no_error(objects: Objects) -> None:
    assert objects.read("blobs/none") is None
    assert objects.stream("blobs/none") is None
    assert not objects.has("blobs/none")
    assert list(objects.keys("blobs/")) == []
    objects.delete("blobs/none")


def test_keys_come_in_order_below_their_prefix(objects: Objects) -> None:
    for key in ("a/2", "b/1", "a/1/x", "a/10"):
        objects.write(key, b"x")

    assert list(objects.keys("a/")) == ["a/1/x", "a/10", "a/2"]


def test_what_is_deleted_is_gone_with_everything_it_was_before(objects: Objects) -> None:
    for content in (b"one", b"two"):
        objects.write("blobs/a", content)
    objects.write("blobs/ab", b"stays")

    objects.delete("blobs/a")

    assert objects.read("blobs/a") is None
    assert list(objects.keys("blobs/")) == ["blobs/ab"]


def test_a_large_file_goes_in_and_out_in_pieces(objects: Objects, large: Path) -> None:
    tracemalloc.start()
    objects.write_file("blobs/large", large)
    opened = objects.stream("blobs/large")
    assert opened is not None
    with opened as pieces, large.open("rb") as file:
        for piece in pieces:
            assert piece == file.read(len(piece))
        assert file.read() == b""
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 3 * PART


def test_a_stream_that_is_left_early_gives_its_connection_back(
    objects: Objects, large: Path
) -> None:
    objects.write_file("blobs/large", large)
    for _ in range(20):
        opened = objects.stream("blobs/large")
        assert opened is not None
        with opened as pieces:
            assert next(iter(pieces))

    assert objects.read("blobs/large") == large.read_bytes()


def test_many_write_at_once(objects: Objects) -> None:
    blobs = Blobs(objects)
    contents = [bytes([number]) * 1000 for number in range(40)]

    with ThreadPoolExecutor(8) as pool:
        shas = list(pool.map(blobs.put, contents))

    assert [blobs.get(sha) for sha in shas] == contents


def test_a_folder_has_no_urls(tmp_path: Path) -> None:
    folder = Folder(tmp_path)

    assert folder.upload_url("a", 60) is None
    assert folder.download_url("a", 60) is None


@pytest.mark.services
def test_a_client_sends_and_fetches_by_a_url_that_cannot_be_bent(s3: S3) -> None:
    store, http = bucket(s3.settings()), urllib3.PoolManager(retries=False)
    there, back = store.upload_url("uploads/1", 60), store.download_url("uploads/1", 60)
    assert there is not None
    assert back is not None

    assert http.request("PUT", there, body=b"papers").status == 200
    assert http.request("GET", back).data == b"papers"
    assert http.request("PUT", there.replace("uploads/1", "uploads/2"), body=b"x").status == 403
    assert http.request("GET", back.replace("uploads/1", "blobs/1")).status == 403
    assert store.read("uploads/1") == b"papers"
    short = store.download_url("uploads/1", 1)
    assert short is not None
    time.sleep(2.1)
    assert http.request("GET", short).status == 403


@pytest.mark.services
def test_wrong_secrets_are_refused_and_for_the_operator(s3: S3) -> None:
    good = s3.settings()
    bucket(good)
    wrong = Bucket.of(good.model_copy(update={"secret_key": SecretStr("wrong")}), SystemClock())

    with pytest.raises(SettingsError, match="SignatureDoesNotMatch"):
        wrong.write("blobs/a", b"x")
    with pytest.raises(SettingsError):
        wrong.read("blobs/a")


@pytest.mark.services
def test_a_bucket_that_is_not_there_is_for_the_operator(s3: S3) -> None:
    with pytest.raises(SettingsError, match="NoSuchBucket"):
        Bucket.of(s3.settings(), SystemClock()).write("blobs/a", b"x")


@pytest.mark.services
def test_a_locked_original_cannot_be_deleted_and_a_reading_can(s3: S3) -> None:
    store = bucket(s3.settings(lock_days=1, lock_mode="compliance"))
    for key in ("blobs/a", "readings/a"):
        store.write(key, b"x")

    store.delete("readings/a")
    with pytest.raises(LockedError):
        store.delete("blobs/a")

    assert not store.has("readings/a")
    found = store.client.get_object_retention(store.name, "blobs/a")
    assert found.mode == "COMPLIANCE"
    assert 0 < (found.retain_until_date - datetime.now(UTC)).total_seconds() <= 86_400  # noqa: TID251  the server's


@pytest.mark.services
def test_a_bucket_is_set_up_once_and_kept_as_it_should_be(s3: S3) -> None:
    settings = s3.settings(readings_days=30)
    store = Bucket.of(settings, SystemClock())

    assert prepare(store, settings)
    assert not prepare(store, settings)

    assert store.client.get_bucket_versioning(store.name).status == "Enabled"
    rules = store.client.get_bucket_lifecycle(store.name).rules
    assert {rule.rule_id for rule in rules} >= {"readings"}
    with pytest.raises(SettingsError, match="without an object lock"):
        prepare(store, settings.model_copy(update={"lock_days": 1}))


@pytest.mark.services
def test_encryption_is_asked_of_the_server(s3: S3) -> None:
    store = bucket(s3.settings(encryption="s3"))

    store.write("blobs/a", b"secret")

    assert store.read("blobs/a") == b"secret"
    headers = store.client.stat_object(store.name, "blobs/a").metadata
    assert headers["x-amz-server-side-encryption"] == "AES256"


@pytest.fixture
def mortal() -> Iterator[S3]:
    """Yield a server that a test may kill."""
    with s3_server() as server:
        yield server


@pytest.mark.services
@pytest.mark.slow
def test_a_server_that_dies_is_an_error_of_every_call_and_soon(mortal: S3, large: Path) -> None:
    store = bucket(mortal.settings())
    store.write_file("blobs/large", large)
    opened = store.stream("blobs/large")
    assert opened is not None
    with opened as pieces:
        next(iter(pieces))
        mortal.stop()
        with pytest.raises(StorageError):
            list(pieces)

    started = time.monotonic()
    for call in (
        lambda: store.read("a"),
        lambda: store.write("a", b"x"),
        lambda: store.write_file("a", large),
        lambda: store.has("a"),
        lambda: list(store.keys("a/")),
        lambda: store.delete("a"),
    ):
        with pytest.raises(StorageError):
            call()
    assert time.monotonic() - started < 30
