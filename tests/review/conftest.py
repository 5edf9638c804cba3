"""The review page on a fresh folder, over sample papers that were read once and are replayed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from pipeline import wiring
from pipeline.cases.desk import Desk, NewApplication
from pipeline.cases.people import FrontDoor
from pipeline.cases.reviewer import Reviewer, review_with
from pipeline.ports import Application, Person, Role
from pipeline.server import compose
from pipeline.stages.services import Services
from schemas.documents import SourceFile
from schemas.fields import FieldState
from schemas.licence import BusinessLicence
from schemas.records import Reading
from schemas.statements import Context, Statement
from tests.builders import amended
from tests.cli.papers import make_services

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_docs" / "03-haichuan-trade"
LICENCE = SAMPLE / "business-licence.jpg"
STATEMENTS = SAMPLE / "statements-2026-09-scan.pdf"
READINGS = Path(__file__).parent / "readings"
PASSWORD = "correct horse battery"  # noqa: S105  of accounts that live for one test


@dataclass
class Clock:
    """A clock that is set."""

    at: datetime = datetime(2026, 10, 15, 12, tzinfo=timezone(timedelta(hours=8)))

    def now(self) -> datetime:
        return self.at


@dataclass
class SampleReader:
    """Repeats what was read on the samples, with a value in doubt and a total misread."""

    doubtful: bool = True
    fingerprint: str = "samples/1"
    reads: list[str] = field(default_factory=list)

    def read(self, data: bytes, source: SourceFile) -> Reading:
        self.reads.append(source.sha256)
        kept = (READINGS / f"{source.sha256}.json").read_text(encoding="utf-8")
        reading = Reading.model_validate_json(kept).model_copy(update={"source": source})
        if not self.doubtful:
            return reading
        documents = tuple(spoiled(document) for document in reading.documents)
        return reading.model_copy(update={"documents": documents})


def spoiled(document: Any) -> Any:
    """Put the legal representative in doubt, and misread the cash of the balance sheet."""
    if isinstance(document, BusinessLicence):
        doubt = document.legal_representative.model_copy(
            update={"accepted": False, "confidence": 0.61}
        )
        return document.model_copy(update={"legal_representative": doubt})
    if isinstance(document, Statement) and document.kind.value == "balance_sheet":
        return amended(document, "cash_and_bank_balances", Context.END, misread)
    return document


def misread(old: Any) -> Any:
    assert old.value is not None
    return old.model_copy(
        update={
            "value": old.value + Decimal(9000),
            "raw": f"{old.value + 9000:,.2f}",
            "accepted": False,
            "confidence": 0.7,
            "state": FieldState.PRESENT,
        }
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader() -> SampleReader:
    return SampleReader()


@pytest.fixture
def services(tmp_path: Path, reader: SampleReader, clock: Clock) -> Iterator[Services]:
    services = make_services(tmp_path / "data", reader)  # type: ignore[arg-type]
    services = replace(services, clock=clock)
    yield services
    services.close()


@pytest.fixture
def desk(services: Services) -> Desk:
    return wiring.desk(services)


@pytest.fixture
def door(services: Services, clock: Clock) -> FrontDoor:
    """Let people in, with a hash that costs nothing."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    door = wiring.front_door(services.database, services.settings)
    return replace(door, clock=clock, _hasher=quick)


@pytest.fixture
def app(desk: Desk, door: FrontDoor, services: Services) -> FastAPI:
    return compose(desk, review_with(services), door)


@dataclass
class Browser:
    """Somebody signed in, with the token that changes want."""

    client: TestClient
    csrf: str = ""

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(f"/review{path}", follow_redirects=False, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        said = {"csrf": self.csrf, **(data or {})}
        return self.client.post(f"/review{path}", data=said, follow_redirects=False, **more)

    def sign_in(self, login: str, password: str = PASSWORD) -> Any:
        token = found(r'name="csrf" value="([^"]+)"', self.get("/login").text)
        told = self.post("/login", {"login": login, "password": password, "csrf": token})
        if told.status_code == 303:
            page = self.client.get("/review/").text
            self.csrf = found(r'name="csrf" value="([^"]+)"', page)
        return told


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


Enrol = Callable[..., Person]
SignIn = Callable[..., Browser]


@pytest.fixture
def enrol(door: FrontDoor) -> Enrol:
    def enrolled(login: str, *roles: Role, branches: tuple[str, ...] = ("",)) -> Person:
        return door.enrol(login, PASSWORD, roles, branches)

    return enrolled


@pytest.fixture
def sign_in(app: FastAPI, enrol: Enrol) -> SignIn:
    """Make an account with roles and sign in to it."""

    def signed_in(login: str, *roles: Role, branches: tuple[str, ...] = ("",)) -> Browser:
        enrol(login, *roles, branches=branches)
        browser = Browser(TestClient(app, raise_server_exceptions=True))
        assert browser.sign_in(login).status_code == 303
        return browser

    return signed_in


OpenCase = Callable[..., Application]


@pytest.fixture
def open_case(desk: Desk, services: Services) -> OpenCase:
    """Hand in sample papers and let the machine review them."""

    def opened(*papers: Path, branch: str = "", reference: str = "LN-2026-0042") -> Application:
        new = NewApplication(product="sme_small", reference=reference)
        application = desk.open("@counter", new, None, branch=branch)
        desk.add(application, papers or (LICENCE, STATEMENTS))
        desk.submit(application.id)
        reviewer = Reviewer(desk, review_with(services))
        assert reviewer.step()
        kept = desk.applications.get(application.id)
        assert kept is not None
        return kept

    return opened
