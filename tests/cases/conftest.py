"""A desk on a fresh folder, with papers that need no reading and a clock that is set."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline import wiring
from pipeline.cases.calendar import CHINA
from pipeline.cases.desk import Desk, NewApplication
from pipeline.cases.reviewer import Reviewer, review_with
from pipeline.database.connection import connect
from pipeline.ports import Application
from pipeline.stages.services import Services
from tests.builders import field, licence
from tests.cli.papers import COMPLETE, FOUND, PaperReader, make_services

SUPPLEMENT = COMPLETE[:-1]
MANUAL = ("licence-of-nothing", "balance", "income", "cash")
FOUND.setdefault("licence-of-nothing", lambda: licence(registered_capital=field(Decimal(-1))))


@dataclass
class Clock:
    """A clock that is set. It begins on a Thursday."""

    at: datetime = datetime(2026, 10, 15, 12, tzinfo=CHINA)

    def now(self) -> datetime:
        return self.at

    def on(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make empty tables once: each process that is killed begins on a copy of them."""
    file = tmp_path_factory.mktemp("tables") / "zishen.db"
    connect(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture
def data(tmp_path: Path, tables: Path) -> Path:
    """A data folder on which no process has worked yet."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(tables, folder)
    return folder


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    services = replace(make_services(tmp_path / "data", PaperReader()), clock=clock)
    yield services
    services.close()


def desk_of(services: Services) -> Desk:
    return wiring.desk(services)


@pytest.fixture
def desk(services: Services) -> Desk:
    return desk_of(services)


Submit = Callable[[Sequence[str]], str]


@pytest.fixture
def submit(desk: Desk, tmp_path: Path) -> Submit:
    """Open an application, hand papers in and submit them."""

    def submit(papers: Sequence[str], application: str | None = None) -> str:
        if application is None:
            application = desk.open("bank-app", NewApplication(), None).id
        hand_in(desk, application, papers, tmp_path)
        desk.submit(application)
        return application

    return submit


def hand_in(desk: Desk, application: str, papers: Sequence[str], folder: Path) -> None:
    paths = [folder / f"{paper}.pdf" for paper in papers]
    for paper, path in zip(papers, paths, strict=True):
        path.write_text(f"%PDF-{paper} ")
    desk.add(get(desk, application), paths)


def get(desk: Desk, application: str) -> Application:
    found = desk.applications.get(application)
    assert found is not None
    return found


@pytest.fixture
def reviewer(desk: Desk) -> Reviewer:
    return Reviewer(desk, review_with(desk.services))
