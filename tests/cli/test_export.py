import csv
import json
from pathlib import Path

import openpyxl
import pytest

from pipeline.stages.intake import take_in
from pipeline.stages.services import Services
from tests.builders import COMPANY
from tests.cli.conftest import Zishen
from tests.cli.papers import COMPLETE, hand_in


@pytest.fixture
def reviewed(zishen: Zishen, tmp_path: Path) -> None:
    zishen("review", hand_in(tmp_path / "one", *COMPLETE))
    zishen("review", hand_in(tmp_path / "two", "licence"))


@pytest.mark.usefixtures("reviewed")
def test_the_ending_says_what_is_written(zishen: Zishen, tmp_path: Path) -> None:
    targets = [tmp_path / f"out.{ending}" for ending in ("xlsx", "csv", "JSONL")]
    for target in targets:
        said = zishen("export", "one", "--out", target)
        assert said.code == 0
        assert target.name in said.out

    assert openpyxl.load_workbook(targets[0]).sheetnames
    with targets[1].open(encoding="utf-8-sig", newline="") as file:
        assert COMPANY in {row["value"] for row in csv.DictReader(file)}
    rows = [json.loads(line) for line in targets[2].read_text(encoding="utf-8").splitlines()]
    assert len({row["package"] for row in rows}) == 1


@pytest.mark.usefixtures("reviewed")
def test_several_packages_or_all_are_one_file(
    zishen: Zishen, services: Services, tmp_path: Path
) -> None:
    take_in([hand_in(tmp_path / "unread", "licence")], services)
    for arguments in (("one", "two"), ("--all",)):
        target = tmp_path / "out.jsonl"
        assert zishen("export", *arguments, "--out", target).code == 0
        rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
        assert len({row["package"] for row in rows}) == 2


@pytest.mark.usefixtures("reviewed")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("one", "--out", "out.docx"), 2),
        (("one",), 2),
        (("--out", "out.csv"), 2),
        (("nobody", "--out", "out.csv"), 7),
    ],
)
def test_what_cannot_be_exported_is_said(
    zishen: Zishen, arguments: tuple[str, ...], code: int
) -> None:
    assert zishen("export", *arguments).code == code


def test_what_was_never_reviewed_has_nothing_to_export(
    zishen: Zishen, services: Services, tmp_path: Path
) -> None:
    take_in([hand_in(tmp_path / "unread", "licence")], services)

    assert zishen("export", "unread", "--out", tmp_path / "out.csv").code == 7
