"""Start a run: the one place below `flows` that knows of Prefect.

Imports point down only, so no door may import `flows`. A flow is started the way that Prefect
starts a deployment: by its entrypoint, a string that Prefect loads. What doors and flows have to
say to each other (`Reviewed`, `report`) stands here, below both.

A run needs a Prefect API. Where the settings name none, `opened` starts one that lives as long as
the `with` block, and the caller prepares the package while it comes up. Prefect's files are under
the data folder, what it has to say goes to our log, and its analytics stay off.
"""

import contextlib
import contextvars
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import FrameType
from typing import Any, Final
from urllib.parse import urlsplit

from pipeline.settings import Settings
from schemas.base import Model
from schemas.decisions import Outcome
from schemas.errors import TransientError

_REVIEW: Final = "flows.package:review_package"
_BATCH: Final = "flows.batch:review_batch"

_START_LIMIT: Final = 180.0
"""Seconds until our own server has to answer: it takes 4, the first time 10, and on a machine
that has much else to do a minute; one that ended is noticed at once."""
HEARTBEAT_SECONDS: Final = 30
"""How often a run says to a lasting server that it lives; on silence it is called crashed."""
_ANSWER_LIMIT: Final = 5.0
"""Seconds until a running server has to answer, and to send it the last events and logs."""
_STOP_LIMIT: Final = 10.0


class PrefectError(TransientError):
    """No Prefect API answers."""

    code = "prefect.unreachable"


class Reviewed(Model):
    """How one package fared: its record, or the code of the error that stood in the way."""

    package_id: str
    outcome: Outcome | None = None
    revision: int | None = None
    error: str | None = None
    seconds: float = 0.0


class DocumentRead(Model):
    """One file of a package was read or refused."""

    package_id: str
    document: str


Step = DocumentRead | Reviewed
Listener = Callable[[Step], None]

_listener: contextvars.ContextVar[Listener | None] = contextvars.ContextVar(
    "listener", default=None
)


def report(step: Step) -> None:
    """Tell the door that waits for this run, if one does, how far it is."""
    listener = _listener.get()
    if listener is not None:
        listener(step)


@dataclass(frozen=True)
class Runs:
    """Runs flows in this process; the API at `api_url` keeps their states once it is `ready`.

    A server that `lasts` beyond this process hears that its runs live, and calls those crashed
    that it no longer hears of.
    """

    api_url: str
    ready: Callable[[], None]
    lasts: bool = False

    def review(self, package_id: str, listener: Listener | None = None) -> Reviewed:
        """Review a package that was taken in; every error passes."""
        result: Reviewed = self._run(_REVIEW, listener, package_id=package_id)
        return result

    def review_all(
        self, package_ids: Sequence[str], listener: Listener | None = None, *, branch: str = ""
    ) -> list[Reviewed]:
        """Review packages one after the other; the error of one stands in its result.

        In production the people of the branch find them on the review page.
        """
        results: list[Reviewed] = self._run(
            _BATCH, listener, package_ids=list(package_ids), branch=branch
        )
        return results

    def _run(self, entrypoint: str, listener: Listener | None, **parameters: object) -> Any:
        from prefect import settings, tags  # noqa: PLC0415  a second, while the server comes up
        from prefect.flows import load_flow_from_entrypoint  # noqa: PLC0415

        overrides = {
            settings.PREFECT_API_URL: self.api_url,
            # joining the thread of the heartbeat takes up to a second a run
            settings.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: HEARTBEAT_SECONDS if self.lasts else None,
        }
        if not self.lasts:
            overrides[settings.PREFECT_CLIENT_CSRF_SUPPORT_ENABLED] = False  # a call a client
        with settings.temporary_settings(overrides), _listening(listener):
            flow: Any = load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
            self.ready()
            try:
                with tags(*_tags(parameters)):
                    return flow(**parameters)
            finally:
                _send_the_rest()


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Runs]:
    """Make runs possible within the block; nothing is left of it, however it ends.

    Raises:
        PrefectError: the server that the settings name does not answer.
    """
    data_dir = settings.data_dir.resolve()
    _environ().update(_environment(data_dir))
    with _terminable():
        if settings.prefect.api_url is None:
            with _server(data_dir) as runs:
                yield runs
        else:
            url = settings.prefect.api_url.rstrip("/")
            if not answers(url, limit=_ANSWER_LIMIT):
                raise PrefectError(f"no Prefect API answers at {url}")
            yield Runs(url, ready=lambda: None, lasts=True)


def answers(api_url: str, *, limit: float = _ANSWER_LIMIT) -> bool:
    """Return whether a Prefect API is up, waiting `limit` seconds at most."""
    address = urlsplit(api_url)
    secure = address.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(address.hostname or "", address.port, timeout=limit)
    try:
        connection.request("GET", f"{address.path}/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def deploy(settings: Settings) -> tuple[str, ...]:
    """Set pool, deployments, limits and automations on the Prefect server of the settings.

    Returns:
        The names of the deployments.

    Raises:
        PrefectError: the settings name no server, or it does not answer.
    """
    url = settings.prefect.api_url
    if url is None or not answers(url.rstrip("/")):
        raise PrefectError(f"no Prefect API answers at {url or 'ZISHEN_PREFECT__API_URL'}")
    said = subprocess.run(
        (sys.executable, "-m", "flows.deploy"),
        env=prefect_environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode != 0:
        raise PrefectError(said.stderr.strip().rpartition("\n")[2])
    return tuple(said.stdout.split())


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Return our environment for a program of Prefect: its server, its worker, its client."""
    url = settings.prefect.api_url
    api = {} if url is None else {"PREFECT_API_URL": url.rstrip("/")}
    return {**_environ(), **_environment(settings.data_dir.resolve()), **api}


def _tags(parameters: Mapping[str, object]) -> tuple[str, ...]:
    """Return by what a run is found: ids of ours, never a name."""
    package = parameters.get("package_id")
    return ("zishen",) if package is None else ("zishen", f"package:{str(package)[:12]}")


def _environ() -> MutableMapping[str, str]:
    return os.environ  # noqa: TID251  Prefect reads it when it is imported; it has no other way


def _environment(data_dir: Path) -> dict[str, str]:
    """Return what has to be said before Prefect is imported."""
    home = data_dir / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_LOGGING_CONFIG_PATH": str(resources.files("flows") / "logging.yaml"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


@contextlib.contextmanager
def _server(data_dir: Path) -> Iterator[Runs]:
    """Start an API of our own, which `ready` waits for, and stop it at the end.

    It gets a socket that listens already, so no port is guessed and nothing polls: the first
    request is answered when the server is up, and refused if it died.
    """
    log = data_dir / "logs" / "prefect-server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("ab") as output:
        port = listening.getsockname()[1]
        process = subprocess.Popen(  # noqa: S603
            (sys.executable, "-m", "flows.server", str(listening.fileno())),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=(listening.fileno(),),
            start_new_session=True,  # Ctrl-C in the terminal is for us, not for the server
            env=_server_environment(),
        )
    url = f"http://127.0.0.1:{port}/api"

    def ready() -> None:
        if not answers(url, limit=_START_LIMIT):
            raise PrefectError(f"the temporary Prefect server did not come up; see {log}")

    try:
        yield Runs(url, ready)
    finally:
        _stop(process)


def _server_environment() -> dict[str, str]:
    """Return our environment for a server without dashboard and schedules, as Prefect starts it.

    Nobody looks at its events and no automation waits for them, so it neither keeps nor weighs
    them.
    """
    ours = {name: value for name, value in _environ().items() if name != "PREFECT_API_URL"}
    return {
        **ours,
        "PREFECT_UI_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
        "PREFECT__SERVER_EPHEMERAL": "1",
        "PREFECT__SERVER_FINAL": "1",
    }


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Close the pipe that the server watches; it leaves in 0.2 s, or is killed."""
    try:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(_STOP_LIMIT)
    except BaseException:  # a second Ctrl-C too
        process.kill()
        process.wait()
        raise


@contextlib.contextmanager
def _listening(listener: Listener | None) -> Iterator[None]:
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, so that it is left in order."""

    def terminate(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _send_the_rest() -> None:
    """Send what is queued while there is an API to take it; at exit it would be too late."""
    from prefect.events.worker import EventsWorker  # noqa: PLC0415
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

    APILogWorker.drain_all(timeout=_ANSWER_LIMIT)
    EventsWorker.drain_all(timeout=_ANSWER_LIMIT)
