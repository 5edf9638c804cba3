"""Several workers at work: each serves one task at a time, and is replaced when it has to be."""

import atexit
import contextlib
import math
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from pipeline.observe import metrics
from pipeline.pages.errors import PoolClosedError, WorkerLostError
from pipeline.pages.lanes import Job, Lane, Lanes
from pipeline.pages.messages import Answer, Make
from pipeline.pages.payload import Payload
from pipeline.pages.process import LostError, Worker
from schemas.errors import DocumentError, TooLargeError, ZishenError

_START_LIMIT = 120.0
"""Seconds until a worker has to be ready: 3 on two idle cores, more on a machine that starts."""
_ATTEMPTS = 2

_log = structlog.get_logger()


@dataclass(frozen=True)
class Bounds:
    """How many workers there are, and what one may take before it is replaced."""

    workers: int
    page_seconds: float
    pages_per_worker: int
    rss_mib: int


class Crew:
    """Workers that are started as they are needed; safe to be used by many threads."""

    def __init__(self, make: Make, bounds: Bounds, log: Path | None = None) -> None:
        """Start nothing yet; `log` takes what the libraries in the workers print."""
        self.make, self.bounds, self.log = make, bounds, log
        self.lanes = Lanes()
        self._posts: list[_Post] = []
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        """Whether there is a worker, or will be in a moment."""
        return bool(self._posts)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes of the workers that are there."""
        workers = [post.worker for post in self._posts]
        return tuple(worker.pid for worker in workers if worker is not None)

    def start(self) -> None:
        """Start every worker and wait until each is ready, or could not be started."""
        with self._lock:
            while len(self._posts) < self.bounds.workers:
                self._add()
        for post in self._posts:
            post.settled.wait()

    def submit(self, lane: Lane, task: object, payload: Payload, what: str) -> "Future[Any]":
        """Have a task done when its turn comes; `what` names it in errors.

        The future raises what the work raised, a DocumentError when the task itself ended its
        worker or took too long, twice, and a WorkerLostError when somebody else ended it, twice.
        """
        job = Job(lane, task, payload, what)
        is_behind = self.lanes.put(job)
        with self._lock:
            if is_behind and len(self._posts) < self.bounds.workers:
                self._add()
        return job.future

    def close(self) -> None:
        """End every worker and wait until it is gone; whoever waits for a page is told."""
        for job in self.lanes.close():
            if job.is_wanted():
                job.future.set_exception(_closed(job))
        with self._lock:
            posts = list(self._posts)
        for post in posts:
            post.leave()
        for post in posts:
            post.thread.join()
        atexit.unregister(self.close)

    def _add(self) -> None:
        if not self._posts:
            atexit.register(self.close)
        self._posts.append(_Post(self, len(self._posts) + 1))


class _Post:
    """The place of one worker, and the thread that hands it one task after the other."""

    def __init__(self, crew: Crew, number: int) -> None:
        self.worker: Worker | None = None
        self.settled = threading.Event()
        self._crew = crew
        self._rss = metrics.WORKER_RSS.labels(str(number))
        self._lock = threading.Lock()
        self._is_left = False
        self.thread = threading.Thread(target=self._serve, name=f"pages-{number}", daemon=True)
        self.thread.start()

    def leave(self) -> None:
        """End the worker; the thread follows."""
        with self._lock:
            self._is_left = True
            if self.worker is not None:
                self.worker.kill()

    def _serve(self) -> None:
        try:
            self._prepare()
            while (job := self._crew.lanes.take()) is not None:
                if job.is_wanted():
                    self._do(job)
                self._prepare()
        finally:
            self._dismiss()

    def _prepare(self) -> None:
        """Have a worker ready before a job comes; what is wrong is told to the job."""
        with contextlib.suppress(Exception):
            self._ready()
        self.settled.set()

    def _do(self, job: Job) -> None:
        try:
            worker = self._ready()
            answer = worker.ask(job.task, job.payload, self._crew.bounds.page_seconds)
        except LostError as lost:
            self._lost(job, lost)
        except Exception as error:  # noqa: BLE001  whoever waits for the page has to know
            self._dismiss()
            job.future.set_exception(error)
        else:
            self._rss.set(answer.rss_mib << 20)
            self._retire(worker, answer)
            if answer.error is not None:
                job.future.set_exception(answer.error)
            else:
                job.future.set_result(answer.value)

    def _ready(self) -> Worker:
        """Return the worker, a new one where there is none; a start is tried twice."""
        if self.worker is not None:
            return self.worker
        ends: list[int | None] = []
        for _ in range(_ATTEMPTS):
            try:
                return self._started()
            except LostError as lost:
                ends.append(lost.code)
        raise WorkerLostError(f"a page worker does not start (exits {ends}); see its log")

    def _started(self) -> Worker:
        with self._lock:
            if self._is_left:
                raise PoolClosedError("the page pool was closed")
            worker = self.worker = Worker(self._crew.make, self._crew.log)
        try:
            device = worker.ready(_START_LIMIT)
        except BaseException:
            self._dismiss()
            raise
        _log.info("pages.worker_started", pid=worker.pid, device=device)
        return worker

    def _retire(self, worker: Worker, answer: Answer) -> None:
        """Dismiss a worker that has done enough or has grown too large."""
        bounds = self._crew.bounds
        if worker.calls >= bounds.pages_per_worker or answer.rss_mib > bounds.rss_mib:
            _log.info("pages.worker_retired", calls=worker.calls, rss_mib=answer.rss_mib)
            self._dismiss()

    def _lost(self, job: Job, lost: LostError) -> None:
        """Try a job once more, or say who has to do something about it."""
        self._dismiss()
        with self._lock:
            if self._is_left:
                job.future.set_exception(_closed(job))
                return
        _log.warning("pages.worker_lost", exit=lost.code, overtime=lost.is_overtime, what=job.what)
        if job.attempts < _ATTEMPTS:
            with contextlib.suppress(PoolClosedError):
                self._crew.lanes.put(job, first=True)
                return
        job.future.set_exception(_verdict(job, lost, self._crew.bounds))

    def _dismiss(self) -> None:
        with self._lock:
            worker, self.worker = self.worker, None
        if worker is not None:
            worker.close()


def _verdict(job: Job, lost: LostError, bounds: Bounds) -> ZishenError:
    """Say who acts on a task that twice had no answer."""
    if lost.is_overtime:
        limit = math.ceil(bounds.page_seconds)
        return TooLargeError(f"seconds for {job.what}", limit + 1, limit=limit)
    if lost.is_crash:
        return DocumentError(f"{job.what} crashes its reader (exit {lost.code})")
    return WorkerLostError(f"{job.what}: its reader was ended twice (exit {lost.code})")


def _closed(job: Job) -> PoolClosedError:
    return PoolClosedError(f"{job.what}: the page pool was closed")
