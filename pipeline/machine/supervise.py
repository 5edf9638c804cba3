"""One process that keeps others running: what dies is started again, and nothing outlives it.

Each part runs on a leash, so that it ends with the supervisor, however that ends.
"""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final

import structlog

_FIRST_DELAY: Final = 1.0
_LONGEST_DELAY: Final = 60.0
_STEADY: Final = 60.0
"""Seconds after which a part that dies is no longer taken for one that cannot start."""
_LOOK: Final = 0.2
_STOP_LIMIT: Final = 10.0

_log = structlog.get_logger()


@dataclass(frozen=True)
class Part:
    """A program to keep running; it is not started before `is_due` says so."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None
    """Where it writes; None is where the supervisor does."""
    is_due: Callable[[], bool] = field(default=lambda: True)


class Kept:
    """A part, its process, and when to start it next."""

    def __init__(self, part: Part) -> None:
        """Start nothing yet."""
        self.part = part
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self._began = self._next = 0.0
        self._delay = _FIRST_DELAY

    def look(self, now: float) -> None:
        """Start it where it is not running and its time has come; notice that it died."""
        if self.process is not None and self.process.poll() is not None:
            self._fell(now, self.process.returncode)
        if self.process is None and now >= self._next and self.part.is_due():
            self._start(now)

    def stop(self) -> None:
        """Ask it to end."""
        if self.process is not None:
            self.process.terminate()

    def wait(self, limit: float) -> None:
        """Wait until it has ended, and end it after a limit of seconds."""
        if self.process is None:
            return
        try:
            self.process.wait(limit)
        except subprocess.TimeoutExpired:
            _log.warning("up.part_killed", part=self.part.name)
        self._let_go()

    def _start(self, now: float) -> None:
        with contextlib.ExitStack() as opened:
            output = None
            if self.part.log is not None:
                self.part.log.parent.mkdir(parents=True, exist_ok=True)
                output = opened.enter_context(self.part.log.open("ab"))
            self.process = subprocess.Popen(  # noqa: S603
                (sys.executable, "-m", "pipeline.machine.leash", *self.part.command),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=dict(self.part.environment),
                start_new_session=True,  # Ctrl-C in the terminal is for us, who stop all in order
            )
        self._began = now
        self.starts += 1
        _log.info("up.part_started", part=self.part.name, pid=self.process.pid)

    def _fell(self, now: float, code: int | None) -> None:
        if now - self._began > _STEADY:
            self._delay = _FIRST_DELAY
        _log.warning("up.part_died", part=self.part.name, exit=code, again_in=self._delay)
        self._let_go()
        self._next = now + self._delay
        self._delay = min(2 * self._delay, _LONGEST_DELAY)

    def _let_go(self) -> None:
        process, self.process = self.process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()  # its leash: what is left of it ends now
            process.wait()


class Supervisor:
    """Keeps parts running until it is told to stop."""

    def __init__(self, parts: Sequence[Part], tick: Callable[[], None] | None = None) -> None:
        """Start nothing yet; `tick` is called about once a minute."""
        self.kept = [Kept(part) for part in parts]
        self._tick = tick
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Have `run` end; safe to be called by a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Start every part, and again what dies; end all of them, last ones first, at the end."""
        ticked = monotonic()
        try:
            while not self._stopping.wait(_LOOK):
                for kept in self.kept:
                    kept.look(monotonic())
                if self._tick is not None and monotonic() - ticked > _STEADY:
                    self._tick()
                    ticked = monotonic()
        finally:
            self._end()

    def _end(self) -> None:
        for kept in reversed(self.kept):
            kept.stop()
        end = monotonic() + _STOP_LIMIT
        for kept in reversed(self.kept):
            kept.wait(max(0.1, end - monotonic()))
