"""What `zishen up` keeps running on a machine, and with which settings each part of it."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pipeline import dispatch
from pipeline.machine.supervise import Part
from pipeline.observe.shared import VARIABLE
from pipeline.settings import Settings

_LOCAL: Final = "127.0.0.1"


class Kind(StrEnum):
    """The parts of a deployment, in the order in which they are started."""

    SERVER = "server"
    """The Prefect server and its dashboard."""
    SCHEDULER = "scheduler"
    """The Dask scheduler, which hands pages out."""
    PAGES = "pages"
    """Dask workers, with a model each."""
    API = "api"
    """The REST API and the review page."""
    WORKER = "worker"
    """The Prefect worker, which starts a process for each flow run."""


@dataclass(frozen=True)
class Plan:
    """Where the parts are: addresses of this machine, or those that the settings name."""

    settings: Settings
    host: str = _LOCAL
    port: int = 8000
    prefect_port: int = 4200
    dask_port: int = 8786

    @property
    def prefect_url(self) -> str:
        """The Prefect API that the others use."""
        return self.settings.prefect.api_url or f"http://{_LOCAL}:{self.prefect_port}/api"

    @property
    def scheduler(self) -> str | None:
        """The Dask scheduler that the others use; None where each process reads for itself."""
        if self.settings.dask.scheduler is not None:
            return self.settings.dask.scheduler
        return f"tcp://{_LOCAL}:{self.dask_port}" if self.settings.ocr.workers > 0 else None

    def usual(self) -> tuple[Kind, ...]:
        """Return what a machine runs that is told nothing: all that is not said to be elsewhere."""
        left = set(Kind)
        if self.settings.prefect.api_url is not None:
            left.discard(Kind.SERVER)
        if self.scheduler is None or self.settings.dask.scheduler is not None:
            left.discard(Kind.SCHEDULER)
        if self.settings.ocr.workers == 0:
            left.discard(Kind.PAGES)
        return tuple(kind for kind in Kind if kind in left)

    def parts(self, kinds: tuple[Kind, ...], metrics: Path) -> list[Part]:
        """Return what is to be kept running for the kinds that are asked for."""
        make: dict[Kind, Callable[[], list[tuple[str, tuple[str, ...]]]]] = {
            Kind.SERVER: self._server,
            Kind.SCHEDULER: self._scheduler,
            Kind.PAGES: self._pages,
            Kind.API: self._api,
            Kind.WORKER: self._worker,
        }
        environment = self._environment(metrics)
        return [
            Part(
                name,
                (sys.executable, "-m", *command),
                environment,
                self._log(name),
                (lambda: True) if kind in {Kind.SERVER, Kind.SCHEDULER} else self._is_up,
            )
            for kind in Kind
            if kind in kinds
            for name, command in make[kind]()
        ]

    def _server(self) -> list[tuple[str, tuple[str, ...]]]:
        where = ("--host", self.host, "--port", str(self.prefect_port))
        return [("prefect-server", ("prefect", "server", "start", *where))]

    def _scheduler(self) -> list[tuple[str, tuple[str, ...]]]:
        where = ("--host", self.host, "--port", str(self.dask_port), "--no-dashboard")
        return [("dask-scheduler", ("distributed.cli.dask_scheduler", *where))]

    def _pages(self) -> list[tuple[str, tuple[str, ...]]]:
        place = ("--local-directory", str(self.settings.data_dir / "dask"))
        shape = (
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--memory-limit",
            "0",
            "--death-timeout",
            "30",
        )
        gpu = ("--resources", "GPU=1") if self.settings.ocr.device != "cpu" else ()
        command = ("distributed.cli.dask_worker", self.scheduler or "", *shape, *place, *gpu)
        count = max(1, self.settings.ocr.workers)
        return [(f"pages-{number}", command) for number in range(1, count + 1)]

    def _api(self) -> list[tuple[str, tuple[str, ...]]]:
        return [("api", ("pipeline.cli", "serve", "--host", self.host, "--port", str(self.port)))]

    def _worker(self) -> list[tuple[str, tuple[str, ...]]]:
        return [("prefect-worker", ("flows.worker",))]

    def _is_up(self) -> bool:
        return dispatch.answers(self.prefect_url, limit=1)

    def _log(self, name: str) -> Path | None:
        if self.settings.log.to == "stderr":
            return None
        return self.settings.data_dir / "logs" / f"{name}.log"

    def _environment(self, metrics: Path) -> Mapping[str, str]:
        found = {
            "ZISHEN_PREFECT__API_URL": self.prefect_url,
            "PREFECT_API_URL": self.prefect_url,
            "PREFECT_UI_API_URL": self.prefect_url,
            VARIABLE: str(metrics),
        }
        if self.scheduler is not None:
            found["ZISHEN_DASK__SCHEDULER"] = self.scheduler
        return dispatch.prefect_environment(self.settings) | found
