import errno
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.storage.blobs import Blobs
from pipeline.storage.folder import Folder
from pipeline.storage.readings import ReadingCache
from schemas.errors import StorageError, TransientError
from tests.builders import licence, reading
from tests.pipeline.fakes import FullDisk

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(Folder(tmp_path))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@given(st.binary(max_size=4096))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_put_comes_back_to_the_byte(blobs: Blobs, data: bytes) -> None:
    assert blobs.get(blobs.put(data)) == data


def test_the_same_bytes_are_kept_once_two_folders_deep(blobs: Blobs, tmp_path: Path) -> None:
    assert blobs.put(b"") == EMPTY
    assert blobs.put(b"") == EMPTY

    assert files(tmp_path) == [tmp_path / "blobs" / "e3" / "b0" / EMPTY]


def test_a_file_is_kept_under_the_hash_of_its_content(blobs: Blobs, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(b"x" * 3_000_000)

    assert blobs.put_file(path) == blobs.put(path.read_bytes())


def test_a_store_knows_what_it_has(blobs: Blobs) -> None:
    assert not blobs.has(EMPTY)
    blobs.put(b"")
    assert blobs.has(EMPTY)


@pytest.mark.parametrize("damage", [b"", b"other", b"conten"], ids=["emptied", "other", "cut"])
def test_a_damaged_blob_is_an_error_and_never_an_answer(
    blobs: Blobs, tmp_path: Path, damage: bytes
) -> None:
    sha256 = blobs.put(b"content")
    files(tmp_path)[0].write_bytes(damage)

    with pytest.raises(StorageError, match="damaged"):
        blobs.get(sha256)


def test_putting_a_damaged_blob_again_mends_it(blobs: Blobs, tmp_path: Path) -> None:
    sha256 = blobs.put(b"content")
    files(tmp_path)[0].write_bytes(b"broken")

    blobs.put(b"content")

    assert blobs.get(sha256) == b"content"


def test_a_missing_blob_is_an_error(blobs: Blobs) -> None:
    with pytest.raises(StorageError, match="not there"):
        blobs.get(EMPTY)


def test_a_missing_file_is_an_error_without_its_name(blobs: Blobs, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        blobs.put_file(tmp_path / "张三.pdf")

    assert "张三" not in str(caught.value)


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    folder.write("a/key", b"old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfileobj", fail)
    with pytest.raises(TransientError, match="No space left"):
        folder.write("a/key", b"new")

    assert files(tmp_path) == [tmp_path / "a" / "key"]
    assert folder.read("a/key") == b"old"


def test_what_the_disk_refuses_is_told_as_worth_a_retry(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    folder = Folder(tmp_path / "file")

    with pytest.raises(StorageError):
        folder.read("key")
    with pytest.raises(StorageError):
        folder.write("key", b"")


def test_a_reading_comes_back_as_it_was_put(tmp_path: Path) -> None:
    cache = ReadingCache(Folder(tmp_path))
    put = reading(licence())

    cache.put("key", put)

    assert cache.get("key") == put
    assert cache.get("other") is None


def test_a_reading_with_a_flipped_digit_counts_as_missing(tmp_path: Path) -> None:
    cache = ReadingCache(Folder(tmp_path))
    cache.put("key", reading(licence()))
    (path,) = files(tmp_path)

    path.write_bytes(path.read_bytes().replace(b"20000", b"90000"))

    assert cache.get("key") is None


def test_a_reading_of_another_version_counts_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ReadingCache(Folder(tmp_path))
    monkeypatch.setattr("pipeline.storage.readings._checksum", lambda _: b"sum")
    cache.put("key", reading(licence()))
    (path,) = files(tmp_path)

    path.write_bytes(path.read_bytes().replace(b'"pages"', b'"leaves"'))

    assert cache.get("key") is None


def test_a_store_that_fails_is_heard() -> None:
    with pytest.raises(StorageError):
        Blobs(FullDisk()).put(b"data")
    with pytest.raises(StorageError):
        ReadingCache(FullDisk()).put("key", reading())
