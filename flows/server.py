"""The temporary Prefect API of one run: it ends when the process that started it does.

Prefect's own ephemeral server is stopped by `atexit`, which a killed process never reaches, and
it shares the terminal's Ctrl-C with the run that still needs it. This one serves on a socket that
it is handed and watches its standard input: when the other end is closed, however that came
about, it leaves.
"""

import os
import signal
import socket
import sys
import threading

import uvicorn


def main() -> None:
    """Serve on the socket whose file descriptor is the first argument."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    config = uvicorn.Config(
        "prefect.server.api.server:create_app", factory=True, log_level="error", lifespan="on"
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
