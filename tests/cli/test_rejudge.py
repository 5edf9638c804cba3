from pathlib import Path

import pytest

from pipeline.stages.services import Services
from schemas.findings import Finding, Severity
from tests.cli.conftest import Zishen
from tests.cli.papers import COMPLETE, PaperReader, hand_in


@pytest.fixture
def reviewed(zishen: Zishen, tmp_path: Path) -> None:
    zishen("review", hand_in(tmp_path / "one", *COMPLETE))
    zishen("review", hand_in(tmp_path / "two", "licence"))


@pytest.mark.usefixtures("reviewed")
def test_nothing_is_read_and_nothing_changes_by_itself(
    zishen: Zishen, services: Services, reader: PaperReader
) -> None:
    before = list(reader.reads)

    said = zishen("rejudge", "--all")

    assert said.code == 0
    assert said.out.count("评定结果不变") == 2
    assert reader.reads == before
    assert [len(services.repository.records(p.id)) for p in services.repository.packages()] == [
        1,
        1,
    ]


@pytest.mark.usefixtures("reviewed")
def test_what_the_rules_say_anew_is_shown(zishen: Zishen, monkeypatch: pytest.MonkeyPatch) -> None:
    anew = (Finding(code="licence.branch", severity=Severity.ERROR),)
    monkeypatch.setattr("validators.rulebook.check", lambda *_: anew)

    said = zishen("rejudge", "one", "--lang", "en")

    assert said.code == 0
    assert "PASS" in said.out
    assert "MANUAL" in said.out
    assert "#1 → #2" in said.out
    assert "+ licence.branch" in said.out
    assert "- package.not_checked" in said.out
    assert "two" not in said.out


def test_where_there_is_no_record_there_is_nothing_to_judge(zishen: Zishen) -> None:
    assert "没有可重新评定" in zishen("rejudge", "--all").out


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("one", "--all"), 2), (("other",), 7)])
def test_packages_are_named_or_all(zishen: Zishen, arguments: tuple[str, ...], code: int) -> None:
    assert zishen("rejudge", *arguments).code == code
