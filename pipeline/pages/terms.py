"""What a worker of a cluster has to be."""

import hashlib
from dataclasses import dataclass, replace
from importlib.metadata import version

from extractors.ocr import paddle
from pipeline.pages.crew import Bounds
from pipeline.pages.messages import Make
from pipeline.pages.work import Installed


@dataclass(frozen=True)
class Terms:
    """What a worker has to be: otherwise its readings would not be those of this process."""

    make: Make
    device: str
    bounds: Bounds
    code: str
    models: str

    @classmethod
    def of(cls, device: str, bounds: Bounds) -> "Terms":
        """Return the terms of this process; a worker has one page process."""
        one = replace(bounds, workers=1)
        return cls(Installed(device), device, one, version("zishen"), paddle.fingerprint())

    @property
    def name(self) -> str:
        """The same for the same terms: clients that agree share the model of a worker."""
        return f"zishen-{hashlib.sha256(repr(self).encode()).hexdigest()[:16]}"

    @property
    def resources(self) -> dict[str, float]:
        """What a page takes of a worker; one for the GPU is started with `--resources GPU=1`."""
        return {"GPU": 1} if self.device.startswith("gpu") else {}
