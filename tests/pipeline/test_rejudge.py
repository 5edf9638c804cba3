"""Judging again what was read: no reading, and a record only where something is new."""

import pytest

from pipeline.ports import UnknownPackageError
from pipeline.stages import rejudge as stage
from pipeline.stages.judge import judge
from pipeline.stages.rejudge import rejudge
from pipeline.stages.services import Services
from schemas.decisions import Outcome
from schemas.documents import Package
from schemas.findings import Finding, Severity
from schemas.records import Record
from tests.builders import clean
from tests.pipeline.fakes import FakeReader


@pytest.fixture
def record(services: Services, monkeypatch: pytest.MonkeyPatch) -> Record:
    """A clean package that was judged on a machine with a GPU."""
    monkeypatch.setattr(Services, "device", "gpu:0")
    papers = clean()
    services.repository.add_package(papers.package)
    return judge(papers.package, papers.readings, services)


def under_other_rules(monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> None:
    monkeypatch.setattr("validators.rulebook.check", lambda *_: findings)


def test_the_same_rules_add_no_record(services: Services, record: Record) -> None:
    result = rejudge(record.package_id, services)

    assert not result.is_new
    assert result.after == record
    assert len(services.repository.records(record.package_id)) == 1


def test_newer_code_that_comes_to_the_same_adds_no_record(
    services: Services, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("validators.rulebook.VERSION", "newer")

    assert not rejudge(record.package_id, services).is_new


def test_other_rules_add_a_record_that_says_what_is_new(
    services: Services, record: Record, monkeypatch: pytest.MonkeyPatch, reader: FakeReader
) -> None:
    under_other_rules(monkeypatch, Finding(code="licence.branch", severity=Severity.ERROR))
    monkeypatch.setattr("validators.rulebook.VERSION", "newer")

    result = rejudge(record.package_id, services)

    assert result.is_new
    assert (result.added, result.settled) == (("licence.branch",), ("package.not_checked",))
    assert result.after.decision.outcome is Outcome.MANUAL
    assert (result.after.revision, result.after.made_by.rulebook) == (2, "newer")
    assert result.after.made_by.device == "gpu:0"
    assert result.after.dossier == record.dossier
    assert reader.asked == []
    assert services.repository.record(record.package_id) == result.after


def test_another_policy_is_named_by_a_record_of_its_own(
    services: Services, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stage.concluded

    def renamed(*arguments: object, **named: object) -> Record:
        made = before(*arguments, **named)  # type: ignore[arg-type]
        made_by = made.made_by.model_copy(update={"policy": "sme_small/9"})
        return made.model_copy(update={"made_by": made_by})

    monkeypatch.setattr(stage, "concluded", renamed)
    result = rejudge(record.package_id, services)

    assert result.is_new
    assert (result.added, result.settled) == ((), ())


def test_what_was_never_reviewed_cannot_be_judged_again(services: Services) -> None:
    package: Package = services.repository.add_package(clean().package)

    with pytest.raises(UnknownPackageError):
        rejudge(package.id, services)
