"""The page pool: order, bounds, fairness, and what becomes of pages whose worker does not last."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, cast

import psutil
import pytest

from extractors.seen import LostPage, Upload
from pipeline.pages.crew import Bounds, Crew
from pipeline.pages.errors import PoolClosedError, WorkerLostError
from pipeline.pages.lanes import Job, Lane, Lanes, due
from pipeline.pages.local import Local
from pipeline.pages.payload import Payload
from schemas.documents import MediaType
from schemas.errors import (
    ConfigError,
    CorruptFileError,
    DocumentError,
    TooLargeError,
    TransientError,
)
from tests.pipeline.page_work import Make

pytestmark = pytest.mark.slow  # a process takes a second or two to start

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BOUNDS = Bounds(workers=2, page_seconds=60, pages_per_worker=1000, rss_mib=4096)
Seen = tuple[int, int, bool]
"""What the fake work says of a page: its number, the process, and whether two threads met."""


def no_engine() -> NoReturn:
    pytest.fail("a model was loaded in this process")


def upload(said: str = "") -> Upload:
    return Upload(said.encode(), MediaType.PDF, "0" * 64)


def read(pool: Local, said: str = "", numbers: Any = range(1, 7)) -> list[Seen]:
    return cast(list[Seen], list(pool.see(upload(said), numbers)))


def begun(marks: Path, said: str) -> list[Path]:
    return list(marks.glob(f"{said.encode().hex()}-*"))


def is_there(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


@pytest.fixture
def pool_of(tmp_path: Path) -> Iterator[Callable[..., Local]]:
    """Make pools on the marks of this test, which are closed after it."""
    with contextlib.ExitStack() as opened:

        def make(fails: str = "", **bounds: Any) -> Local:
            wanted = Bounds(**{**vars(BOUNDS), **bounds})
            crew = Crew(Make(tmp_path, fails), wanted, tmp_path / "logs" / "pages.log")
            return cast(Local, opened.enter_context(contextlib.closing(Local(crew, no_engine))))

        yield make


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("marks")


@pytest.fixture(scope="module")
def pool(marks: Path) -> Iterator[Local]:
    """A pool of two workers that are ready; starting them takes longer than any test."""
    pool = Local(Crew(Make(marks), BOUNDS), no_engine)
    pool.crew.start()
    yield pool
    pool.close()


def numbers_of(seen: list[Seen]) -> list[int]:
    return [number for number, _, _ in seen]


def test_pages_come_in_the_order_asked_though_the_first_is_the_slowest(pool: Local) -> None:
    seen = read(pool, "1=slow", [1, 2, 9, 4, 3])

    assert numbers_of(seen) == [1, 2, 9, 4, 3]
    assert os.getpid() not in {pid for _, pid, _ in seen}


def test_no_more_pages_are_taken_than_the_window_holds(pool: Local) -> None:
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(1, 100):
            taken.append(number)
            yield number

    pages = pool.see(upload(), numbers())
    for wanted in range(1, 4):
        next(pages)
        assert len(taken) <= wanted + pool.window
    pages.close()
    assert len(taken) <= 3 + pool.window


def test_a_file_of_one_page_starts_no_worker_but_uses_one_that_runs(
    pool_of: Callable[..., Local], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = pool_of(workers=1)
    monkeypatch.setattr("extractors.seen.see", lambda engine, pictures, number: (number, engine))
    here = Local(pool.crew, lambda: cast(Any, "own"))

    assert read(here, numbers=[1]) == [(1, "own")]
    assert not pool.crew.pids

    read(pool, numbers=[1, 2])
    assert numbers_of(read(pool, numbers=[1])) == [1]


def test_a_worker_that_is_killed_is_replaced_and_its_page_read_again(pool: Local) -> None:
    assert numbers_of(read(pool, "3=kill-once")) == [1, 2, 3, 4, 5, 6]


def test_a_worker_killed_from_outside_costs_no_page(pool: Local) -> None:
    pages = pool.see(upload("*=slow"), range(1, 13))
    first = cast(Seen, next(pages))
    os.kill(pool.crew.pids[0], signal.SIGKILL)

    assert numbers_of([first, *cast(list[Seen], list(pages))]) == list(range(1, 13))


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("kill", WorkerLostError),  # somebody ended it: try again
        ("bug", KeyError),
    ],
)
def test_what_the_world_or_we_broke_is_told_and_harms_no_other_document(
    pool: Local, word: str, error: type[Exception]
) -> None:
    with ThreadPoolExecutor(2) as threads:
        bad = threads.submit(read, pool, f"3={word}")
        good = threads.submit(read, pool, "*=slow", range(1, 20))

        assert numbers_of(good.result()) == list(range(1, 20))
        with pytest.raises(error):
            bad.result()


@pytest.mark.parametrize(
    ("word", "error"),
    [("crash", DocumentError), ("refuse", CorruptFileError)],  # the page did: the sender acts
)
def test_a_page_that_cannot_be_read_is_lost_and_the_rest_of_its_file_is_read(
    pool: Local, word: str, error: type[Exception]
) -> None:
    seen: list[Any] = list(pool.see(upload(f"3={word}"), range(1, 7)))

    lost = seen.pop(2)
    assert isinstance(lost, LostPage)
    assert (lost.number, type(lost.error)) == (3, error)
    assert numbers_of(seen) == [1, 2, 4, 5, 6]


def test_a_page_beyond_its_time_is_tried_once_more(pool_of: Callable[..., Local]) -> None:
    pool = pool_of(workers=1, page_seconds=1)

    assert numbers_of(read(pool, "2=hang-once", [1, 2, 3])) == [1, 2, 3]


def test_a_page_beyond_its_time_twice_is_too_large(pool_of: Callable[..., Local]) -> None:
    pool = pool_of(workers=1, page_seconds=1)
    before = {pid for _, pid, _ in read(pool)}

    seen: list[Any] = list(pool.see(upload("2=hang"), [1, 2, 3]))
    assert isinstance(seen[1].error, TooLargeError)
    assert "page 2" in str(seen[1].error)
    assert not any(map(is_there, before))
    assert numbers_of(read(pool)) == [1, 2, 3, 4, 5, 6]


def test_a_worker_is_replaced_after_its_pages(pool_of: Callable[..., Local]) -> None:
    pool = pool_of(workers=1, pages_per_worker=2)

    pids = [pid for _, pid, _ in read(pool)]

    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]
    assert until(lambda: not is_there(pids[0]))


def test_a_worker_that_has_grown_is_replaced(pool_of: Callable[..., Local]) -> None:
    pool = pool_of(workers=1, rss_mib=600)

    pids = [pid for _, pid, _ in read(pool, "2=grow", [1, 2, 3])]

    assert pids[0] == pids[1] != pids[2]


def test_a_model_that_is_missing_is_told_to_who_wants_a_page(
    pool_of: Callable[..., Local],
) -> None:
    with pytest.raises(ConfigError, match="no model"):
        read(pool_of("config"))


def test_a_start_is_tried_twice(pool_of: Callable[..., Local]) -> None:
    assert numbers_of(read(pool_of("once", workers=1))) == [1, 2, 3, 4, 5, 6]
    with pytest.raises(TransientError, match="does not start"):
        read(pool_of("crash", workers=1))


def test_a_worker_never_does_two_pages_at_once(pool: Local) -> None:
    with ThreadPoolExecutor(6) as threads:
        seen = [
            page
            for pages in threads.map(lambda _: read(pool, "*=slow"), range(6))
            for page in pages
        ]

    assert len(seen) == 36
    assert not any(overlaps for _, _, overlaps in seen)
    assert len({pid for _, pid, _ in seen}) == 2


def test_closing_leaves_no_process_and_tells_who_waits(
    pool_of: Callable[..., Local], tmp_path: Path
) -> None:
    pool = pool_of()
    pool.crew.start()
    pids = pool.crew.pids
    assert len(pids) == 2
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(read, pool, "*=wait")
        assert until(lambda: len(begun(tmp_path, "*=wait")) == 2)
        pool.close()

        with pytest.raises(TransientError, match="closed"):
            waiting.result()
    assert not any(map(is_there, pids))
    with pytest.raises(PoolClosedError):
        read(pool)


def test_whoever_stops_taking_pages_leaves_none_behind(pool: Local, marks: Path) -> None:
    pages = pool.see(upload("*=wait"), range(1, 20))
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(next, pages)
        assert until(lambda: len(begun(marks, "*=wait")) == 2)
        (marks / "go").touch()
        asked.result()
    pages.close()

    assert numbers_of(read(pool)) == [1, 2, 3, 4, 5, 6]
    assert len(begun(marks, "*=wait")) <= 1 + pool.window


PARENT = """
import sys, threading
from pathlib import Path
from tests.pipeline import test_pages as t

pool = t.Local(t.Crew(t.Make(Path(sys.argv[1])), t.BOUNDS), t.no_engine)
pool.crew.start()
print("pids", *pool.crew.pids, flush=True)
t.read(pool, "*=wait")
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_leave_with_their_parent_however_it_ends(number: int, tmp_path: Path) -> None:
    command = (sys.executable, "-c", PARENT, str(tmp_path))
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        said = next(line for line in parent.stdout if line.startswith("pids"))
        pids = [int(pid) for pid in said.split()[1:]]
        has_begun = until(lambda: len(begun(tmp_path, "*=wait")) == 2)
        were_there = all(map(is_there, pids))
        parent.send_signal(number if has_begun else signal.SIGKILL)
        parent.wait(30)

    assert has_begun
    assert were_there
    assert until(lambda: not any(map(is_there, pids)))


def job(lane: Lane, name: str) -> Job:
    return Job(lane, name, Payload.of(b""), name)


def order(lanes: Lanes, count: int) -> list[object]:
    return [taken.task for _ in range(count) if (taken := lanes.take()) is not None]


def test_a_long_report_does_not_starve_a_licence() -> None:
    lanes, report, licence, other = Lanes(), Lane(), Lane(), Lane()
    for number in range(5):
        lanes.put(job(report, f"report {number}"))
    assert order(lanes, 2) == ["report 0", "report 1"]

    lanes.put(job(licence, "licence"))
    lanes.put(job(other, "other 0"))
    lanes.put(job(other, "other 1"))

    said = order(lanes, 6)
    assert set(said[:2]) == {"licence", "other 0"}
    assert said[2:] == ["report 2", "other 1", "report 3", "report 4"]


def test_what_is_due_in_an_earlier_hour_goes_first_and_what_is_not_due_last() -> None:
    lanes = Lanes()
    for name, deadline in (
        ("any time", None),
        ("later", NOON + timedelta(hours=3)),
        ("first", NOON + timedelta(minutes=50)),
        ("as soon", NOON + timedelta(minutes=10)),
    ):
        with due(deadline):
            lane = Lane()
        lanes.put(job(lane, name))
        lanes.put(job(lane, name))

    said = order(lanes, 8)

    assert set(said[:2]) == set(said[2:4]) == {"first", "as soon"}
    assert said[4:] == ["later", "later", "any time", "any time"]


def test_a_licence_is_read_while_a_long_report_is_under_way(
    pool_of: Callable[..., Local],
) -> None:
    pool = pool_of(workers=1)
    done: list[str] = []
    is_begun = threading.Event()

    def report() -> None:
        for _ in pool.see(upload("*=slow"), range(1, 40)):
            is_begun.set()
        done.append("report")

    with ThreadPoolExecutor(2) as threads:
        threads.submit(report)
        is_begun.wait()
        read(pool, "", [1, 2])
        done.append("licence")

    assert done == ["licence", "report"]


def test_a_payload_leaves_no_name_and_can_be_read_by_many() -> None:
    payload = Payload.of(b"data")

    assert payload.read() == payload.read() == b"data"
    assert Payload.of(b"").read() == b""
    payload.close()
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(payload.handle)
