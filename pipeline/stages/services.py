"""What the stages work with; `pipeline.wiring` fills it."""

from dataclasses import dataclass

from sqlalchemy import Engine

from extractors.ocr.paddle import choose_device
from pipeline.policies import policies
from pipeline.ports import BlobStore, Clock, PagePool, Reader, Readings, Repository
from pipeline.ports.scanning import Scanner
from pipeline.settings import Settings
from schemas.policy import PolicyTable


@dataclass(frozen=True)
class Services:
    """The world, as far as a review needs it."""

    settings: Settings
    blobs: BlobStore
    readings: Readings
    repository: Repository
    database: Engine
    clock: Clock
    reader: Reader
    pool: PagePool | None = None
    scanner: Scanner | None = None

    @property
    def documents_at_once(self) -> int:
        """Documents of a package to be read at once: several where others read their pages."""
        return self.settings.ocr.documents if self._has_workers else 1

    @property
    def packages_at_once(self) -> int:
        """Packages of a batch to be reviewed at once, likewise."""
        return self.settings.prefect.packages if self._has_workers else 1

    @property
    def _has_workers(self) -> bool:
        return self.settings.ocr.workers > 0 or self.settings.dask.scheduler is not None

    @property
    def device(self) -> str:
        """What recognition runs on: `cpu`, `gpu:0`, `none` for recordings, `cluster` for Dask.

        Raises:
            DeviceError: it is not to be had.
        """
        ocr = self.settings.ocr
        if self.settings.dask.scheduler is not None:
            return "cluster"
        return "none" if ocr.engine == "replay" else choose_device(ocr.device)

    @property
    def policies(self) -> PolicyTable:
        """The products of this installation.

        Raises:
            PolicyError: something is wrong with the bank's own file.
        """
        return policies(self.settings)

    def close(self) -> None:
        """End the page pool, then let go of connections."""
        if self.pool is not None:
            self.pool.close()
        self.database.dispose()
