"""Packages that start by themselves: complete ones, each content once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cases.desk import Desk
from pipeline.cases.intake import OWNER, Arrival, take
from pipeline.ports import Application, State, Step
from pipeline.storage.drops import FolderDrop
from schemas.errors import StorageError
from tests.cases.conftest import COMPLETE
from tests.cli.papers import hand_in


@pytest.fixture
def drop(tmp_path: Path) -> FolderDrop:
    return FolderDrop(tmp_path / "drop")


def nothing() -> None:
    """Wait for nothing."""


def looked(
    desk: Desk, drop: FolderDrop, meanwhile: Callable[[], object] = nothing
) -> list[Arrival]:
    return take(desk, drop, lambda: meanwhile() and None)


def applications(desk: Desk) -> list[Application]:
    return [found for _, found in desk.applications.listed(OWNER, after=0, limit=50)]


def test_a_folder_becomes_a_submitted_application(desk: Desk, drop: FolderDrop) -> None:
    hand_in(drop.root / "one", *COMPLETE)

    (arrival,) = looked(desk, drop)

    (application,) = applications(desk)
    assert arrival.application_id == application.id
    assert (application.state, len(application.papers)) == (State.SUBMITTED, 4)
    assert (application.product, str(application.applied_on)) == ("sme_small", "2026-10-15")
    assert (drop.root / "_taken/one/licence.pdf").is_file()
    assert looked(desk, drop) == []


def test_what_is_still_being_written_waits(desk: Desk, drop: FolderDrop) -> None:
    folder = hand_in(drop.root / "one", "licence")

    assert looked(desk, drop, lambda: (folder / "cash.pdf").write_text("%PDF-cash 1")) == []
    (folder / "balance.pdf.part").write_text("%PDF-")
    assert looked(desk, drop) == []
    (folder / "balance.pdf.part").rename(folder / "balance.pdf")
    assert len(looked(desk, drop)) == 1
    assert len(applications(desk)[0].papers) == 3


@pytest.mark.parametrize("mark", ["one/.done", "one.done"])
def test_who_says_that_it_is_complete_does_not_wait(
    desk: Desk, drop: FolderDrop, mark: str
) -> None:
    folder = hand_in(drop.root / "one", "licence")

    def finish() -> None:
        (folder / "cash.pdf").write_text("%PDF-cash 1")
        (drop.root / mark).touch()

    assert len(looked(desk, drop, finish)) == 1
    assert not (drop.root / "one.done").exists()


def test_the_same_content_is_one_application(desk: Desk, drop: FolderDrop) -> None:
    for name in ("one", "one"):
        hand_in(drop.root / name, "licence")
        (arrival,) = looked(desk, drop)
        assert arrival.application_id is not None

    assert len(applications(desk)) == 1
    assert sorted(path.name for path in (drop.root / "_taken").iterdir()) == ["one", "one.2"]


@pytest.mark.parametrize("at", ["keep", "submit", "settle"])
def test_a_watch_that_dies_is_gone_on_from(
    desk: Desk, drop: FolderDrop, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    hand_in(drop.root / "one", *COMPLETE)
    target = FolderDrop if at == "settle" else Desk

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(target, at, dies)
        with pytest.raises(KeyboardInterrupt):
            looked(desk, drop)
    looked(desk, drop)

    (application,) = applications(desk)
    steps = [event.step for event in desk.applications.events(application.id)]
    assert steps == [Step.OPENED, Step.PAPERS_ADDED, Step.SUBMITTED]


def test_what_is_wrong_with_one_package_stays_with_it(desk: Desk, drop: FolderDrop) -> None:
    hand_in(drop.root / "bad", "licence", manifest="{")
    hand_in(drop.root / "empty", manifest="{}")
    hand_in(drop.root / "good", "licence")
    hand_in(drop.root / "unknown", "licence", manifest='{"product": "no_such"}')

    codes = [arrival.code for arrival in looked(desk, drop)]

    assert codes == ["config.manifest", "api.nothing_to_submit", None, "api.unknown_product"]
    assert len(applications(desk)) == 1
    reason = (drop.root / "_refused/bad.reason.json").read_text()
    assert json.loads(reason) == {"code": "config.manifest"}


def test_what_the_world_broke_is_looked_at_again(
    desk: Desk, drop: FolderDrop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(drop.root / "one", "licence")

    def full(*_: object) -> None:
        raise StorageError("write an object", "no space left")

    with monkeypatch.context() as broken:
        broken.setattr(type(desk.services.blobs), "put_file", full)
        assert [arrival.code for arrival in looked(desk, drop)] == ["storage.failed"]

    assert [arrival.code for arrival in looked(desk, drop)] == [None]
