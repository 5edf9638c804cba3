"""Flows on a real Prefect server, with a reader that reads nothing."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.client.schemas.objects import Artifact, FlowRun
from prefect.client.schemas.sorting import ArtifactSort, FlowRunSort

from flows.batch import review_batch
from flows.package import review_package
from pipeline import wiring
from pipeline.ports import UnknownPackageError
from pipeline.settings import OcrSettings
from pipeline.stages.intake import take_in
from pipeline.stages.services import Services
from schemas.decisions import Outcome
from schemas.documents import SourceFile
from schemas.errors import ModelMissingError, TransientError
from schemas.records import Reading
from tests.builders import COMPANY, credit_code
from tests.cli.papers import COMPLETE, PaperReader, hand_in

pytestmark = pytest.mark.services


def taken(services: Services, tmp_path: Path, name: str, *papers: str) -> str:
    return take_in([hand_in(tmp_path / name, *papers)], services).id


def artifact(key: str) -> Artifact:
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(
            artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])),
            sort=ArtifactSort.CREATED_DESC,
        )
    return found[0]


def latest_run() -> FlowRun:
    with get_client(sync_client=True) as client:
        return client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)[0]


def test_a_package_is_reviewed_and_its_run_says_which(services: Services, tmp_path: Path) -> None:
    package_id = taken(services, tmp_path, "one", *COMPLETE)

    reviewed = review_package(package_id)

    assert (reviewed.outcome, reviewed.revision) == (Outcome.PASS, 1)
    assert services.repository.record(package_id) is not None
    assert latest_run().name == "review-one"


def test_what_the_world_broke_is_tried_again(
    services: Services, reader: PaperReader, tmp_path: Path
) -> None:
    reader.failures = 2

    review_package(taken(services, tmp_path, "one", "flaky"))

    assert reader.reads == ["flaky"] * 3


def test_what_the_world_keeps_breaking_is_an_error_in_the_end(
    services: Services, reader: PaperReader, tmp_path: Path
) -> None:
    reader.failures = 9

    with pytest.raises(TransientError):
        review_package(taken(services, tmp_path, "one", "flaky"))
    assert reader.reads == ["flaky"] * 4


def test_what_the_document_or_the_set_up_broke_is_not_tried_again(
    services: Services, reader: PaperReader, tmp_path: Path
) -> None:
    review_package(taken(services, tmp_path, "one", "corrupt"))
    with pytest.raises(ModelMissingError):
        review_package(taken(services, tmp_path, "two", "no-model"))

    assert reader.reads == ["corrupt", "no-model"]


def test_a_second_review_reads_nothing_and_adds_no_record(
    services: Services, reader: PaperReader, tmp_path: Path
) -> None:
    package_id = taken(services, tmp_path, "one", *COMPLETE)

    assert review_package(package_id).revision == review_package(package_id).revision == 1
    assert sorted(reader.reads) == sorted(COMPLETE)


def test_a_package_that_was_never_taken_in_is_an_error(services: Services) -> None:
    with pytest.raises(UnknownPackageError):
        review_package("nothing")


def test_a_package_that_fails_stops_no_other(services: Services, tmp_path: Path) -> None:
    ids = [
        taken(services, tmp_path, name, *papers)
        for name, papers in (("a", ("bug",)), ("b", ("no-model",)), ("c", COMPLETE))
    ]

    results = review_batch([*ids, "nothing"])

    assert [result.error for result in results] == [
        "internal",
        "model.missing",
        None,
        "config.unknown_package",
    ]
    assert results[2].outcome is Outcome.PASS
    summary = str(artifact("review-batch-summary").data)
    assert all(told in summary for told in ("failed", "model.missing", "pass"))
    assert artifact("review-batch").data == 100


def test_the_artifact_shows_marks_and_counts_and_no_value(
    services: Services, tmp_path: Path
) -> None:
    package_id = taken(services, tmp_path, "one", "licence", "broken-balance", "corrupt")

    review_package(package_id)

    shown: Any = artifact(f"package-{package_id[:12]}").data
    for expected in (
        "supplement",
        "| unified_social_credit_code | present | yes |",
        "balance_sheet",
        "| statements.balance |",
        "document.corrupt",
    ):
        assert expected in shown
    for value in (COMPANY, credit_code(), "licence.pdf", "2015-03-05", "20000"):
        assert value not in shown


def test_a_batch_that_is_begun_again_reads_nothing_of_what_has_its_record(
    services: Services, reader: PaperReader, tmp_path: Path
) -> None:
    ids = [taken(services, tmp_path, name, *COMPLETE) for name in ("a", "b")]
    review_batch(ids[:1])
    shutil.rmtree(services.settings.data_dir / "objects" / "readings")
    before = len(reader.reads)

    results = review_batch(ids)

    assert [result.outcome for result in results] == [Outcome.PASS] * 2
    assert len(reader.reads) == before + len(COMPLETE)
    assert len(services.repository.records(ids[0])) == 1


def test_a_batch_may_be_asked_to_read_all_again(
    services: Services, reader: PaperReader, tmp_path: Path
) -> None:
    package_id = taken(services, tmp_path, "a", *COMPLETE)
    review_batch([package_id])
    shutil.rmtree(services.settings.data_dir / "objects" / "readings")

    review_batch([package_id], again=True)

    assert len(reader.reads) == 2 * len(COMPLETE)


def test_documents_and_packages_are_under_way_together_where_others_read_pages(
    services: Services, reader: PaperReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = replace(
        services,
        settings=services.settings.model_copy(update={"ocr": OcrSettings(workers=1, documents=2)}),
    )
    monkeypatch.setattr(wiring, "services", lambda: wide)
    both = threading.Barrier(2)
    read = reader.read

    def meeting(data: bytes, source: SourceFile) -> Reading:
        both.wait(20)  # nobody comes alone
        return read(data, source)

    monkeypatch.setattr(reader, "read", meeting)

    reviewed = review_package(taken(services, tmp_path, "one", *COMPLETE))

    assert reviewed.outcome is Outcome.PASS
    record = services.repository.record(reviewed.package_id)
    assert record is not None
    shas = [reading.source.sha256 for reading in record.dossier.readings]
    assert shas == [file.sha256 for file in record.dossier.package.files]
