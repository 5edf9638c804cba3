"""Who may call the API, and who did what."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from pydantic import AwareDatetime

from schemas.base import Model


class Scope(StrEnum):
    """What a key is good for."""

    READ = "read"
    """To see applications, records, reports and events."""
    PERSONAL = "personal"
    """To see in them who people are, and pictures of papers; without it they are masked."""
    WRITE = "write"
    """To open applications and batches, hand papers in, submit, cancel and withdraw."""
    WEBHOOKS = "webhooks"
    """To register webhooks and look after them."""


class ApiKey(Model):
    """A key of a portal. The key itself is not kept, only its hash.

    With a `branch` it sees the applications of that branch alone, else all of its owner.
    """

    id: str
    owner: str
    digest: str
    made_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
    branch: str = ""
    scopes: frozenset[Scope] = frozenset(Scope)


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


ERASE: Final = "erase"
"""The action of an entry that explains why the records of its subject, a package, are gone."""


class Access(Model):
    """A call that read or changed an application: who, what, when. No personal data.

    `subject` is the part of it that was acted on (a package, a file by its sha256), and `reason`
    why, where the action alone does not say.
    """

    at: AwareDatetime
    owner: str
    key_id: str
    action: str
    application_id: str
    allowed: bool
    subject: str | None = None
    reason: str | None = None


class AuditTrail(Protocol):
    """What was done by whom. Entries are only ever added."""

    def add(self, access: Access) -> None:
        """Keep an entry."""
        ...

    def listed(self, application_id: str) -> Sequence[Access]:
        """Return what was done with an application, the oldest first."""
        ...
