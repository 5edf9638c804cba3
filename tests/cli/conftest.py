"""The command line on a fresh folder, with papers that need no reading and without Prefect."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline import dispatch, wiring
from pipeline.cli import main
from pipeline.settings import Settings
from pipeline.stages.services import Services
from tests.cli.papers import InProcess, PaperReader, make_services


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


Zishen = Callable[..., Said]


@pytest.fixture
def reader() -> PaperReader:
    return PaperReader()


@pytest.fixture
def services(tmp_path: Path, reader: PaperReader) -> Iterator[Services]:
    services = make_services(tmp_path / "data", reader)
    yield services
    services.close()


@pytest.fixture
def zishen(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], services: Services
) -> Zishen:
    """Run a command as the console script does."""

    @contextmanager
    def in_process(_settings: Settings) -> Iterator[InProcess]:
        yield InProcess(services)

    monkeypatch.setattr(wiring, "services", lambda: services)
    monkeypatch.setattr(dispatch, "opened", in_process)
    monkeypatch.setenv("ZISHEN_DATA_DIR", str(services.settings.data_dir))
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: object) -> Said:
        monkeypatch.setattr("sys.argv", ["zishen", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfd.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run
