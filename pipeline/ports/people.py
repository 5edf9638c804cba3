"""People who sign in to the review page, and their sessions."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from pydantic import AwareDatetime

from schemas.base import Model

EVERY_BRANCH: Final = "*"
"""Stands for all branches among those of a person."""


class Role(StrEnum):
    """What a person may do; several may be given to one person."""

    SUBMITTER = "submitter"
    """Hands in papers (进件) and follows them."""
    REVIEWER = "reviewer"
    """Works the queue and corrects what was read (经办)."""
    CHECKER = "checker"
    """Approves or rejects what somebody else worked on (复核)."""
    AUDITOR = "auditor"
    """Sees everything of a case and changes nothing (审计)."""
    ADMIN = "admin"
    """Sees who has an account and ends one; sees no case."""


class Person(Model):
    """Somebody with an account; in records and events only `id` is named.

    `digest` is the Argon2 hash of the password; empty where `issuer`, an identity provider, says
    who somebody is.
    """

    id: str
    login: str
    roles: frozenset[Role]
    branches: frozenset[str] = frozenset({""})
    digest: str
    made_at: AwareDatetime
    disabled_at: AwareDatetime | None = None
    issuer: str | None = None

    def has(self, *roles: Role) -> bool:
        """Return whether a person has one of the roles."""
        return not self.roles.isdisjoint(roles)

    def is_of(self, branch: str) -> bool:
        """Return whether what belongs to a branch is any of this person's business."""
        return branch in self.branches or EVERY_BRANCH in self.branches


class Session(Model):
    """Somebody signed in. The token itself is not kept, only its hash.

    `csrf` has to come with everything that changes something.
    """

    digest: str
    person_id: str
    csrf: str
    made_at: AwareDatetime
    seen_at: AwareDatetime


class SigningIn(Model):
    """Somebody who was sent to the identity provider and has not come back yet.

    The state that they come back with is not kept, only its hash. `page` is where they wanted to.
    """

    digest: str
    nonce: str
    verifier: str
    page: str
    made_at: AwareDatetime


class Failures(NamedTuple):
    """How many attempts to sign in have failed, and when the latest did."""

    number: int
    latest: datetime | None


class People(Protocol):
    """Accounts, known by id and by login."""

    def add(self, person: Person) -> bool:
        """Keep a new account and return whether that was done: not where the login is taken."""
        ...

    def change(self, person: Person) -> None:
        """Keep an account as it is now."""
        ...

    def get(self, person_id: str) -> Person | None:
        """Return an account, disabled or not, None when there is none."""
        ...

    def by_login(self, login: str) -> Person | None:
        """Return an account, disabled or not, None when there is none."""
        ...

    def listed(self) -> Sequence[Person]:
        """Return every account, the oldest first."""
        ...


class Sessions(Protocol):
    """Who is signed in, and which attempts to sign in failed."""

    def add(self, session: Session) -> None:
        """Keep a session."""
        ...

    def get(self, digest: str) -> Session | None:
        """Return a session, expired or not, None when there is none."""
        ...

    def seen(self, digest: str, at: datetime) -> None:
        """Note that a session is in use."""
        ...

    def end(self, digest: str) -> None:
        """Forget a session."""
        ...

    def end_all(self, person_id: str) -> None:
        """Forget every session of a person."""
        ...

    def failed(self, digest: str, at: datetime) -> None:
        """Note a failed attempt to sign in; of who made it only a hash is kept."""
        ...

    def failures(self, digest: str, since: datetime) -> Failures:
        """Return how many attempts have failed since then."""
        ...

    def forgive(self, digest: str) -> None:
        """Forget the attempts that failed."""
        ...

    def expect(self, signing_in: SigningIn) -> None:
        """Keep who was sent to the identity provider."""
        ...

    def expected(self, digest: str) -> SigningIn | None:
        """Return who was sent there, once: None the second time, and where nobody was."""
        ...

    def sweep(self, before: datetime) -> None:
        """Forget sessions not used, and attempts made or begun, since then."""
        ...
