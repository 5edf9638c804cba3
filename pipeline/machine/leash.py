"""A program on a leash: it ends when the standard input of the leash closes.

`python -m pipeline.machine.leash PROGRAM …`

The programs of others (a Prefect server, a Dask worker) know nothing of who started them and would
outlive it. Signals are passed on, and so is the exit code. Whatever the program has started goes
with it.
"""

import os
import signal
import subprocess
import sys
import threading
from types import FrameType
from typing import Final

import psutil

_GRACE: Final = 2.0


def main() -> int:
    """Run the program and return its exit code."""
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)  # noqa: S603

    def passed_on(number: int, _frame: FrameType | None) -> None:
        program.send_signal(number)

    signal.signal(signal.SIGTERM, passed_on)
    signal.signal(signal.SIGINT, passed_on)
    threading.Thread(target=_follow, args=(program.pid,), daemon=True).start()
    family = _Family(program.pid)
    code = program.wait()
    family.end()
    return code


class _Family:
    """All that a program has started, noted while it runs: afterwards nobody knows its children."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._known: dict[int, psutil.Process] = {}
        threading.Thread(target=self._watch, daemon=True).start()

    def end(self) -> None:
        """End what is left."""
        for process in self._known.values():
            if process.is_running():  # the same process, not another of that id
                process.kill()

    def _watch(self) -> None:
        idle = threading.Event()
        while not idle.wait(1.0):
            try:
                found = self._process.children(recursive=True)
            except psutil.NoSuchProcess:
                return
            self._known = {process.pid: process for process in found}


def _follow(pid: int) -> None:
    """End the program, in order and then at once, when whoever holds the leash is gone."""
    while os.read(0, 4096):  # unbuffered: a buffer that is read cannot be let go at the end
        pass
    try:
        process = psutil.Process(pid)
        family = [*process.children(recursive=True), process]
        process.terminate()
        _, left = psutil.wait_procs(family, timeout=_GRACE)
        for one in left:
            one.kill()
    except psutil.NoSuchProcess:
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
