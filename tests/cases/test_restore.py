"""A backup taken while work goes on, put back elsewhere: nothing is missing, and work goes on."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import wiring
from pipeline.cases.desk import Desk
from pipeline.cases.reconcile import World, reconcile
from pipeline.cases.reviewer import Reviewer, review_with
from pipeline.ports import State
from pipeline.stages import audit
from tests.cases.conftest import COMPLETE, Clock, Submit, desk_of, get
from tests.cli.papers import PaperReader, make_services


@pytest.fixture
def saved(
    desk: Desk, submit: Submit, reviewer: Reviewer, tmp_path: Path
) -> tuple[Path, str, str, str]:
    """Back up as docs/operations.md says, with the server at work before, between and after."""
    data, backup = desk.services.settings.data_dir, tmp_path / "backup"
    decided, waiting = submit(COMPLETE), submit(COMPLETE)
    assert reviewer.step()
    audit.anchor(
        wiring.chains(desk.services.database),
        wiring.objects(desk.services.settings),
        desk.services.clock,
    )
    backup.mkdir()
    with (
        closing(sqlite3.connect(data / "zishen.db")) as live,
        closing(sqlite3.connect(backup / "zishen.db")) as copy,
    ):
        live.backup(copy)
    late = submit(COMPLETE)
    shutil.copytree(data / "objects", backup / "objects")
    assert reviewer.step()
    return backup, decided, waiting, late


@pytest.fixture
def restored(saved: tuple[Path, str, str, str], clock: Clock) -> Iterator[Desk]:
    services = replace(make_services(saved[0], PaperReader()), clock=clock)
    yield desk_of(services)
    services.close()


def test_what_was_saved_is_whole_and_work_goes_on(
    restored: Desk, saved: tuple[Path, str, str, str]
) -> None:
    _, decided, waiting, late = saved
    services = restored.services
    objects, chains = wiring.objects(services.settings), wiring.chains(services.database)

    assert list(audit.flaws(chains, objects)) == []
    assert [one.id for one in restored.applications.every()] == [decided, waiting]
    assert restored.applications.get(late) is None
    assert restored.record(decided).revision == 1
    for package in services.repository.packages():
        for file in package.files:
            assert services.blobs.get(file.sha256)
    assert get(restored, waiting).state is State.SUBMITTED
    assert Reviewer(restored, review_with(services)).step()
    assert get(restored, waiting).state is State.DECIDED
    world = World(restored, wiring.inventory(services.settings), review_with(services))
    assert list(reconcile(world, mend=False)) == []
    assert list(audit.flaws(chains, objects)) == []
