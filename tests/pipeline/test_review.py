import random
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.ports import UnknownPackageError
from pipeline.stages.document import read_document
from pipeline.stages.intake import take_in
from pipeline.stages.judge import judge
from pipeline.stages.package import review
from pipeline.stages.services import Services
from schemas.decisions import Outcome
from schemas.errors import DeviceError, EncryptedFileError
from tests.builders import APPLIED, BALANCE, CASH, INCOME, licence, statement
from tests.pipeline.fakes import NOON, PDF, FakeReader
from validators import rulebook


@pytest.fixture
def complete(reader: FakeReader) -> FakeReader:
    reader.documents = (licence(), statement(BALANCE), statement(INCOME), statement(CASH))
    return reader


def papers(inbox: Path, *, count: int = 1) -> Path:
    for number in range(count):
        (inbox / f"{number}.pdf").write_bytes(PDF + bytes([number]))
    return inbox


def test_clean_papers_pass_and_the_record_names_what_made_it(
    services: Services, complete: FakeReader, inbox: Path
) -> None:
    package = take_in([papers(inbox)], services, applied_on=APPLIED)

    record = review(package.id, services)

    assert record.decision.outcome is Outcome.PASS
    assert (record.package_id, record.revision, record.made_at) == (package.id, 1, NOON)
    assert record.dossier.package == package
    assert record.made_by.code.startswith("zishen/")
    assert record.made_by.rulebook == rulebook.VERSION
    assert record.made_by.policy.startswith("sme_small/")
    assert record.made_by.models == ("fake",)
    assert record.made_by.device == "cpu"
    assert services.repository.record(package.id) == record


def test_a_record_names_the_device_that_the_pages_were_read_on(
    services: Services, reader: FakeReader, inbox: Path
) -> None:
    package = take_in([papers(inbox)], services)
    reading = reader.read(PDF, package.files[0]).model_copy(update={"devices": ("gpu:0",)})

    assert judge(package, [reading], services).made_by.device == "gpu:0"


def test_a_second_review_reads_nothing_and_adds_nothing(
    services: Services, complete: FakeReader, inbox: Path
) -> None:
    package = take_in([papers(inbox, count=3)], services, applied_on=APPLIED)

    first = review(package.id, services)
    again = review(package.id, services)

    assert again == first
    assert len(complete.asked) == 3
    assert services.repository.records(package.id) == (first,)


def test_another_reading_is_another_revision(
    services: Services, complete: FakeReader, inbox: Path
) -> None:
    package = take_in([papers(inbox)], services, applied_on=APPLIED)
    review(package.id, services)

    complete.documents, complete.fingerprint = (licence(),), "fake-2"
    second = review(package.id, services)

    assert second.revision == 2
    assert second.decision.outcome is Outcome.SUPPLEMENT
    assert [one.revision for one in services.repository.records(package.id)] == [1, 2]


def test_a_file_that_turns_out_bad_is_owed_by_the_applicant(
    services: Services, complete: FakeReader, inbox: Path
) -> None:
    package = take_in([papers(inbox, count=2)], services, applied_on=APPLIED)
    complete.refuses[PDF + b"\x01"] = EncryptedFileError("application/pdf")

    record = review(package.id, services)

    assert record.decision.outcome is Outcome.SUPPLEMENT
    assert record.decision.reasons == ("package.unreadable_file",)
    assert [file.name for file in record.dossier.package.files] == ["0.pdf"]
    assert [file.code for file in record.dossier.package.refused] == ["document.encrypted"]
    assert services.repository.package(package.id) == package


def test_files_refused_at_intake_and_at_reading_are_both_told(
    services: Services, complete: FakeReader, inbox: Path
) -> None:
    (papers(inbox) / "empty.pdf").write_bytes(b"")
    package = take_in([inbox], services, applied_on=APPLIED)
    complete.refuses[PDF + b"\x00"] = EncryptedFileError("application/pdf")

    record = review(package.id, services)

    codes = [file.code for file in record.dossier.package.refused]
    assert codes == ["document.empty", "document.encrypted"]


def test_no_papers_at_all_is_a_supplement(services: Services) -> None:
    package = take_in([], services)

    record = review(package.id, services)

    assert record.decision.outcome is Outcome.SUPPLEMENT
    assert "package.empty" in record.decision.reasons


def test_the_order_in_which_files_are_read_leaves_no_trace(
    services: Services, complete: FakeReader, inbox: Path
) -> None:
    package = take_in([papers(inbox, count=6)], services, applied_on=APPLIED)
    for number in (1, 4):
        complete.refuses[PDF + bytes([number])] = EncryptedFileError("application/pdf")
    outcomes = [read_document(file, services) for file in package.files]
    first = judge(package, outcomes, services)

    random.Random(7).shuffle(outcomes)  # noqa: S311  no secret

    assert judge(package, outcomes, services) == first


def test_an_unknown_package_is_an_error(services: Services) -> None:
    with pytest.raises(UnknownPackageError):
        review("nowhere", services)


def test_a_package_taken_in_twice_is_reviewed_as_one(
    services: Services, complete: FakeReader, inbox: Path
) -> None:
    taken = [take_in([papers(inbox)], services, applied_on=APPLIED) for _ in range(2)]
    first, again = [review(package.id, services) for package in taken]

    assert again == first
    assert len(services.repository.packages()) == 1


def test_a_device_that_is_not_there_is_never_written_down_as_another(
    services: Services, complete: FakeReader, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    ocr = services.settings.ocr.model_copy(update={"device": "gpu"})
    settings = services.settings.model_copy(update={"ocr": ocr})
    package = take_in([papers(inbox)], services)

    with pytest.raises(DeviceError):
        review(package.id, replace(services, settings=settings))
