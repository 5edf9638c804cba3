"""What the stages need of the world, each as small as it can be."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pydantic import AwareDatetime

from extractors.seen import Sees
from schemas.base import Model
from schemas.decisions import Outcome
from schemas.documents import Package, RefusedFile, SourceFile
from schemas.errors import ConfigError
from schemas.records import Reading, Record


class UnknownPackageError(ConfigError):
    """A package is asked for that was never taken in."""

    code = "config.unknown_package"

    def __init__(self, package_id: str) -> None:
        """Say which."""
        super().__init__(f"there is no package {package_id}")
        self.package_id = package_id


class Objects(Protocol):
    """Bytes under keys: what a folder and an S3 bucket have in common.

    A write is complete or has not happened. Every method raises StorageError when the world
    fails.
    """

    def read(self, key: str) -> bytes | None:
        """Return the bytes under a key, None when there are none."""
        ...

    def write(self, key: str, data: bytes) -> None:
        """Put bytes under a key, in place of what was there."""
        ...

    def write_file(self, key: str, path: Path) -> None:
        """Put a file under a key without holding it in memory."""
        ...

    def has(self, key: str) -> bool:
        """Return whether there is something under a key."""
        ...


class BlobStore(Protocol):
    """Originals, known by the sha256 of their content."""

    def put(self, data: bytes) -> str:
        """Keep bytes and return their sha256."""
        ...

    def put_file(self, path: Path) -> str:
        """Keep a file that is too large for memory and return its sha256."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes, which are what the hash says.

        Raises:
            StorageError: they are missing, damaged or out of reach.
        """
        ...

    def has(self, sha256: str) -> bool:
        """Return whether they are kept."""
        ...


class Readings(Protocol):
    """What was read already. Anything in here can be lost and read again."""

    def get(self, key: str) -> Reading | None:
        """Return what was put under a key, None when it is missing or not as it was put."""
        ...

    def put(self, key: str, reading: Reading) -> None:
        """Keep a reading."""
        ...


class Repository(Protocol):
    """Packages and their records. Nothing in it is ever changed or removed."""

    def add_package(self, package: Package) -> Package:
        """Keep a package and return what is kept: the first one with that id."""
        ...

    def package(self, package_id: str) -> Package:
        """Return a package as it was taken in.

        Raises:
            UnknownPackageError: there is none.
        """
        ...

    def packages(self) -> Sequence[Package]:
        """Return every package, in the order of arrival."""
        ...

    def add_record(self, record: Record) -> Record:
        """Keep a record as the next revision, whatever number it comes with.

        A record that says the same as the latest one is not kept again: the latest is returned.

        Raises:
            UnknownPackageError: its package was never taken in.
        """
        ...

    def record(self, package_id: str, revision: int | None = None) -> Record | None:
        """Return a revision, the latest unless told, None when there is none."""
        ...

    def records(self, package_id: str) -> Sequence[Record]:
        """Return every revision, the oldest first."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class State(StrEnum):
    """How far an application is."""

    DRAFT = "draft"
    """Papers are being handed in; nothing was submitted yet."""
    SUBMITTED = "submitted"
    """It waits for its review."""
    REVIEWING = "reviewing"
    """Its papers are being read."""
    DELAYED = "delayed"
    """Something around the review failed; it is tried again by itself."""
    DECIDED = "decided"
    """There is a record."""
    FAILED = "failed"
    """The review failed for a reason that trying again does not mend."""
    WITHDRAWN = "withdrawn"
    """The sender took it back; nothing more happens to it."""


class Step(StrEnum):
    """What happened to an application."""

    OPENED = "opened"
    PAPERS_ADDED = "papers_added"
    PAPER_TAKEN_BACK = "paper_taken_back"
    SUBMITTED = "submitted"
    REVIEWING = "reviewing"
    DELAYED = "delayed"
    DECIDED = "decided"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Application(Model):
    """What stays the same for a sender while the papers change, and where it stands now.

    Each submission makes a package of the papers that are there; `package_id` is the latest.
    `sequence` counts the events and lets two who act at once notice each other.
    """

    id: str
    owner: str
    reference: str | None
    product: str
    applied_on: date
    made_at: AwareDatetime
    papers: tuple[SourceFile | RefusedFile, ...] = ()
    state: State = State.DRAFT
    sequence: int = 1
    package_id: str | None = None
    attempts: int = 0
    due_at: AwareDatetime | None = None


class Event(Model):
    """One thing that happened to an application. It holds no personal data."""

    step: Step
    at: AwareDatetime
    package_id: str | None = None
    revision: int | None = None
    outcome: Outcome | None = None
    code: str | None = None


class Decided(Model):
    """A decision in the order in which decisions were taken; `cursor` is its place."""

    cursor: int
    application: Application
    event: Event


class Applications(Protocol):
    """Applications and what happened to them. An event is only ever added."""

    def open(self, application: Application, idempotency_key: str | None) -> Application:
        """Keep an application and return what is kept: the first of its owner with that key."""
        ...

    def get(self, application_id: str) -> Application | None:
        """Return an application as it stands, None when there is none."""
        ...

    def advance(self, after: Application, event: Event) -> bool:
        """Keep an application as it stands after an event, and the event.

        Returns whether that was done: not when somebody else has advanced it in the meantime.
        """
        ...

    def events(self, application_id: str) -> Sequence[Event]:
        """Return what happened, the oldest first."""
        ...

    def due(self, now: datetime) -> Application | None:
        """Return the application whose review has waited longest, None when none is due."""
        ...

    def listed(
        self, owner: str, *, after: int, limit: int, reference: str | None = None
    ) -> Sequence[tuple[int, Application]]:
        """Return applications of an owner with their cursors, in the order of arrival."""
        ...

    def decided(self, owner: str, *, after: int, limit: int) -> Sequence[Decided]:
        """Return decisions on applications of an owner, in the order they were taken."""
        ...


class ApiKey(Model):
    """A key of a portal. The key itself is not kept, only its hash."""

    id: str
    owner: str
    digest: str
    made_at: AwareDatetime
    revoked_at: AwareDatetime | None = None


class ApiKeys(Protocol):
    """Who may call the API."""

    def add(self, key: ApiKey) -> None:
        """Keep a key."""
        ...

    def get(self, key_id: str) -> ApiKey | None:
        """Return a key, revoked or not, None when there is none."""
        ...

    def listed(self) -> Sequence[ApiKey]:
        """Return every key, the oldest first."""
        ...

    def revoke(self, key_id: str, at: datetime) -> None:
        """Let a key be of no use from now on; a second time changes nothing."""
        ...


class Access(Model):
    """A call that read or changed an application: who, what, when. No personal data."""

    at: AwareDatetime
    owner: str
    key_id: str
    action: str
    application_id: str
    allowed: bool


class AuditTrail(Protocol):
    """What was done by whom. Entries are only ever added."""

    def add(self, access: Access) -> None:
        """Keep an entry."""
        ...

    def listed(self, application_id: str) -> Sequence[Access]:
        """Return what was done with an application, the oldest first."""
        ...


class Clock(Protocol):
    """The time, as an argument."""

    def now(self) -> datetime:
        """Return the time, with its zone."""
        ...


class PagePool(Sees, Protocol):
    """Sees pages of uploads in other processes, those of many documents side by side.

    Pages come in the order asked for; no more than a few are read ahead. A page whose reading
    ends its process is tried once more, and then is an error of its own document alone.
    """

    def close(self) -> None:
        """End every process; whoever waits for a page is told."""
        ...


class Reader(Protocol):
    """Reads one file."""

    @property
    def fingerprint(self) -> str:
        """The same string means the same reading for the same bytes."""
        ...

    def read(self, data: bytes, source: SourceFile) -> Reading:
        """Return everything that the file yields.

        Raises:
            DocumentError: the file cannot be read at all.
        """
        ...
