"""What runs in a Dask worker: a plugin that keeps its page process, and the task that asks it.

A worker has one thread (`--nthreads 1`), so that one page is under way in it at a time; its page
process is that of the local pool, with the same limits and the same errors.
"""

from importlib.metadata import version
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from extractors.ocr import paddle
from pipeline.pages.crew import Crew
from pipeline.pages.errors import UnfitWorkerError
from pipeline.pages.lanes import Lane
from pipeline.pages.payload import Payload
from pipeline.pages.terms import Terms
from pipeline.pages.work import Task
from pipeline.settings import load_settings


class Model(WorkerPlugin):
    """Keeps a page process in a worker, from when it joins to its end."""

    idempotent = True
    """A worker that keeps one by these terms already goes on with it."""

    def __init__(self, terms: Terms) -> None:
        """Start nothing: this is still the client."""
        self.terms = terms
        self.name = terms.name
        self.fault: UnfitWorkerError | None = None

    def setup(self, worker: Worker) -> None:
        """Start the page process, load its model and try it.

        What is wrong is told to whoever sends a page: a worker that ends while it starts would
        tell nobody but its own log.
        """
        try:
            self._check(worker.state.nthreads)
        except UnfitWorkerError as error:
            self.fault = error
            return
        log = load_settings().data_dir / "logs" / "pages.log"
        self.crew = Crew(self.terms.make, self.terms.bounds, log)
        self.lane, self.key, self.payload = Lane(), 0, Payload.of(b"")
        self.crew.start()

    def teardown(self, worker: Worker) -> None:
        """End the page process."""
        if "crew" in vars(self):
            self.crew.close()

    def do(self, task: Task, key: int, data: bytes, what: str) -> Any:
        """Have a task done by the page process; it gets the data of an upload once.

        Raises:
            UnfitWorkerError: readings of this worker would not be those of the client.
            ConfigError: a model or the device is not to be had on this machine.
        """
        if self.fault is not None:
            raise self.fault
        if key != self.key:
            self.payload, self.key = Payload.of(data), key
        return self.crew.submit(self.lane, task, self.payload, what).result()

    def _check(self, threads: int) -> None:
        wanted = {
            "threads": (1, threads),
            "zishen": (self.terms.code, version("zishen")),
            "models": (self.terms.models, paddle.fingerprint()),
        }
        for what, (ours, theirs) in wanted.items():
            if ours != theirs:
                raise UnfitWorkerError(f"a Dask worker has {what} {theirs}, wanted is {ours}")


def do(name: str, task: Task, key: int, data: bytes, what: str) -> Any:
    """Do a task in the worker that runs this, by the model of that name."""
    model: Any = get_worker().plugins[name]
    return model.do(task, key, data, what)
