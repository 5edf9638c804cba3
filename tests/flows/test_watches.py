"""The flows that look round, on a Prefect server."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows import watches
from flows.reprocess import reprocess
from flows.watches import intake_watch, purge_expired, sla_watch
from pipeline import wiring
from pipeline.cases.intake import admit
from pipeline.stages.package import review
from pipeline.stages.services import Services
from pipeline.storage.drops import FolderDrop
from tests.cli.papers import COMPLETE, hand_in


@pytest.fixture
def drop(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderDrop:
    drop = FolderDrop(tmp_path / "drop")
    monkeypatch.setattr(wiring, "drop", lambda _settings: drop)
    monkeypatch.setattr(watches, "sleep", lambda _seconds: None)
    return drop


def test_what_was_laid_down_is_taken_in_once(services: Services, drop: FolderDrop) -> None:
    hand_in(drop.root / "one", *COMPLETE)
    hand_in(drop.root / "bad", "licence", manifest="{")

    assert intake_watch() == 1
    assert intake_watch() == 0


def test_without_a_place_to_look_at_nothing_is_looked_at(services: Services) -> None:
    assert intake_watch() == 0


def test_a_deadline_is_an_event_of_prefect_once(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = admit(wiring.desk(services), hand_in(tmp_path / "one", *COMPLETE))
    emitted: list[Any] = []
    emit = watches.emit_event
    monkeypatch.setattr(watches, "emit_event", lambda **event: emitted.append(emit(**event)))
    later = later_by(services, hours=21)
    monkeypatch.setattr(wiring, "services", lambda: later)

    assert sla_watch() == 1
    assert sla_watch() == 0
    (event,) = emitted
    assert event.event == "zishen.sla.at_risk"
    assert event.resource.id == f"zishen.application.{application.id}"
    assert event.payload["remaining_seconds"] == 3 * 3600


def later_by(services: Services, **by: float) -> Services:
    now = services.clock.now() + timedelta(**by)

    class Later:
        def now(self) -> datetime:
            return now

    return replace(services, clock=Later())


def test_old_readings_are_purged(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit(wiring.desk(services), hand_in(tmp_path / "one", *COMPLETE))
    review(_package(services), services)
    later = later_by(services, days=3650)
    monkeypatch.setattr(wiring, "services", lambda: later)

    assert purge_expired(dry=True).readings == 4
    assert purge_expired().readings == 4
    assert purge_expired().readings == 0


def _package(services: Services) -> str:
    (package,) = services.repository.packages()
    return package.id


def test_old_packages_are_judged_again(services: Services, tmp_path: Path) -> None:
    admit(wiring.desk(services), hand_in(tmp_path / "one", *COMPLETE))
    review(_package(services), services)

    told = reprocess(reread=True)

    assert (told.packages, told.changed, told.errors, told.outcomes) == (1, 0, 0, {})
