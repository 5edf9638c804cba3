"""`zishen` with a reader that does not come to an end, for the test that interrupts it."""

import sys
import time
from pathlib import Path

from pipeline import wiring
from pipeline.cli import main
from pipeline.settings import load_settings
from schemas.documents import SourceFile
from schemas.records import Reading
from tests.cli.papers import PaperReader, make_services


class SlowReader(PaperReader):
    """Says that it began, and sleeps."""

    def __init__(self, sign: Path) -> None:
        super().__init__()
        self._sign = sign

    def read(self, data: bytes, source: SourceFile) -> Reading:
        self._sign.touch()
        time.sleep(600)
        return super().read(data, source)


if __name__ == "__main__":
    services = make_services(load_settings().data_dir, SlowReader(Path(sys.argv.pop(1))))
    wiring.services = lambda: services  # type: ignore[assignment]
    main()
