"""The program of a worker process: `python -m pipeline.pages.worker HANDLE`.

It is told over a socket how to make its work, does one task at a time in its only thread that
works, and leaves when its standard input closes: however its parent ended, even in the middle of
a page.
"""

import contextlib
import functools
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path

import psutil

from pipeline.pages.messages import Answer, Call, Make, Work
from pipeline.pages.payload import Payload

_MIB = 1 << 20
_FIRST_TO_GO = "500"
"""When memory runs out the system ends a worker, which is replaced, rather than its parent."""


def main() -> None:
    """Do what is asked over the socket until its other end is closed."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")
    connection = Connection(int(sys.argv[1]))
    with contextlib.suppress(EOFError, ConnectionError):
        serve(connection)


def serve(connection: Connection) -> None:
    """Make the work, say on what it runs, and answer calls."""
    make: Make = connection.recv()
    made: list[Work] = []

    def device() -> str:
        made.append(make())
        return made[0].device

    _send(connection, _answer(device))
    payload = Payload.of(b"")
    while made:
        call: Call = connection.recv()
        if call.is_followed:
            payload = Payload(call.key, recv_handle(connection))
        _send(connection, _answer(functools.partial(made[0].do, call.task, payload)))


def _answer(do: Callable[[], object]) -> Answer:
    error: Exception | None = None
    value = None
    try:
        value = do()
    except Exception as raised:  # noqa: BLE001  it is for whoever asked
        raised.add_note(f"in a page worker:\n{traceback.format_exc()}")
        error = raised
    return Answer(value, error, psutil.Process().memory_info().rss // _MIB)


def _send(connection: Connection, answer: Answer) -> None:
    try:
        said = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001  third-party errors need not be picklable
        said = pickle.dumps(Answer(error=RuntimeError(repr(answer.error)), rss_mib=answer.rss_mib))
    connection.send_bytes(said)


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
