"""What is deleted when, and what never is."""

import os
from pathlib import Path

import pytest

from pipeline import wiring
from pipeline.cases.desk import Desk
from pipeline.cases.retention import PURGE, Purged, purge
from pipeline.cases.reviewer import Reviewer
from pipeline.ports import LockedError
from pipeline.sections import RetentionSettings
from pipeline.stages.intake import take_in
from pipeline.storage.folder import Folder
from tests.cases.conftest import COMPLETE, MANUAL, Clock, Submit, get

TERMS = RetentionSettings(readings_days=30, originals_days=60)


def purged(desk: Desk, terms: RetentionSettings = TERMS, *, dry: bool = False) -> Purged:
    return purge(desk, wiring.inventory(desk.services.settings), terms, dry=dry)


def there(desk: Desk, application: str) -> int:
    return sum(desk.services.blobs.has(paper.sha256) for paper in get(desk, application).papers)


@pytest.fixture
def passed(desk: Desk, submit: Submit, reviewer: Reviewer, clock: Clock) -> str:
    """Return an application that was decided; its objects are as old as the clock says."""
    application = submit(COMPLETE)
    assert reviewer.step()
    for path in (desk.services.settings.data_dir / "objects").rglob("*"):
        os.utime(path, (clock.at.timestamp(),) * 2)
    return application


def test_readings_go_first_and_originals_later(desk: Desk, passed: str, clock: Clock) -> None:
    clock.on(days=29)
    assert purged(desk) == Purged()
    clock.on(days=2)
    assert purged(desk, dry=True) == purged(desk) == Purged(readings=4)
    assert there(desk, passed) == 4
    clock.on(days=30)
    assert purged(desk, dry=True) == purged(desk) == Purged(originals=4)
    assert there(desk, passed) == 0
    assert purged(desk) == Purged()


def test_the_record_stays_and_the_trail_says_what_went(
    desk: Desk, passed: str, clock: Clock
) -> None:
    record = desk.record(passed)
    clock.on(days=61)
    purged(desk)

    assert desk.record(passed) == record
    assert [entry.action for entry in desk.audit.listed(passed)] == [PURGE]


def test_originals_stay_unless_it_is_said_that_they_go(
    desk: Desk, passed: str, clock: Clock
) -> None:
    clock.on(days=3000)

    assert purged(desk, RetentionSettings(readings_days=None)) == Purged()
    assert there(desk, passed) == 4


def test_what_is_open_or_shared_stays(
    desk: Desk, passed: str, submit: Submit, reviewer: Reviewer, clock: Clock
) -> None:
    waiting = submit(MANUAL)
    assert reviewer.step()
    clock.on(days=61)

    assert purged(desk).originals == 1  # the licence: the others are the other's too
    assert there(desk, waiting) == 4


def test_a_package_without_an_application_keeps_its_originals(
    desk: Desk, passed: str, clock: Clock, tmp_path: Path
) -> None:
    paper = get(desk, passed).papers[0]
    folder = tmp_path / "same"
    folder.mkdir()
    (folder / "paper.pdf").write_bytes(desk.services.blobs.get(paper.sha256))
    take_in([folder], desk.services)
    clock.on(days=61)

    assert purged(desk).originals == 3
    assert desk.services.blobs.has(paper.sha256)


def test_originals_that_the_store_locks_are_counted(
    desk: Desk, passed: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:

    def locked(_self: object, key: str) -> None:
        raise LockedError(key)

    monkeypatch.setattr(Folder, "delete", locked)
    clock.on(days=61)

    assert purged(desk, RetentionSettings(readings_days=None, originals_days=60)).locked == 4
    assert desk.audit.listed(passed) == ()
