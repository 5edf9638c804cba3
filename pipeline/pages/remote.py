"""What runs in a Dask worker: a plugin that keeps its page process, and the task that asks it.

A worker has one thread (`--nthreads 1`), so that one page is under way in it at a time; its page
process is that of the local pool, with the same limits and the same errors.
"""

from importlib.metadata import version
from typing import Any, Final

from distributed import Worker, WorkerPlugin, get_worker

from extractors.ocr import paddle
from pipeline.pages.cluster import Terms
from pipeline.pages.crew import Crew
from pipeline.pages.errors import UnfitWorkerError
from pipeline.pages.lanes import Lane
from pipeline.pages.payload import Payload
from pipeline.pages.work import Task
from pipeline.settings import load_settings

_NAME: Final = "zishen-pages"


class Model(WorkerPlugin):
    """Keeps a page process in a worker, from when it joins to its end."""

    name = _NAME
    idempotent = True

    def __init__(self, terms: Terms) -> None:
        """Start nothing: this is still the client."""
        self.terms = terms

    def setup(self, worker: Worker) -> None:
        """Start the page process, load its model and try it.

        Raises:
            UnfitWorkerError: readings of this worker would not be those of the client.
            ConfigError: a model or the device is not to be had on this machine.
        """
        self._check(worker.state.nthreads)
        log = load_settings().data_dir / "logs" / "pages.log"
        self.crew = Crew(self.terms.make, self.terms.bounds, log)
        self.lane, self.key, self.payload = Lane(), 0, Payload.of(b"")
        self.crew.start()
        for fault in self.crew.faults:
            self.crew.close()
            raise fault

    def teardown(self, worker: Worker) -> None:
        """End the page process."""
        if "crew" in vars(self):
            self.crew.close()

    def do(self, task: Task, key: int, data: bytes, what: str) -> Any:
        """Have a task done by the page process; it gets the data of an upload once."""
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


def do(task: Task, key: int, data: bytes, what: str) -> Any:
    """Do a task in the worker that runs this."""
    model: Any = get_worker().plugins[_NAME]
    return model.do(task, key, data, what)
