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
    """How far an application is; `pipeline.cases.states` says what leads from one to another."""

    DRAFT = "draft"
    """Papers are being handed in; nothing was submitted yet."""
    SUBMITTED = "submitted"
    """It waits for its review."""
    REVIEWING = "reviewing"
    """Its papers are being read."""
    DELAYED = "delayed"
    """Something around the review failed; it is tried again by itself."""
    WAITING_APPLICANT = "waiting_applicant"
    """The review came to `supplement` 补件: the applicant owes papers."""
    WAITING_REVIEWER = "waiting_reviewer"
    """The review came to `manual` 转人工: a person has to decide."""
    DECIDED = "decided"
    """The review came to `pass` 通过初审, or a person has decided."""
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
    CANCELLED = "cancelled"
    """The submission was taken back; the papers stay."""
    REVIEWING = "reviewing"
    DELAYED = "delayed"
    DECIDED = "decided"
    """The review came to its outcome, whatever that asks for next."""
    CORRECTED = "corrected"
    """A person corrected what was read, and the rules judged it again."""
    APPROVED = "approved"
    """A person approved it."""
    REJECTED = "rejected"
    """A person rejected it."""
    AT_RISK = "at_risk"
    """Its deadline came near."""
    BREACHED = "breached"
    """Its deadline passed."""
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Ruling(StrEnum):
    """What a person decides; it is final."""

    APPROVED = "approved"
    REJECTED = "rejected"


class Application(Model):
    """What stays the same for a sender while the papers change, and where it stands now.

    Each submission makes a package of the papers that are there; `package_id` is the latest.
    `sequence` counts the events and lets two who act at once notice each other. What the events
    lead to (`state`, `ruling`, `deadline`) is repeated here to be searched for.
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
    deadline: AwareDatetime | None = None
    """By when it has to be decided; none while nothing is counted."""
    ruling: Ruling | None = None
    """What a person decided."""
    branch: str = ""
    """The branch of the bank whose people see it; empty for those of no branch."""


class Event(Model):
    """One thing that happened to an application. It holds no personal data."""

    step: Step
    at: AwareDatetime
    package_id: str | None = None
    revision: int | None = None
    outcome: Outcome | None = None
    code: str | None = None
    """The error behind a delay or a failure, or the reason of a person."""
    by: str | None = None
    """Who did it, where it was a person: an id, never a name."""
    pages: int | None = None
    """How many pages a review read, for the rate at which they are read."""


class Lease(Model):
    """Who reviews an application, and until when nobody else does."""

    holder: str
    until: AwareDatetime


class Decided(Model):
    """A decision in the order in which decisions were taken; `cursor` is its place."""

    cursor: int
    application: Application
    event: Event


class Happened(Model):
    """An event in the order of all events: `cursor` is its place in it, `sequence` in its own."""

    cursor: int
    sequence: int
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

    def advance(self, after: Application, event: Event, lease: Lease | None = None) -> bool:
        """Keep an application as it stands after an event, and the event.

        Whoever begins a review takes a lease with it; it ends with the state `reviewing`.

        Returns whether that was done: not when somebody else has advanced it in the meantime.
        """
        ...

    def restate(self, application: Application) -> bool:
        """Keep an application otherwise than it is, where its row is not what its events led to.

        Returns whether that was done: not when somebody has advanced it in the meantime.
        """
        ...

    def renew(self, application_id: str, lease: Lease) -> bool:
        """Prolong a lease and return whether it was still held."""
        ...

    def lease(self, application_id: str) -> Lease | None:
        """Return the lease of an application, expired or not, None when there is none."""
        ...

    def events(self, application_id: str) -> Sequence[Event]:
        """Return what happened, the oldest first."""
        ...

    def due(self, now: datetime) -> Application | None:
        """Return the application to review next, None when none is due.

        That is the one whose deadline is first, of those that nobody holds a lease on.
        """
        ...

    def open_(self) -> Sequence[Application]:
        """Return every application whose time is counted, the first deadline first."""
        ...

    def every(self) -> Sequence[Application]:
        """Return every application, in the order of arrival."""
        ...

    def reviews(self, limit: int) -> Sequence[tuple[Event, Event]]:
        """Return how the latest reviews began and ended, the latest first."""
        ...

    def listed(
        self,
        owner: str,
        *,
        after: int,
        limit: int,
        reference: str | None = None,
        branch: str = "",
    ) -> Sequence[tuple[int, Application]]:
        """Return applications of an owner with their cursors, in the order of arrival.

        With a branch, those of that branch alone; so do the two below.
        """
        ...

    def decided(self, owner: str, *, after: int, limit: int, branch: str = "") -> Sequence[Decided]:
        """Return decisions on applications of an owner, in the order they were taken."""
        ...

    def happened(
        self, owner: str, *, after: int, limit: int, branch: str = ""
    ) -> Sequence[Happened]:
        """Return what happened to applications of an owner, in that order."""
        ...
