"""Work for page workers that needs no model: what a page is to do stands in the upload."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from pipeline.pages.payload import Payload
from pipeline.pages.work import See
from schemas.errors import ConfigError, CorruptFileError


class FakeWork:
    """Does what the upload says of a page (`3=kill`), and answers with number and process.

    A page is marked in the folder of marks when it is begun; `3=kill-once` is done once.
    """

    device = "fake:0"

    def __init__(self, marks: Path) -> None:
        self.marks = marks
        self.is_busy = False
        self.ballast = np.zeros(0, np.uint8)

    def do(self, task: See, payload: Payload) -> tuple[int, int, bool]:
        overlaps, self.is_busy = self.is_busy, True
        (self.marks / f"{payload.read().hex()}-{task.number}").touch()
        self._act(task.number, payload.read())
        self.is_busy = False
        return task.number, os.getpid(), overlaps

    def _act(self, number: int, said: bytes) -> None:
        page, _, word = said.decode().partition("=")
        if page not in {"*", str(number)}:
            return
        mark = self.marks / f"did-{said.hex()}-{number}"
        if word.endswith("-once") and mark.exists():
            return
        mark.touch()
        getattr(self, word.removesuffix("-once"))()

    def kill(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def crash(self) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)

    def hang(self) -> None:
        time.sleep(600)

    def slow(self) -> None:
        time.sleep(0.05)

    def wait(self) -> None:
        while not (self.marks / "go").exists():
            time.sleep(0.01)

    def grow(self) -> None:
        self.ballast = np.ones(700 << 20, np.uint8)

    def refuse(self) -> None:
        raise CorruptFileError("pdf", "so it is said")

    def bug(self) -> None:
        raise KeyError("a bug")


class Make:
    """Makes the work; picklable, as recipes are."""

    def __init__(self, marks: Path, fails: str = "") -> None:
        self.marks, self.fails = marks, fails

    def __call__(self) -> FakeWork:
        if self.fails == "config":
            raise ConfigError("no model")
        if self.fails == "crash" or (self.fails == "once" and not self._has_failed()):
            os.kill(os.getpid(), signal.SIGKILL)
        return FakeWork(self.marks)

    def _has_failed(self) -> bool:
        mark = self.marks / "failed"
        was = mark.exists()
        mark.touch()
        return was
