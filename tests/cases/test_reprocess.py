"""Old packages under other models: what changes is told, and what a person said stays."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cases.corrections import Action, Edit, edited
from pipeline.cases.reprocess import CORRECTED, UNREVIEWED, Difference, reprocess, summary
from pipeline.stages.correct import places
from pipeline.stages.intake import take_in
from pipeline.stages.package import review
from pipeline.stages.services import Services
from schemas.decisions import Outcome
from schemas.documents import SourceFile
from schemas.errors import StorageError
from schemas.records import Reading
from tests.cli.papers import COMPLETE, FOUND, PaperReader, hand_in


class Newer(PaperReader):
    """Reads every licence as one of nothing."""

    fingerprint = "papers/2"

    def read(self, data: bytes, source: SourceFile) -> Reading:
        reading = super().read(data, source)
        if b"licence" not in data:
            return reading
        return reading.model_copy(update={"documents": (FOUND["licence-of-nothing"](),)})


@pytest.fixture
def package_id(services: Services, tmp_path: Path) -> str:
    package = take_in([hand_in(tmp_path / "one", *COMPLETE)], services)
    review(package.id, services)
    return package.id


def test_the_same_models_change_nothing(services: Services, package_id: str) -> None:
    for reread in (False, True):
        found = reprocess(package_id, services, reread=reread)
        assert (found.revision, found.values, found.added, found.error) == (None, 0, (), None)
    assert len(services.repository.records(package_id)) == 1


def test_other_models_say_what_they_change(services: Services, package_id: str) -> None:
    newer = replace(services, reader=Newer())

    found = reprocess(package_id, newer, reread=True)

    assert (found.before, found.after, found.revision) == (Outcome.PASS, Outcome.MANUAL, 2)
    assert found.values == 1
    assert "licence.capital_not_positive" in found.added
    assert reprocess(package_id, newer, reread=True).revision is None


def test_what_a_person_corrected_is_not_read_again(services: Services, package_id: str) -> None:
    record = services.repository.record(package_id)
    assert record is not None
    place = next(place for place, _ in places(record.dossier) if place.name == "name")
    dossier = edited(record.dossier, "person-1", [Edit(place, Action.ACCEPT)])
    services.repository.revise(record.model_copy(update={"dossier": dossier}), after=1)

    assert reprocess(package_id, services, reread=True).error == CORRECTED
    assert reprocess(package_id, services, reread=False).error is None


def test_what_stands_in_the_way_of_one_is_told(
    services: Services, package_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = take_in([hand_in(tmp_path / "two", "licence")], services)

    def away(*_: object) -> bytes:
        raise StorageError("read a blob", "away")

    monkeypatch.setattr(type(services.blobs), "get", away)

    assert reprocess(fresh.id, services, reread=True).error == UNREVIEWED
    newer = replace(services, reader=Newer())
    assert reprocess(package_id, newer, reread=True).error == "storage.failed"


def test_a_summary_counts_where_outcomes_went() -> None:
    same = Difference(package_id="a", before=Outcome.PASS, after=Outcome.PASS)
    moved = Difference(package_id="b", before=Outcome.MANUAL, after=Outcome.PASS, revision=2)
    failed = Difference(package_id="c", error="storage.failed")

    told = summary([same, moved, failed])

    assert (told.packages, told.changed, told.errors) == (3, 1, 1)
    assert told.outcomes == {"manual → pass": 1}
