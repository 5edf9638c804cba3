"""A process of its own for what touches bytes of senders while this one must go on.

PDFium must not be used by two threads at once, and a review may be using it; what a hostile file
does to a decoder stays in there, too: a crash, a hang or a memory that grows without end is an
error of that file, and the next one finds a fresh process.
"""

import contextlib
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar, TypeVarTuple, cast

import psutil

from pipeline.pages.payload import Payload
from pipeline.pages.process import LostError, Worker
from schemas.errors import DocumentError, TooLargeError, TransientError

_RECYCLED: Final = 200
"""Calls that one process answers."""
_START_SECONDS: Final = 120.0
_LOOK_SECONDS: Final = 0.1
"""How often the memory of the process is looked at."""
_MIB: Final = 1 << 20
MEMORY_MIB: Final = 2048
"""What decoding one file may take: a picture of a hundred megapixels, several times over."""

Given = TypeVarTuple("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Task:
    """A function and what it is given; both cross to the process."""

    function: Callable[..., object]
    given: tuple[Any, ...]


class Functions:
    """The work of the process: whatever function it is asked for."""

    device = "cpu"

    def do(self, task: Task, payload: Payload) -> object:
        """Return what the function returns."""
        return task.function(*task.given)


class Sandbox:
    """Does one thing at a time, in a process that is kept warm and ended when it misbehaves."""

    def __init__(self, memory_mib: int = MEMORY_MIB) -> None:
        """Start no process before there is something to do."""
        self._memory_mib = memory_mib
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._nothing = Payload.of(b"")

    def run(self, seconds: float, function: Callable[[*Given], Made], *given: *Given) -> Made:
        """Return what a function returns, or raise what it raises.

        Raises:
            TooLargeError: it was not done in time, or took too much memory.
            DocumentError: it crashed the process.
            TransientError: others were served all the while, or somebody else ended the process.
        """
        with self._turn(seconds):
            worker = self._ready()
            with _Scales(worker, self._memory_mib) as scales:
                try:
                    answer = worker.ask(Task(function, given), self._nothing, seconds)
                except LostError as lost:
                    self._worker = None
                    raise _verdict(lost, scales, seconds) from None
            if worker.calls >= _RECYCLED:
                self._dismiss()
            if isinstance(answer.error, MemoryError):
                raise TooLargeError("MiB of memory", self._memory_mib, limit=self._memory_mib)
            if answer.error is not None:
                raise answer.error
            return cast("Made", answer.value)

    def close(self) -> None:
        """End the process; what it is doing counts as interrupted."""
        worker = self._worker
        if worker is not None:
            worker.kill()
        if self._lock.acquire(timeout=1):
            self._dismiss()
            self._lock.release()

    @contextlib.contextmanager
    def _turn(self, seconds: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=seconds):
            raise TransientError("others are served")
        try:
            yield
        finally:
            self._lock.release()

    def _ready(self) -> Worker:
        if self._worker is None:
            worker = Worker(Functions, None)
            try:
                worker.ready(_START_SECONDS)
            except LostError as lost:
                raise TransientError(f"a sandbox does not start (exit {lost.code})") from lost
            self._worker = worker
        return self._worker

    def _dismiss(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()


class _Scales:
    """Watches the memory of a process while it works, and ends it when that is too much."""

    def __init__(self, worker: Worker, most_mib: int) -> None:
        self.is_over = False
        self._worker, self.most_mib = worker, most_mib
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="sandbox-scales", daemon=True)

    def __enter__(self) -> "_Scales":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self._worker.pid)
            while not self._done.wait(_LOOK_SECONDS):
                if process.memory_info().rss > self.most_mib * _MIB:
                    self.is_over = True
                    self._worker.kill()
                    return


def _verdict(lost: LostError, scales: _Scales, seconds: float) -> DocumentError | TransientError:
    """Say who acts on a task that has no answer."""
    if scales.is_over:
        return TooLargeError("MiB of memory", scales.most_mib, limit=scales.most_mib)
    if lost.is_overtime:
        limit = math.ceil(seconds)
        return TooLargeError("seconds", limit, limit=limit)
    if lost.is_crash:
        return DocumentError(f"the file crashes its decoder (exit {lost.code})")
    return TransientError(f"the decoder was ended (exit {lost.code})")
