"""The Dask pool on a real scheduler with two workers, whose page processes need no model."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from extractors.seen import LostPage, Upload
from pipeline.pages.cluster import Cluster
from pipeline.pages.crew import Bounds
from pipeline.pages.errors import (
    ClusterError,
    PoolClosedError,
    UnfitWorkerError,
    WorkerLostError,
)
from pipeline.pages.lanes import due
from pipeline.pages.remote import Model
from pipeline.pages.terms import Terms
from pipeline.pages.work import See
from schemas.documents import MediaType
from schemas.errors import ConfigError, DocumentError, TooLargeError
from tests.pipeline.page_work import Make
from tests.pipeline.test_pages import begun, until

pytestmark = [pytest.mark.slow, pytest.mark.services]

BOUNDS = Bounds(workers=5, page_seconds=2, pages_per_worker=1000, rss_mib=4096)
Seen = tuple[int, int, bool]


def start(*command: str, home: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603
        (sys.executable, "-m", *command),
        env=os.environ | {"ZISHEN_DATA_DIR": str(home)},  # noqa: TID251  a process of its own
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def worker(address: str, home: Path) -> "subprocess.Popen[bytes]":
    shape = ("--nthreads", "1", "--nworkers", "1", "--no-dashboard")
    place = ("--local-directory", str(home / "dask"))
    return start("distributed.cli.dask_worker", address, *shape, *place, home=home)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    said = home / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file")
    scheduler = start("distributed.cli.dask_scheduler", *options, str(said), home=home)
    try:
        assert until(said.exists)
        yield cast(str, json.loads(said.read_text())["address"])
    finally:
        end(scheduler)


@pytest.fixture(scope="module")
def pool(address: str, home: Path) -> Iterator[Cluster]:
    workers = [worker(address, home) for _ in range(2)]
    terms = replace(Terms.of("cpu", BOUNDS), make=Make(home))
    pool = Cluster(address, terms, patience=60)
    try:
        assert until(lambda: pool.join() == 2)  # before a test begins
        yield pool
    finally:
        pool.close()
        for process in workers:
            end(process)


def read(pool: Cluster, said: str = "", numbers: Any = range(1, 7)) -> list[Any]:
    return list(pool.see(Upload(said.encode(), MediaType.PDF, "0" * 64), numbers))


def numbers_of(seen: list[Any]) -> list[int]:
    return [number for number, _, _ in cast(list[Seen], seen)]


def test_pages_come_in_the_order_asked_from_both_workers(pool: Cluster) -> None:
    seen = read(pool, "*=slow", [1, 2, 9, 4, 3, 5, 6, 7])

    assert numbers_of(seen) == [1, 2, 9, 4, 3, 5, 6, 7]
    assert len({pid for _, pid, _ in seen}) == 2


def test_a_worker_never_has_two_pages_in_one_model(pool: Cluster) -> None:
    with ThreadPoolExecutor(4) as threads:
        every = list(threads.map(lambda n: read(pool, f"{n}=slow"), range(4)))

    assert [numbers_of(seen) for seen in every] == [[1, 2, 3, 4, 5, 6]] * 4
    assert not any(overlaps for seen in every for _, _, overlaps in seen)


@pytest.mark.parametrize(("word", "error"), [("crash", DocumentError), ("hang", TooLargeError)])
def test_a_page_that_cannot_be_read_is_lost_alone(
    pool: Cluster, word: str, error: type[Exception]
) -> None:
    seen = read(pool, f"2={word}", [1, 2, 3])

    assert isinstance(seen[1], LostPage)
    assert isinstance(seen[1].error, error)
    assert numbers_of([seen[0], seen[2]]) == [1, 3]


def test_a_bug_passes_as_it_is(pool: Cluster) -> None:
    with pytest.raises(KeyError):
        read(pool, "3=bug")


def test_a_page_whose_readers_are_ended_from_outside_is_told_as_lost(pool: Cluster) -> None:
    with pytest.raises(WorkerLostError):
        read(pool, "3=kill")


def test_a_worker_that_goes_with_its_machine_costs_no_page(
    pool: Cluster, address: str, home: Path
) -> None:
    third = worker(address, home)
    assert until(lambda: pool.join() == 3)
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(read, pool, "*=slow", range(1, 40))
        assert until(lambda: len(begun(home, "*=slow")) > 12)
        end(third)

        assert numbers_of(reading.result()) == list(range(1, 40))


def test_what_is_due_first_goes_first(pool: Cluster, home: Path) -> None:
    def late() -> list[Any]:
        with due(datetime(2030, 1, 1, tzinfo=UTC)):
            return read(pool, "*=slow-once", range(1, 30))

    with ThreadPoolExecutor(2) as threads:
        later = threads.submit(late)
        assert until(lambda: len(begun(home, "*=slow-once")) > 2)
        with due(datetime(2029, 1, 1, tzinfo=UTC)):
            read(pool, "", [1, 2])
        assert not later.done()


@pytest.mark.parametrize("what", ["models", "code"])
def test_a_worker_whose_readings_would_be_others_reads_nothing(pool: Cluster, what: str) -> None:
    wrong = replace(pool.terms, **{what: "another"})
    other = Cluster(pool.scheduler, wrong, patience=20)

    with pytest.raises(UnfitWorkerError, match="another"):
        read(other)
    other.close()


def test_a_model_that_is_missing_there_is_told_here(pool: Cluster, tmp_path: Path) -> None:
    other = Cluster(pool.scheduler, replace(pool.terms, make=Make(tmp_path, "config")), patience=20)

    with pytest.raises(ConfigError, match="no model"):
        read(other)
    other.close()


def test_a_worker_of_two_threads_reads_nothing(pool: Cluster) -> None:
    model = Model(pool.terms)

    model.setup(cast(Any, SimpleNamespace(state=SimpleNamespace(nthreads=2))))

    with pytest.raises(UnfitWorkerError, match="threads 2"):
        model.do(See(Upload(b"", MediaType.PDF, "0" * 64), 1), 1, b"", "page 1")


def test_a_cluster_that_is_not_there_is_told() -> None:
    with pytest.raises(ClusterError):
        read(Cluster("tcp://127.0.0.1:9", Terms.of("cpu", BOUNDS), patience=1))


def test_a_closed_pool_says_so() -> None:
    pool = Cluster("tcp://127.0.0.1:9", Terms.of("cpu", BOUNDS), patience=1)
    pool.close()

    with pytest.raises(PoolClosedError):
        read(pool)
