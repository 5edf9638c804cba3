"""The parent's end of a worker process: start it, ask it, and never wait for it in vain."""

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from pathlib import Path

from pipeline.pages.messages import Answer, Call, Make
from pipeline.pages.payload import Payload

_FAULTS = frozenset(
    {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT, signal.SIGTRAP}
)
"""Signals that a process brings upon itself: the page it reads is at fault, not the world."""


class LostError(Exception):
    """A worker ended, or was ended, before it answered; it stays among the modules of the pool."""

    def __init__(self, code: int | None, *, is_overtime: bool) -> None:
        """Say how it ended: its exit code, or that it took too long."""
        super().__init__(f"a page worker ended with {code}")
        self.code, self.is_overtime = code, is_overtime

    @property
    def is_crash(self) -> bool:
        """Whether it brought its end upon itself."""
        return self.code is not None and -self.code in _FAULTS


class Worker:
    """A worker process. One thread asks; any thread may kill."""

    def __init__(self, make: Make, log: Path | None) -> None:
        """Start the process; `device` is known once it is `ready`."""
        ours, theirs = socket.socketpair()
        with theirs, _output(log) as output:
            self._process = subprocess.Popen(  # noqa: S603
                (sys.executable, "-m", "pipeline.pages.worker", str(theirs.fileno())),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for the worker
            )
        self._connection = Connection(ours.detach())
        self._make = make
        self._key: int | None = None
        self.calls = 0

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def ready(self, limit: float) -> str:
        """Wait until the work is made and return its device.

        Raises:
            LostError: it ended, or took too long.
        """
        with self._watched():
            self._connection.send(self._make)
            answer = self._answer(limit)
        if answer.error is not None:
            self.kill()
            raise answer.error
        return str(answer.value)

    def ask(self, task: object, payload: Payload, limit: float) -> Answer:
        """Have a task done, within a limit of seconds.

        Raises:
            LostError: it ended, or took too long; it is gone then.
        """
        self.calls += 1
        with self._watched():
            is_new = payload.key != self._key
            self._connection.send(Call(task, payload.key, is_new))
            if is_new:
                send_handle(self._connection, payload.handle, self.pid)
                self._key = payload.key
            return self._answer(limit)

    def kill(self) -> None:
        """End the process now; nothing is lost with it but what it is doing."""
        self._process.kill()

    def close(self) -> None:
        """End the process and let go of it. Only the thread that asks may do that."""
        self.kill()
        self._process.wait()
        self._connection.close()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _answer(self, limit: float) -> Answer:
        if not self._connection.poll(limit):
            self.close()
            raise LostError(None, is_overtime=True)
        answer: Answer = self._connection.recv()
        return answer

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Turn the silence of a dead process into an error that says how it ended."""
        try:
            yield
        except (EOFError, OSError) as error:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            code = self._process.poll()
            self.close()
            raise LostError(code, is_overtime=False) from error


@contextmanager
def _output(log: Path | None) -> Iterator[int]:
    """Yield where a worker writes what its libraries have to say: never the terminal."""
    if log is None:
        yield subprocess.DEVNULL
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        yield file.fileno()
