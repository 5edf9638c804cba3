"""The API on a fresh folder, with papers that need no reading."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline import access, wiring
from pipeline.api.app import create_app
from pipeline.cases.desk import Desk
from pipeline.cases.reviewer import Review, review_with
from pipeline.settings import Settings
from pipeline.stages.services import Services
from tests.cli.papers import PaperReader, make_services

COMPLETE = ("licence", "balance", "income", "cash")
REVIEWED = ("decided", "waiting_applicant", "waiting_reviewer")


@dataclass
class Clock:
    """A clock that is set."""

    at: datetime = datetime(2026, 10, 15, 12, tzinfo=timezone(timedelta(hours=8)))

    def now(self) -> datetime:
        return self.at


@dataclass
class Portal:
    """A client with a key of its own, and what it does all day."""

    client: TestClient
    key: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", **self.headers, **more.pop("headers", {})}
        return self.client.request(method, f"/v1{path}", headers=headers, **more)

    def open(self, **new: str) -> str:
        made = self.call("POST", "/applications", json=new)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def hand_in(self, application: str, *papers: str) -> Any:
        files = [("files", (f"{paper}.pdf", content(paper))) for paper in papers]
        return self.call("POST", f"/applications/{application}/files", files=files)

    def submit(self, application: str) -> Any:
        return self.call("POST", f"/applications/{application}/submit")

    def status(self, application: str) -> Any:
        return self.call("GET", f"/applications/{application}").json()

    def decided(self, application: str, *states: str) -> Any:
        """Wait for a state, the end of a review unless told."""
        until = monotonic() + 20
        while monotonic() < until:
            status = self.status(application)
            if status["state"] in (states or REVIEWED):
                return status
            sleep(0.02)
        raise AssertionError(status)


def content(paper: str) -> bytes:
    """Return a file that says what a reader would find in it."""
    return f"%PDF-{paper} ".encode()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader() -> PaperReader:
    return PaperReader()


@pytest.fixture
def services(tmp_path: Path, reader: PaperReader, clock: Clock) -> Iterator[Services]:
    services = replace(make_services(tmp_path / "data", reader), clock=clock)
    yield services
    services.close()


def limited(services: Services, **api: Any) -> Services:
    """Return services with other settings of the API."""
    settings: Settings = services.settings
    changed = settings.api.model_copy(update=api)
    return replace(services, settings=settings.model_copy(update={"api": changed}))


@pytest.fixture
def desk(services: Services) -> Desk:
    return wiring.desk(services)


Serve = Callable[..., AbstractContextManager[Portal]]


@pytest.fixture
def serve(desk: Desk) -> Serve:
    """Run a server of the API and be a portal of it."""

    @contextmanager
    def running(
        review: Review | None = None,
        owner: str = "bank-app",
        of: Desk | None = None,
        **api: Any,
    ) -> Any:
        house = of or desk
        served = replace(house, services=limited(house.services, **{"glance_seconds": 0, **api}))
        app = create_app(served, review or review_with(served.services))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Portal(client, key(desk, owner))

    return running


def key(desk: Desk, owner: str) -> str:
    text, kept = access.issue(owner, desk.services.clock.now())
    desk.keys.add(kept)
    return text


@pytest.fixture
def portal(serve: Serve) -> Iterator[Portal]:
    with serve() as portal:
        yield portal
