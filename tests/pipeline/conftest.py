"""The services of a review on a fresh folder, with a reader that reads nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.database.connection import connect
from pipeline.database.repository import SqlRepository
from pipeline.settings import Settings
from pipeline.stages.services import Services
from pipeline.storage.blobs import Blobs
from pipeline.storage.folder import Folder
from pipeline.storage.readings import ReadingCache
from tests.pipeline.fakes import FakeReader, StandingClock
from tests.servers import bare_database_url, database_url, postgresql_server, s3

__all__ = ["bare_database_url", "database_url", "postgresql_server", "s3"]


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[SqlRepository]:
    """Yield a repository in SQLite; test_database.py has its own, on both databases."""
    repository = SqlRepository(connect(f"sqlite:///{tmp_path / 'zishen.db'}"))
    yield repository
    repository.engine.dispose()


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader()


@pytest.fixture
def services(tmp_path: Path, repository: SqlRepository, reader: FakeReader) -> Services:
    objects = Folder(tmp_path / "objects")
    return Services(
        settings=Settings(data_dir=tmp_path),
        blobs=Blobs(objects),
        readings=ReadingCache(objects),
        repository=repository,
        database=repository.engine,
        clock=StandingClock(),
        reader=reader,
    )


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
