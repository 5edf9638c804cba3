"""Killed at any named point, a package resumes and gives the same record, once.

Most deaths are exceptions that nothing catches, raised at the seam; those at the end are real ones
of a child process.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cases.desk import Desk
from pipeline.cases.reviewer import Reviewer, Verdict, review_with
from pipeline.database.applications import SqlApplications
from pipeline.database.connection import connect
from pipeline.database.repository import SqlRepository
from pipeline.ports import Event, State, Step
from pipeline.storage.blobs import Blobs
from pipeline.storage.folder import Folder
from pipeline.storage.readings import ReadingCache
from schemas.records import Record
from tests.cases.conftest import Clock, get
from tests.cases.dying import KilledError, Patch, always, at, handed_over, started
from tests.cli.papers import PaperReader


def key(beginning: str) -> Callable[..., bool]:
    return lambda _self, key, *_: key.startswith(beginning)


def step(wanted: Step) -> Callable[..., bool]:
    def is_it(*given: object) -> bool:
        return any(isinstance(one, Event) and one.step is wanted for one in given)

    return is_it


POINTS: dict[str, Patch] = {
    "before the blob is put": at(Folder, "write_file", after=False, when=key("blobs/")),
    "after the blob is put": at(Blobs, "put_file", after=True, when=always),
    "before the papers are kept": at(
        SqlApplications, "advance", after=False, when=step(Step.PAPERS_ADDED)
    ),
    "after the package is added": at(SqlRepository, "add_package", after=True, when=always),
    "after the submission": at(SqlApplications, "advance", after=True, when=step(Step.SUBMITTED)),
    "before the review begins": at(
        SqlApplications, "advance", after=False, when=step(Step.REVIEWING)
    ),
    "after the review began": at(SqlApplications, "advance", after=True, when=step(Step.REVIEWING)),
    "while a file is read": at(PaperReader, "read", after=False, when=always),
    "before the reading is put": at(ReadingCache, "put", after=False, when=always),
    "while the reading is written": at(Folder, "write", after=False, when=key("readings/")),
    "after the reading is put": at(ReadingCache, "put", after=True, when=always),
    "before it is judged": at(
        sys.modules["pipeline.stages.judge"], "concluded", after=False, when=always
    ),
    "after it is judged, before the record": at(
        sys.modules["pipeline.stages.judge"], "concluded", after=True, when=always
    ),
    "after the record, before the event": at(SqlRepository, "add_record", after=True, when=always),
    "within the transaction of the event": at(
        sys.modules["pipeline.database.applications"], "append", after=True, when=step(Step.DECIDED)
    ),
    "after the event": at(SqlApplications, "advance", after=True, when=step(Step.DECIDED)),
}


def reviewed(desk: Desk) -> None:
    desk.services.clock.on(hours=1)  # type: ignore[attr-defined]  a lease runs out
    while Reviewer(desk, review_with(desk.services)).step():
        pass


def lived(desk: Desk, papers: Path) -> str:
    """Hand an application over and review whatever is due."""
    application = handed_over(desk, papers)
    reviewed(desk)
    return application


def content(record: Record) -> dict[str, object]:
    """Return what a record says, without what differs from one application to the next."""
    told = record.model_dump(mode="json", exclude={"package_id", "made_at"})
    told["dossier"]["package"].pop("id")
    told["dossier"]["package"].pop("name")
    return told


def only_record(desk: Desk, application: str) -> Record:
    found = get(desk, application)
    assert found.state is State.DECIDED
    (record,) = desk.services.repository.records(found.package_id or "")
    return record


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("calm")
    with started(folder / "data", Clock()) as desk:
        application = lived(desk, folder)
        return content(only_record(desk, application))


@pytest.mark.parametrize("point", POINTS)
def test_a_package_killed_at_a_point_resumes(
    tmp_path: Path,
    data: Path,
    undisturbed: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    point: str,
) -> None:
    clock = Clock()
    with monkeypatch.context() as patches, started(data, clock) as desk:
        POINTS[point](patches)
        with pytest.raises(KilledError):
            lived(desk, tmp_path)

    with started(data, clock) as desk:
        application = lived(desk, tmp_path)

        assert content(only_record(desk, application)) == undisturbed
        steps = [event.step for event in desk.applications.events(application)]
        once = {Step.OPENED, Step.PAPERS_ADDED, Step.SUBMITTED, Step.DECIDED}
        assert {one for one in steps if steps.count(one) == 1} >= once
        assert len(desk.applications.every()) == len(desk.services.repository.packages()) == 1


def test_two_reviewers_never_review_the_same(tmp_path: Path) -> None:
    with started(tmp_path / "data", Clock()) as desk:
        application = handed_over(desk, tmp_path)
        other = Reviewer(desk, review_with(desk.services))
        busy: list[bool] = []

        def review(package_id: str) -> object:
            busy.append(other.step())
            return review_with(desk.services)(package_id)

        assert Reviewer(desk, review).step()  # type: ignore[arg-type]
        assert busy == [False]
        assert only_record(desk, application)


def test_who_comes_back_after_its_lease_ran_out_is_not_heard(tmp_path: Path) -> None:
    clock = Clock()
    with started(tmp_path / "data", clock) as desk:
        application = handed_over(desk, tmp_path)

        def sleeps(package_id: str) -> object:
            clock.on(hours=1)
            assert Reviewer(desk, review_with(desk.services)).step()
            raise ValueError(package_id)

        assert Reviewer(desk, sleeps).step()  # type: ignore[arg-type]

        assert only_record(desk, application)
        assert desk.applications.events(application)[-1].step is Step.DECIDED


def deadly(point: str, data: Path, papers: Path) -> None:
    """Run to a point and be killed there; what the child process does."""
    with pytest.MonkeyPatch.context() as patches, started(data, Clock()) as desk:
        POINTS[point](patches)
        try:
            lived(desk, papers)
        except KilledError:
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "point",
    [
        "after the package is added",
        "while the reading is written",
        "within the transaction of the event",
    ],
)
def test_a_process_that_is_killed_leaves_nothing_doubled(
    tmp_path: Path, data: Path, undisturbed: dict[str, object], point: str
) -> None:
    child = "import sys; from pathlib import Path; from tests.cases.test_killed import deadly; "
    call = "deadly(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))"
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", child + call, point, data, tmp_path], check=False
    )
    assert ended.returncode == -signal.SIGKILL

    clock = Clock()
    clock.on(hours=2)  # the lease of the child has run out by then
    with started(data, clock) as desk:
        application = lived(desk, tmp_path)

        assert content(only_record(desk, application)) == undisturbed


def test_a_process_killed_while_it_migrates_leaves_the_tables_whole(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'zishen.db'}"
    child = (
        "import os, signal, sys\n"
        "from alembic import command\n"
        "from pipeline.database.connection import connect\n"
        "real = command.upgrade\n"
        "def deadly(config, revision):\n"
        "    real(config, '0003')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "command.upgrade = deadly\n"
        "connect(sys.argv[1])\n"
    )
    ended = subprocess.run([sys.executable, "-c", child, url], check=False)  # noqa: S603
    assert ended.returncode == -signal.SIGKILL

    repository = SqlRepository(connect(url))
    assert repository.packages() == ()
    repository.engine.dispose()


def test_who_is_stopped_in_the_middle_leaves_the_review_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.cases.reviewer._STOP_SECONDS", 0.01)
    begun, ends = threading.Event(), threading.Event()
    with started(tmp_path / "data", Clock()) as desk:
        application = handed_over(desk, tmp_path)

        def long(package_id: str) -> Verdict:
            begun.set()
            ends.wait(20)
            return review_with(desk.services)(package_id)

        leaving = Reviewer(desk, long)
        leaving.start()
        assert begun.wait(20)
        assert not Reviewer(desk, review_with(desk.services)).step()
        leaving.stop()

        assert Reviewer(desk, review_with(desk.services)).step()
        ends.set()
        leaving.stop()
        assert only_record(desk, application)


def test_a_lease_is_prolonged_while_the_review_goes_on(tmp_path: Path) -> None:
    with started(tmp_path / "data", Clock()) as desk:
        application, before = handed_over(desk, tmp_path), []

        def long(package_id: str) -> Verdict:
            lease = desk.applications.lease(application)
            desk.services.clock.on(hours=1)  # type: ignore[attr-defined]
            for _ in range(400):
                now = desk.applications.lease(application)
                if now != lease:
                    before.append(lease)
                    break
                time.sleep(0.01)
            return review_with(desk.services)(package_id)

        reviewer = Reviewer(desk, long)
        reviewer._held._seconds = 0.05  # noqa: SLF001  settings want whole seconds
        assert reviewer.step()
        assert before
        assert only_record(desk, application)
