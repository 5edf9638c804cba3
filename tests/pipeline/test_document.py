from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.stages.document import read_document
from pipeline.stages.services import Services
from pipeline.storage.readings import ReadingCache
from schemas.documents import MediaType, RefusedFile, SourceFile
from schemas.errors import (
    DocumentError,
    EncryptedFileError,
    ModelMissingError,
    NoPagesError,
    StorageError,
    TransientError,
)
from schemas.records import Reading
from tests.builders import licence
from tests.pipeline.fakes import PDF, FakeReader, FullDisk


@pytest.fixture
def paper(services: Services) -> SourceFile:
    return SourceFile(
        name="a.pdf", sha256=services.blobs.put(PDF), media_type=MediaType.PDF, size=len(PDF)
    )


def test_a_file_is_read_once(services: Services, reader: FakeReader, paper: SourceFile) -> None:
    reader.documents = (licence(),)

    first = read_document(paper, services)
    again = read_document(paper, services)

    assert isinstance(first, Reading)
    assert first.documents == (licence(),)
    assert again == first
    assert len(reader.asked) == 1


def test_another_reader_reads_anew(
    services: Services, reader: FakeReader, paper: SourceFile
) -> None:
    read_document(paper, services)
    reader.fingerprint = "fake-2"
    read_document(paper, services)

    assert len(reader.asked) == 2


def test_a_known_file_keeps_the_name_of_its_own_package(
    services: Services, paper: SourceFile
) -> None:
    read_document(paper, services)
    renamed = paper.model_copy(update={"name": "b.pdf"})

    outcome = read_document(renamed, services)

    assert isinstance(outcome, Reading)
    assert outcome.source == renamed


@pytest.mark.parametrize("error", [EncryptedFileError("application/pdf"), NoPagesError("x")])
def test_what_is_wrong_with_the_file_refuses_the_file(
    services: Services, reader: FakeReader, paper: SourceFile, error: DocumentError
) -> None:
    reader.refuses[PDF] = error

    assert read_document(paper, services) == RefusedFile(
        name="a.pdf", sha256=paper.sha256, size=len(PDF), code=error.code
    )


def test_a_refusal_is_not_remembered_since_limits_may_be_raised(
    services: Services, reader: FakeReader, paper: SourceFile
) -> None:
    reader.refuses[PDF] = NoPagesError("application/pdf")
    read_document(paper, services)
    reader.refuses.clear()

    assert isinstance(read_document(paper, services), Reading)


@pytest.mark.parametrize(
    "error", [ModelMissingError("m"), TransientError("again"), ZeroDivisionError()]
)
def test_what_is_not_the_files_fault_passes(
    services: Services, paper: SourceFile, error: Exception
) -> None:
    class Broken(FakeReader):
        def read(self, data: bytes, source: SourceFile) -> Reading:
            raise error

    with pytest.raises(type(error)):
        read_document(paper, replace(services, reader=Broken()))


def test_a_lost_original_is_told(services: Services, paper: SourceFile, tmp_path: Path) -> None:
    for path in (tmp_path / "objects" / "blobs").rglob(paper.sha256):
        path.unlink()

    with pytest.raises(StorageError):
        read_document(paper, services)


def test_a_cache_that_cannot_be_written_is_told(services: Services, paper: SourceFile) -> None:
    with pytest.raises(StorageError):
        read_document(paper, replace(services, readings=ReadingCache(FullDisk())))
