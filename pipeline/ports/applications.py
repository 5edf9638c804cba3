"""Applications and what happened to them."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from pydantic import AwareDatetime

from schemas.base import Model
from schemas.decisions import Outcome
from schemas.documents import RefusedFile, SourceFile


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
