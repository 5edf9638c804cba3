"""Each kind of what a disaster leaves behind is found, and mended where a machine can."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import wiring
from pipeline.cases.corrections import Action, Edit, edited
from pipeline.cases.desk import Desk
from pipeline.cases.reconcile import CHECKS, Kind, World, reconcile
from pipeline.cases.reviewer import Reviewer, review_with
from pipeline.ports import Event, Lease, State, Step
from pipeline.stages.correct import places
from pipeline.stages.intake import take_in
from pipeline.storage.blobs import key_of
from schemas.records import Dossier
from tests.cases.conftest import COMPLETE, MANUAL, Clock, Submit, get, hand_in
from tests.cli.papers import hand_in as laid

Left = list[tuple[Kind, bool]]


@pytest.fixture
def look(desk: Desk) -> Callable[..., Left]:
    def look(*, mend: bool = False) -> Left:
        services = desk.services
        world = World(desk, wiring.inventory(services.settings), review_with(services))
        return [(left.kind, left.mended) for left in reconcile(world, mend=mend)]

    return look


@pytest.fixture
def objects(desk: Desk) -> Path:
    return desk.services.settings.data_dir / "objects"


def changed(desk: Desk, application: str, **to: object) -> None:
    """Change a row as nothing here ever does."""
    assert desk.applications.restate(get(desk, application).model_copy(update=to))


def settled(look: Callable[..., Left], kind: Kind) -> None:
    """Find a kind, find it again, mend it, and find nothing."""
    assert look() == [(kind, False)]
    assert look(mend=True) == [(kind, True)]
    assert look() == []


def test_a_house_in_order_has_nothing_left(
    look: Callable[..., Left], submit: Submit, reviewer: Reviewer
) -> None:
    for papers in (COMPLETE, MANUAL):
        submit(papers)
    assert look() == []
    while reviewer.step():
        assert look() == []


def test_orphan_blobs(
    desk: Desk, submit: Submit, look: Callable[..., Left], objects: Path, clock: Clock
) -> None:
    submit(COMPLETE)
    sha256 = desk.services.blobs.put(b"nobody's")
    young = clock.now() - timedelta(hours=1)
    os.utime(objects / key_of(sha256), (young.timestamp(), young.timestamp()))
    for paper in get(desk, desk.applications.every()[0].id).papers:
        os.utime(objects / key_of(paper.sha256), (0, 0))

    assert look() == []
    clock.on(days=2)
    settled(look, Kind.ORPHAN_BLOB)
    assert not desk.services.blobs.has(sha256)


def test_missing_blobs_are_told_and_not_mended(
    desk: Desk, submit: Submit, look: Callable[..., Left], objects: Path
) -> None:
    application = submit(("licence",))
    (objects / key_of(get(desk, application).papers[0].sha256)).unlink()

    assert look(mend=True) == [(Kind.MISSING_BLOB, False)]


def test_a_package_without_a_run(desk: Desk, look: Callable[..., Left], tmp_path: Path) -> None:
    package = take_in([laid(tmp_path / "one", *COMPLETE)], desk.services)

    settled(look, Kind.PACKAGE_WITHOUT_RUN)
    assert desk.services.repository.record(package.id) is not None


@pytest.fixture
def unpacked(desk: Desk, monkeypatch: pytest.MonkeyPatch, submit: Submit) -> str:
    """Submit an application whose package is lost."""
    with monkeypatch.context() as lost:
        lost.setattr(type(desk.services.repository), "add_package", lambda *_: None)
        return submit(("licence",))


@pytest.mark.parametrize("papers", [(), ("cash",)])
def test_a_run_without_a_package(
    desk: Desk, look: Callable[..., Left], unpacked: str, tmp_path: Path, papers: tuple[str, ...]
) -> None:
    hand_in(desk, unpacked, papers, tmp_path)

    settled(look, Kind.RUN_WITHOUT_PACKAGE)
    assert Reviewer(desk, review_with(desk.services)).step()
    assert get(desk, unpacked).state is State.WAITING_APPLICANT


def never_due(desk: Desk, application: str) -> None:
    changed(desk, application, due_at=None)


def leased_for_ever(desk: Desk, application: str) -> None:
    now, at = get(desk, application), desk.services.clock.now()
    event = Event(step=Step.REVIEWING, at=at, package_id=now.package_id)
    wrong = Lease(holder="a clock that was wrong", until=at + timedelta(days=900))
    assert desk.advance(now, now, event, wrong)


@pytest.mark.parametrize("happened", [never_due, leased_for_ever])
def test_an_application_that_no_reviewer_finds(
    desk: Desk,
    look: Callable[..., Left],
    submit: Submit,
    reviewer: Reviewer,
    happened: Callable[[Desk, str], None],
) -> None:
    application = submit(COMPLETE)
    happened(desk, application)
    assert not reviewer.step()

    settled(look, Kind.STUCK)
    assert reviewer.step()
    assert get(desk, application).state is State.DECIDED


def test_a_record_of_a_review_that_failed_after_it(
    desk: Desk, look: Callable[..., Left], submit: Submit
) -> None:
    def fails(package_id: str) -> object:
        review_with(desk.services)(package_id)
        raise ValueError

    application = submit(COMPLETE)
    assert Reviewer(desk, fails).step()  # type: ignore[arg-type]
    assert get(desk, application).state is State.FAILED

    settled(look, Kind.RECORD_WITHOUT_EVENT)
    assert get(desk, application).state is State.DECIDED


def test_a_correction_that_the_application_knows_nothing_of(
    desk: Desk, look: Callable[..., Left], submit: Submit, reviewer: Reviewer
) -> None:
    application = submit(MANUAL)
    assert reviewer.step()
    repository = desk.services.repository
    record = repository.record(get(desk, application).package_id or "")
    assert record is not None
    dossier = corrected(record.dossier)
    assert repository.revise(record.model_copy(update={"dossier": dossier}), after=1)

    settled(look, Kind.RECORD_WITHOUT_EVENT)
    event = desk.applications.events(application)[-1]
    assert (event.step, event.by, event.revision) == (Step.CORRECTED, "person-1", 2)


def corrected(dossier: Dossier) -> Dossier:
    place = next(place for place, _ in places(dossier) if place.name == "name")
    return edited(dossier, "person-1", [Edit(place, Action.ACCEPT)])


def test_a_row_that_is_not_where_its_events_led(
    desk: Desk, look: Callable[..., Left], submit: Submit, reviewer: Reviewer
) -> None:
    application = submit(MANUAL)
    assert reviewer.step()
    changed(desk, application, state=State.DECIDED, deadline=None)

    settled(look, Kind.STATE)
    assert get(desk, application).state is State.WAITING_REVIEWER


def test_every_kind_has_a_check() -> None:
    assert set(CHECKS) == set(Kind)
