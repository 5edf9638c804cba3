"""One Prefect server for all tests of flows: it takes 14 s to start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import (
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_HOME,
    PREFECT_SERVER_ANALYTICS_ENABLED,
    temporary_settings,
)
from prefect.testing.utilities import prefect_test_harness

from flows import package
from pipeline import wiring
from pipeline.stages.services import Services
from tests.cli.papers import PaperReader, make_services


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    settings = {
        PREFECT_HOME: tmp_path_factory.mktemp("prefect"),
        PREFECT_SERVER_ANALYTICS_ENABLED: False,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # joining its thread takes 1 s a flow
    }
    with temporary_settings(settings), prefect_test_harness(server_startup_timeout=60):
        yield


@pytest.fixture
def reader() -> PaperReader:
    return PaperReader()


@pytest.fixture
def services(
    prefect: None, tmp_path: Path, reader: PaperReader, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    services = make_services(tmp_path / "data", reader)
    monkeypatch.setattr(wiring, "services", lambda: services)
    impatient = package.read_document.with_options(retry_delay_seconds=0)
    monkeypatch.setattr(package, "read_document", impatient)
    yield services
    services.close()
