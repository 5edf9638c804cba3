"""Addresses that are told what happens to applications, and what was told to them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import AwareDatetime

from pipeline.ports.applications import Application, Event, State, Step
from schemas.base import Model
from schemas.decisions import Outcome

PING = "ping"
"""The type of a message that only tries an address out."""


class Secret(Model):
    """A version of the secret that messages are signed with. The secret itself is not kept.

    `until` is set once another version has taken its place; until then both sign.
    """

    version: int
    until: AwareDatetime | None = None


class Webhook(Model):
    """An address of a portal; without `events` it is told of everything.

    With a `branch` it is told of the applications of that branch alone.
    """

    id: str
    owner: str
    branch: str = ""
    url: str
    events: tuple[Step, ...] = ()
    secrets: tuple[Secret, ...]
    made_at: AwareDatetime
    removed_at: AwareDatetime | None = None

    def wants(self, application: Application, step: Step) -> bool:
        """Return whether it is to be told of a step of an application of its owner."""
        if self.removed_at is not None or self.branch not in {"", application.branch}:
            return False
        return not self.events or step in self.events


class Subject(Model):
    """The application that a message is about, as it stood then."""

    id: str
    reference: str | None
    state: State


class Notice(Model):
    """A message: one event of an application. It holds no personal data."""

    id: str
    """Stays the same however often it is sent: by it a receiver knows what it has had."""
    type: str
    """`application.` and the step, or `ping`."""
    at: AwareDatetime
    application: Subject | None = None
    package_id: str | None = None
    revision: int | None = None
    outcome: Outcome | None = None
    code: str | None = None

    @classmethod
    def of(cls, after: Application, event: Event) -> "Notice":
        """Tell an event that has led to this."""
        return cls(
            id=f"{after.id}.{after.sequence}",
            type=f"application.{event.step}",
            at=event.at,
            application=Subject(id=after.id, reference=after.reference, state=after.state),
            package_id=event.package_id,
            revision=event.revision,
            outcome=event.outcome,
            code=event.code,
        )


class Trouble(StrEnum):
    """Why a message did not arrive."""

    ADDRESS = "address"
    """The name leads to an address that must not be called."""
    UNKNOWN_HOST = "unknown_host"
    CONNECTION = "connection"
    """Refused, broken off, or no valid certificate."""
    TIMEOUT = "timeout"
    STATUS = "status"
    """The answer was no success; a redirection counts as none."""


class Attempt(Model):
    """One time that a message was sent: the status of the answer, and why it does not count."""

    at: AwareDatetime
    status: int | None
    trouble: Trouble | None
    milliseconds: int


class Delivery(Model):
    """A message on its way to an address. `body` is what is signed and sent, to the byte.

    `due_at` is none once it has arrived or was given up; the latest attempt says which.
    """

    number: int
    webhook_id: str
    notice_id: str
    type: str
    body: str
    made_at: AwareDatetime
    due_at: AwareDatetime | None
    tried: int = 0
    """Attempts since it was made or asked for again."""
    attempts: tuple[Attempt, ...] = ()

    @property
    def has_arrived(self) -> bool:
        """Whether the latest attempt was a success."""
        return bool(self.attempts) and self.attempts[-1].trouble is None


class Webhooks(Protocol):
    """The addresses."""

    def add(self, webhook: Webhook, idempotency_key: str | None) -> Webhook:
        """Keep an address and return what is kept: the first of its owner with that key."""
        ...

    def get(self, webhook_id: str) -> Webhook | None:
        """Return an address, removed or not, None when there is none."""
        ...

    def listed(self, owner: str | None = None) -> Sequence[Webhook]:
        """Return the addresses that are not removed, those of one owner or all."""
        ...

    def keep(self, webhook: Webhook) -> None:
        """Keep an address as it is now; one that is removed gets nothing more."""
        ...


class Outbox(Protocol):
    """Messages. Each is kept in the transaction of its event, so that none is lost."""

    def put(self, webhook: Webhook, notice: Notice, due_at: datetime) -> None:
        """Keep a message that belongs to no event."""
        ...

    def due(
        self, now: datetime, limit: int, besides: Collection[str] = ()
    ) -> Sequence[tuple[Webhook, Delivery]]:
        """Return what is to be sent, the oldest first, but not to the addresses `besides`."""
        ...

    def claim(self, delivery: Delivery, until: datetime) -> bool:
        """Keep others from sending it for a while; return whether nobody else was faster."""
        ...

    def settle(self, delivery: Delivery) -> None:
        """Keep a message as it is after an attempt, or as it is asked for again."""
        ...

    def get(self, webhook_id: str, number: int) -> Delivery | None:
        """Return a message, None when there is none."""
        ...

    def listed(self, webhook_id: str, *, after: int, limit: int) -> Sequence[Delivery]:
        """Return the messages of an address in the order in which they were made."""
        ...
