"""Accounts and sessions: who somebody is, and until when that is believed.

A password is kept as an Argon2id hash, a session token as its SHA-256. Somebody who guesses is
made to wait, longer each time, by the count of failures in the database, so that no restart and no
second server begins it anew. It is the guesser who waits and not the account: failures are counted
by login and address together and by address alone, so that nobody is locked out by a stranger.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.cases.refused import Refused
from pipeline.ports import Clock, People, Person, Role, Session, Sessions
from pipeline.settings import ReviewSettings

LEAST_CHARACTERS: Final = 12
"""Of a password; longer is better than stranger."""
_MOST_CHARACTERS: Final = 256
_WINDOW: Final = timedelta(hours=1)
"""How long a failure is remembered."""
_SEEN_EVERY: Final = timedelta(seconds=30)
"""How exact the time of the last click is kept, so that not every click writes."""


class _Patience(NamedTuple):
    """How many failures cost nothing, how long the next one does, and how long one at most."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, count: int) -> timedelta:
        """Return how long to wait after so many failures; each doubles it."""
        if count < self.free:
            return timedelta()
        return min(self.first * (1 << min(count - self.free, 16)), self.longest)


_OF_LOGIN: Final = _Patience(5, timedelta(seconds=30), timedelta(minutes=15))
"""For one login from one address."""
_OF_ADDRESS: Final = _Patience(20, timedelta(seconds=2), timedelta(minutes=1))
"""For an address, which a whole branch may share."""


class Identity(NamedTuple):
    """Who somebody is, and what they may do, as an identity provider says."""

    issuer: str
    subject: str
    login: str
    roles: frozenset[Role]
    branches: frozenset[str]


@dataclass(frozen=True)
class SignedIn:
    """A person and the session that says so."""

    person: Person
    session: Session


@dataclass(frozen=True)
class FrontDoor:
    """Lets people in and out."""

    people: People
    sessions: Sessions
    clock: Clock
    settings: ReviewSettings
    _hasher: PasswordHasher = field(default_factory=PasswordHasher)

    def enrol(
        self, login: str, password: str, roles: Iterable[Role], branches: Iterable[str]
    ) -> Person:
        """Make an account.

        Raises:
            Refused: the password is too short, or the login is taken.
        """
        person = Person(
            id=secrets.token_hex(8),
            login=_plain(login),
            roles=frozenset(roles),
            branches=frozenset(branches),
            digest=self._hash(password),
            made_at=self.clock.now(),
        )
        if not self.people.add(person):
            raise Refused("people.login_taken")
        return person

    def set_password(self, person: Person, password: str) -> None:
        """Give an account another password; it is signed out everywhere.

        Raises:
            Refused: the password is too short, or an identity provider says who it is.
        """
        if person.issuer is not None:
            raise Refused("people.no_password")
        self.people.change(person.model_copy(update={"digest": self._hash(password)}))
        self.sessions.end_all(person.id)

    def disable(self, person: Person) -> None:
        """Let an account be of no use from now on; it is signed out everywhere."""
        if person.disabled_at is None:
            self.people.change(person.model_copy(update={"disabled_at": self.clock.now()}))
        self.sessions.end_all(person.id)

    def sign_in(self, login: str, password: str, address: str = "") -> str:
        """Return the token of a new session of somebody at an address of the network.

        What was wrong is not told: an unknown login takes as long as a wrong password.

        Raises:
            Refused: they are not an account's, or there were too many failures lately.
        """
        now = self.clock.now()
        here, from_here = digest(f"{_plain(login)}@{address}"), digest(f"@{address}")
        self._wait(here, _OF_LOGIN, now)
        self._wait(from_here, _OF_ADDRESS, now)
        person = self.people.by_login(_plain(login))
        right = self._verify(person, password[:_MOST_CHARACTERS])
        if person is None or not right or person.disabled_at is not None:
            self.sessions.failed(here, now)
            self.sessions.failed(from_here, now)
            raise Refused("people.wrong_login")
        self.sessions.forgive(here)
        return self.begin(person)

    def admit(self, identity: Identity) -> str:
        """Return the token of a new session of somebody whom an identity provider has recognised.

        Whoever comes first gets an account. What the provider says they may do goes before what it
        said the last time.

        Raises:
            Refused: they have no role or no branch here, or the account was disabled.
        """
        if not identity.roles or not identity.branches:
            raise Refused("people.no_role")
        kept = self._account(identity)
        if kept.disabled_at is not None:
            raise Refused("people.no_role")
        told = {"roles": identity.roles, "branches": identity.branches}
        person = kept.model_copy(update=told)
        if person != kept:
            self.people.change(person)
        return self.begin(person)

    def begin(self, person: Person) -> str:
        """Return the token of a new session of somebody who was recognised."""
        token, now = secrets.token_urlsafe(32), self.clock.now()
        self.sessions.sweep(now - timedelta(hours=self.settings.session_hours))
        session = Session(
            digest=digest(token),
            person_id=person.id,
            csrf=secrets.token_urlsafe(32),
            made_at=now,
            seen_at=now,
        )
        self.sessions.add(session)
        return token

    def who(self, token: str) -> SignedIn | None:
        """Return who a token stands for, None where it is of no use any more."""
        session = self.sessions.get(digest(token))
        if session is None or not self._is_good(session):
            return None
        person = self.people.get(session.person_id)
        if person is None or person.disabled_at is not None:
            return None
        now = self.clock.now()
        if now - session.seen_at > _SEEN_EVERY:
            self.sessions.seen(session.digest, now)
        return SignedIn(person, session)

    def sign_out(self, session: Session) -> None:
        """End a session."""
        self.sessions.end(session.digest)

    def _account(self, identity: Identity) -> Person:
        """Return the account of an identity; its login gets another end where it is taken."""
        person_id = digest(f"{identity.issuer}\n{identity.subject}")[:16]
        kept = self.people.get(person_id)
        if kept is not None:
            return kept
        made = Person(
            id=person_id,
            login=_plain(identity.login) or person_id,
            roles=identity.roles,
            branches=identity.branches,
            digest="",
            made_at=self.clock.now(),
            issuer=identity.issuer,
        )
        other = made.model_copy(update={"login": f"{made.login[:100]}~{person_id}"})
        added = next((one for one in (made, other) if self.people.add(one)), None)
        kept = added or self.people.get(person_id)  # the same person in another window
        if kept is None:
            raise Refused("api.busy")
        return kept

    def _wait(self, who: str, patience: _Patience, now: datetime) -> None:
        failed, latest = self.sessions.failures(who, now - _WINDOW)
        if latest is not None and now < latest + patience.wait(failed):
            raise Refused("people.too_many_attempts")

    def _is_good(self, session: Session) -> bool:
        now = self.clock.now()
        idle = now - session.seen_at > timedelta(minutes=self.settings.idle_minutes)
        old = now - session.made_at > timedelta(hours=self.settings.session_hours)
        return not idle and not old

    def _verify(self, person: Person | None, password: str) -> bool:
        """Compare a password; where there is none to compare with, take as long all the same."""
        if person is None or person.issuer is not None:
            self._hasher.hash(password)
            return False
        try:
            return self._hasher.verify(person.digest, password)
        except (VerificationError, InvalidHashError):
            return False

    def _hash(self, password: str) -> str:
        if not LEAST_CHARACTERS <= len(password) <= _MOST_CHARACTERS:
            raise Refused("people.weak_password")
        return self._hasher.hash(password)


def _plain(login: str) -> str:
    """Return a login as it is compared: nobody is locked out by a capital."""
    return login.strip().lower()[:128]


def digest(text: str) -> str:
    """Return the hash by which a token is known; the token itself is not kept."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
