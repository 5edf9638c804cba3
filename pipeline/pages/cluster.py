"""The page pool of many machines: a Dask cluster through its plain client.

Each Dask worker keeps one page process as the local pool does (`crew`), with one model: a page that
hangs or crashes costs that process and not the worker, and says the same of itself as it does on
one machine. A worker that goes with its machine is Dask's business, which gives its pages to
others. Nothing of a document stays on the cluster once its last page is read.
"""

import math
import uuid
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final

import structlog

from extractors.ocr.engine import Engine
from extractors.seen import LostPage, SeenPage, Upload
from pipeline.pages.errors import ClusterError, DaskMissingError, PoolClosedError, WorkerLostError
from pipeline.pages.lanes import Lane
from pipeline.pages.terms import Terms
from pipeline.pages.work import See, Task
from schemas.errors import DocumentError

_LARGE: Final = 1 << 20
"""Bytes that are worth a transfer of their own, rather than a place in the message of a task."""
_LAST: Final = -1_000_000_000
"""The priority of what has no deadline."""

_log = structlog.get_logger()


class Cluster:
    """Sees pages on a Dask cluster; safe to be used by many threads."""

    def __init__(self, scheduler: str, terms: Terms, patience: float) -> None:
        """Connect to nothing yet; `patience` is how many seconds to wait for a cluster."""
        self.scheduler, self.terms, self.patience = scheduler, terms, patience
        self._lock = Lock()
        self._connected: Any = None
        self._is_closed = False

    def own(self) -> Engine | None:
        """Return no engine: this process never holds a model."""
        return None

    def see(self, upload: Upload, numbers: Iterable[int]) -> Generator[SeenPage | LostPage]:
        """Yield the pages asked for, in the order asked, reading ahead by a window.

        Raises:
            ClusterError: the cluster does not answer.
            WorkerLostError: the workers that had a page were lost again and again.
        """
        lane = Lane()
        waiting: deque[tuple[int, Any]] = deque()
        with self._told("a page"):
            client = self._client()
            window = 2 * max(1, sum(client.nthreads().values()))
            data = client.scatter(upload.data, hash=False)
        ask = _Ask(client, self.terms, uuid.uuid4().int, data, lane)
        bare = replace(upload, data=b"")
        try:
            for number in numbers:
                task = See(bare, number)
                waiting.append((number, ask(task, f"page {number}")))
                if len(waiting) >= window:
                    yield self._taken(*waiting.popleft())
            while waiting:
                yield self._taken(*waiting.popleft())
        finally:
            client.cancel([future for _, future in waiting])

    def ask(self, task: Task, data: bytes, what: str) -> Any:
        """Have a task done on some pixels and return what came of it."""
        with self._told(what):
            client = self._client()
            sent = client.scatter(data, hash=False) if len(data) > _LARGE else data
            ask = _Ask(client, self.terms, uuid.uuid4().int, sent, Lane())
            return ask(task, what).result()

    def join(self) -> int:
        """Connect where there is no connection, and return how many workers there are.

        Raises:
            ClusterError: no scheduler answers, or it has no worker.
        """
        with self._told("joining"):
            return len(self._client().nthreads())

    def close(self) -> None:
        """Leave the cluster, which stays; whoever waits for a page is told."""
        with self._lock:
            self._is_closed = True
            client, self._connected = self._connected, None
        if client is not None:
            client.close(timeout=2)

    def _taken(self, number: int, future: Any) -> SeenPage | LostPage:
        with self._told(f"page {number}"):
            try:
                seen: SeenPage = future.result()
            except DocumentError as error:
                return LostPage(number, error)
            return seen

    def _client(self) -> Any:
        """Return the connection, made where there is none; a worker without a model says so."""
        with self._lock:
            if self._is_closed:
                raise PoolClosedError("the page pool was closed")
            if self._connected is None:
                self._connected = _connect(self.scheduler, self.terms, self.patience)
            return self._connected

    def _forget(self) -> None:
        with self._lock:
            client, self._connected = self._connected, None
        if client is not None:
            client.close(timeout=0)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Turn what Dask raises into who acts; the errors of pages pass as they are."""
        distributed = _distributed()
        try:
            yield
        except distributed.KilledWorker as error:
            raise WorkerLostError(f"{what}: its workers were lost again and again") from error
        except (OSError, distributed.CancelledError, distributed.comm.CommClosedError) as error:
            _log.warning("pages.cluster_lost", kind=type(error).__name__)
            self._forget()
            if self._is_closed:
                raise PoolClosedError(f"{what}: the page pool was closed") from error
            raise ClusterError(f"{what}: the connection to the cluster is lost") from error


@dataclass(frozen=True)
class _Ask:
    """Asks the cluster for what is to be done with one piece of data."""

    client: Any
    terms: Terms
    key: int
    data: Any
    lane: Lane

    def __call__(self, task: Task, what: str) -> Any:
        from pipeline.pages.remote import do  # noqa: PLC0415  Dask is an optional extra

        return self.client.submit(
            do,
            self.terms.name,
            task,
            self.key,
            self.data,
            what,
            key=f"zishen-{uuid.uuid4().hex}",
            pure=False,
            priority=_LAST if math.isinf(self.lane.hour) else -self.lane.hour,
            resources=self.terms.resources or None,
        )


def _connect(scheduler: str, terms: Terms, patience: float) -> Any:
    """Return a client of a cluster whose workers hold a model each.

    Raises:
        ClusterError: no scheduler answers, or it has no worker.
        ConfigError: a worker has not what it takes; it says what.
    """
    distributed = _distributed()
    from pipeline.pages.remote import Model  # noqa: PLC0415  Dask is an optional extra

    try:
        client = distributed.Client(scheduler, timeout=patience, set_as_default=False)
    except OSError as error:
        raise ClusterError(f"no Dask scheduler answers at {scheduler}") from error
    try:
        client.wait_for_workers(1, timeout=patience)
        client.register_plugin(Model(terms))
    except (TimeoutError, distributed.TimeoutError) as error:
        client.close(timeout=0)
        raise ClusterError(f"the cluster at {scheduler} has no worker") from error
    except BaseException:
        client.close(timeout=0)
        raise
    _log.info("pages.cluster_joined", workers=len(client.nthreads()))
    return client


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415  half a second, and an optional extra
    except ImportError as error:
        raise DaskMissingError("install zishen[dask]") from error
    return distributed
