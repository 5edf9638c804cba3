"""Whose page is next: the earliest hour of deadline first, and within it every document in turn.

A report of three hundred pages holds no licence up that is due in the same hour, and what has no
deadline waits for what has one.
"""

import contextvars
import itertools
import math
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.pages.errors import PoolClosedError
from pipeline.pages.payload import Payload

_HOUR = 3600

_due: contextvars.ContextVar[datetime | None] = contextvars.ContextVar("due", default=None)


@contextmanager
def due(deadline: datetime | None) -> Iterator[None]:
    """Say by when everything read within the block is wanted."""
    token = _due.set(deadline)
    try:
        yield
    finally:
        _due.reset(token)


@dataclass
class Job:
    """A task for a worker and who waits for it; `what` names it in errors."""

    lane: "Lane"
    task: object
    payload: Payload
    what: str
    future: "Future[Any]" = field(default_factory=Future)
    attempts: int = 0

    def is_wanted(self) -> bool:
        """Take the job up, unless whoever asked for it has gone."""
        self.attempts += 1
        return self.attempts > 1 or self.future.set_running_or_notify_cancel()


@dataclass(eq=False)
class Lane:
    """The jobs of one document that wait; it is due when the code around it says so."""

    hour: float = field(default_factory=lambda: _hour(_due.get()))
    jobs: deque[Job] = field(default_factory=deque)
    served: int = 0

    @property
    def rank(self) -> tuple[float, int]:
        """The lowest is next."""
        return self.hour, self.served


class Lanes:
    """The lanes in which jobs wait; safe to be used by many threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._changed = threading.Condition()
        self._lanes: set[Lane] = set()
        self._turns = itertools.count(1)
        self._idle = 0
        self._is_closed = False

    def put(self, job: Job, *, first: bool = False) -> bool:
        """Queue a job in its lane; return whether nobody is free to take it."""
        with self._changed:
            if self._is_closed:
                raise PoolClosedError("the page pool was closed")
            jobs = job.lane.jobs
            (jobs.appendleft if first else jobs.append)(job)
            self._lanes.add(job.lane)
            self._changed.notify()
            return sum(len(lane.jobs) for lane in self._lanes) > self._idle

    def take(self) -> Job | None:
        """Wait for a job and return the next one; None when there will be no more."""
        with self._changed:
            self._idle += 1
            self._changed.wait_for(lambda: self._lanes or self._is_closed)
            self._idle -= 1
            if self._is_closed:
                return None
            lane = min(self._lanes, key=lambda lane: lane.rank)
            lane.served = next(self._turns)
            job = lane.jobs.popleft()
            if not lane.jobs:
                self._lanes.remove(lane)
            return job

    def close(self) -> list[Job]:
        """Let nothing in or out any more; return what was left."""
        with self._changed:
            self._is_closed = True
            left = [job for lane in self._lanes for job in lane.jobs]
            self._lanes.clear()
            self._changed.notify_all()
            return left


def _hour(deadline: datetime | None) -> float:
    return math.inf if deadline is None else deadline.timestamp() // _HOUR
