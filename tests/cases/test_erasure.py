"""What is kept of an application can be given out, and is erased with proof where it may be."""

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pipeline import wiring
from pipeline.cases.desk import Desk, NewApplication
from pipeline.cases.erasure import (
    Erased,
    Grounds,
    NoApplicationError,
    NotYetError,
    erase,
    export,
)
from pipeline.cases.reviewer import Reviewer
from pipeline.database.audit import SqlChains
from pipeline.database.tables import VIEWS
from pipeline.ports import ERASE, FlawKind
from schemas.errors import ConfigError
from tests.cases.conftest import COMPLETE, Clock, Submit, get, hand_in


def done(desk: Desk, application: str, grounds: Grounds = Grounds.EXPIRED) -> Erased:
    settings = desk.services.settings
    objects, eraser = wiring.objects(settings), wiring.eraser(desk.services.database)
    return erase(desk, objects, eraser, application, grounds)


@pytest.fixture
def passed(submit: Submit, reviewer: Reviewer) -> str:
    """Return an application that was decided."""
    application = submit(COMPLETE)
    assert reviewer.step()
    return application


@pytest.fixture
def aged(passed: str, clock: Clock) -> str:
    """Return one that was decided more than ten years ago."""
    clock.on(days=3651)
    return passed


def test_after_its_time_everything_goes_but_the_proof(desk: Desk, aged: str) -> None:
    package_id = get(desk, aged).package_id
    assert package_id is not None
    assert desk.services.repository.record(package_id) is not None

    erased = done(desk, aged)

    assert (erased.packages, erased.records, erased.originals) == (1, 1, 4)
    assert desk.services.repository.record(package_id) is None
    assert desk.services.repository.records(package_id) == ()
    assert {file.name for file in desk.services.repository.package(package_id).files} == {""}
    application = get(desk, aged)
    assert ({paper.name for paper in application.papers}, application.reference) == ({""}, None)
    assert not any(desk.services.blobs.has(paper.sha256) for paper in application.papers)
    engine = desk.applications.engine  # type: ignore[attr-defined]
    with engine.connect() as connection:
        counts = [connection.scalar(select(func.count()).select_from(view)) for view in VIEWS]
    assert counts == [0] * len(VIEWS)
    (entry,) = [one for one in desk.audit.listed(aged) if one.action == ERASE]
    assert (entry.subject, entry.reason) == (package_id, "expired")
    assert list(SqlChains(engine).flaws()) == []


def test_erasing_twice_is_erasing_once(desk: Desk, aged: str) -> None:
    done(desk, aged)

    done(desk, aged)

    assert list(SqlChains(desk.applications.engine).flaws()) == []  # type: ignore[attr-defined]


def test_a_file_that_another_application_needs_stays(desk: Desk, aged: str, tmp_path: Path) -> None:
    other = desk.open("bank-app", NewApplication(), None).id
    hand_in(desk, other, ["licence"], tmp_path)

    assert done(desk, aged).originals == 3

    assert all(desk.services.blobs.has(paper.sha256) for paper in get(desk, other).papers)


def test_before_its_time_or_with_a_loan_nothing_is_erased(desk: Desk, passed: str) -> None:
    for grounds in Grounds:
        with pytest.raises(NotYetError):
            done(desk, passed, grounds)
    with pytest.raises(NoApplicationError):
        done(desk, "nowhere")

    assert list(desk.services.repository.packages())
    assert issubclass(NotYetError, ConfigError)


def test_who_withdrew_may_ask_for_it_at_once(desk: Desk, tmp_path: Path) -> None:
    application = desk.open("bank-app", NewApplication(), None).id
    hand_in(desk, application, ["licence"], tmp_path)
    desk.withdraw(application)

    assert done(desk, application, Grounds.REQUEST).originals == 1


def test_everything_is_given_out(desk: Desk, passed: str, tmp_path: Path) -> None:
    count = export(desk, passed, tmp_path / "all.zip")

    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = archive.namelist()
        said = json.loads(archive.read("application.json"))
    assert len(names) == count
    assert said["id"] == passed
    assert sum(name.startswith("papers/") for name in names) == 4
    assert {"events.json", "accesses.json"} < set(names)
    assert any(name.startswith("records/") for name in names)


def test_an_erasure_that_no_entry_explains_is_a_flaw(desk: Desk, aged: str) -> None:
    engine = desk.applications.engine  # type: ignore[attr-defined]
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE records SET content = json_object('erased', 'x') WHERE number = 1"
        )

    kinds = {flaw.kind for flaw in SqlChains(engine).flaws()}

    assert FlawKind.ERASED in kinds
    assert aged
