"""What the stages work with; `pipeline.wiring` fills it."""

from dataclasses import dataclass

from extractors.ocr.paddle import choose_device
from pipeline.policies import policies
from pipeline.ports import BlobStore, Clock, Reader, Readings, Repository
from pipeline.settings import Settings
from schemas.policy import PolicyTable


@dataclass(frozen=True)
class Services:
    """The world, as far as a review needs it."""

    settings: Settings
    blobs: BlobStore
    readings: Readings
    repository: Repository
    clock: Clock
    reader: Reader

    @property
    def device(self) -> str:
        """What recognition runs on: `cpu`, `gpu:0`, or `none` where recordings are repeated.

        Raises:
            DeviceError: it is not to be had.
        """
        ocr = self.settings.ocr
        return "none" if ocr.engine == "replay" else choose_device(ocr.device)

    @property
    def policies(self) -> PolicyTable:
        """The products of this installation.

        Raises:
            PolicyError: something is wrong with the bank's own file.
        """
        return policies(self.settings)

    def close(self) -> None:
        """Let go of connections."""
        self.repository.close()
