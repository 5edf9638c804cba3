import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Zishen
from tests.cli.papers import COMPLETE, hand_in


def expect(folder: Path, outcome: str, *reasons: str) -> None:
    (folder / "expected.json").write_text(json.dumps({"outcome": outcome, "reasons": reasons}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "batch"
    expect(hand_in(folder / "one", *COMPLETE), "pass")
    expect(hand_in(folder / "two", "licence"), "supplement", "package.missing_document")
    return folder


def test_every_package_stands_in_the_summary(zishen: Zishen, folder: Path) -> None:
    said = zishen("batch", folder, "--lang", "en")

    assert said.code == 0
    assert "2 packages" in said.out
    assert "package.missing_document" in said.out


def test_brief_leaves_the_summary_only(zishen: Zishen, folder: Path) -> None:
    assert "Key figures" in zishen("batch", folder, "--lang", "en").out
    assert "Key figures" not in zishen("batch", folder, "--lang", "en", "--brief").out


def test_what_is_as_expected_ends_well(zishen: Zishen, folder: Path) -> None:
    said = zishen("batch", folder, "--expect", "--brief", "--lang", "en")

    assert said.code == 0
    assert said.out.count("as expected") == 2


@pytest.mark.parametrize(
    ("outcome", "reasons", "told"),
    [
        ("manual", (), "outcome PASS, not MANUAL"),
        ("pass", ("licence.expired",), "finding licence.expired is missing"),
    ],
)
def test_what_differs_is_told(
    zishen: Zishen, folder: Path, outcome: str, reasons: tuple[str, ...], told: str
) -> None:
    expect(folder / "one", outcome, *reasons)

    said = zishen("batch", folder, "--expect", "--brief", "--lang", "en")

    assert said.code == 8
    words = " ".join(said.out.replace("│", " ").split())
    assert all(word in words for word in told.split())


def test_a_package_that_does_not_say_what_it_expects_differs(zishen: Zishen, folder: Path) -> None:
    (folder / "two" / "expected.json").unlink()

    assert zishen("batch", folder, "--expect").code == 8


@pytest.mark.parametrize(("paper", "code"), [("no-model", 7), ("flaky", 6)])
def test_a_package_that_fails_stops_no_other(
    zishen: Zishen, reader: object, folder: Path, paper: str, code: int
) -> None:
    reader.failures = 9  # type: ignore[attr-defined]
    hand_in(folder / "a-bad-one", paper)

    said = zishen("batch", folder, "--brief")

    assert said.code == code
    assert "处理失败" in said.out
    assert "通过初审" in said.out


def test_a_package_that_cannot_be_taken_in_stops_no_other(zishen: Zishen, folder: Path) -> None:
    hand_in(folder / "a-bad-one", "licence", manifest="{")

    said = zishen("batch", folder, "--brief")

    assert said.code == 7
    assert "config.manifest" in said.out.replace("\n", "")
    assert "通过初审" in said.out


def test_folders_without_a_manifest_are_passed_over_where_others_have_one(
    zishen: Zishen, folder: Path
) -> None:
    hand_in(folder / "make", "licence", manifest=None)

    said = zishen("batch", folder, "--brief", "--lang", "en")

    assert "2 packages" in said.out
    assert "make skipped" in said.err


def test_where_none_has_a_manifest_each_folder_and_zip_is_a_package(
    zishen: Zishen, tmp_path: Path
) -> None:
    folder = tmp_path / "batch"
    hand_in(folder / "one", "licence", manifest=None)
    hand_in(folder / "two", "licence", manifest=None)
    shutil.make_archive(str(folder / "three"), "zip", hand_in(tmp_path / "three", "licence"))

    assert "3 packages" in zishen("batch", folder, "--brief", "--lang", "en").out


def test_in_a_pipe_each_package_is_told_when_it_is_done(zishen: Zishen, folder: Path) -> None:
    said = zishen("batch", folder, "--brief")

    assert "one: pass" in said.err
    assert "two: supplement" in said.err
