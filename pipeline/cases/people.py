"""Accounts and sessions: who somebody is, and until when that is believed.

A password is kept as an Argon2id hash, a session token as its SHA-256. Somebody who guesses is
made to wait by the count of failures in the database, so that no restart and no second server
begins it anew.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.cases.refused import Refused
from pipeline.ports import Clock, People, Person, Role, Session, Sessions
from pipeline.settings import ReviewSettings

LEAST_CHARACTERS: Final = 12
"""Of a password; longer is better than stranger."""
_MOST_CHARACTERS: Final = 256
_MOST_FAILURES: Final = 5
_WINDOW: Final = timedelta(minutes=15)
_SEEN_EVERY: Final = timedelta(seconds=30)
"""How exact the time of the last click is kept, so that not every click writes."""


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
        """Give an account another password; it is signed out everywhere."""
        self.people.change(person.model_copy(update={"digest": self._hash(password)}))
        self.sessions.end_all(person.id)

    def disable(self, person: Person) -> None:
        """Let an account be of no use from now on; it is signed out everywhere."""
        if person.disabled_at is None:
            self.people.change(person.model_copy(update={"disabled_at": self.clock.now()}))
        self.sessions.end_all(person.id)

    def sign_in(self, login: str, password: str) -> str:
        """Return the token of a new session.

        What was wrong is not told: an unknown login takes as long as a wrong password.

        Raises:
            Refused: they are not an account's, or there were too many failures lately.
        """
        now, known_as = self.clock.now(), _digest(_plain(login))
        if self.sessions.failures(known_as, now - _WINDOW) >= _MOST_FAILURES:
            raise Refused("people.too_many_attempts")
        person = self.people.by_login(_plain(login))
        right = self._verify(person, password[:_MOST_CHARACTERS])
        if person is None or not right or person.disabled_at is not None:
            self.sessions.failed(known_as, now)
            raise Refused("people.wrong_login")
        return self.begin(person)

    def begin(self, person: Person) -> str:
        """Return the token of a new session of somebody who was recognised."""
        token, now = secrets.token_urlsafe(32), self.clock.now()
        self.sessions.sweep(now - timedelta(hours=self.settings.session_hours))
        session = Session(
            digest=_digest(token),
            person_id=person.id,
            csrf=secrets.token_urlsafe(32),
            made_at=now,
            seen_at=now,
        )
        self.sessions.add(session)
        return token

    def who(self, token: str) -> SignedIn | None:
        """Return who a token stands for, None where it is of no use any more."""
        session = self.sessions.get(_digest(token))
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

    def _is_good(self, session: Session) -> bool:
        now = self.clock.now()
        idle = now - session.seen_at > timedelta(minutes=self.settings.idle_minutes)
        old = now - session.made_at > timedelta(hours=self.settings.session_hours)
        return not idle and not old

    def _verify(self, person: Person | None, password: str) -> bool:
        """Compare a password; where there is none to compare with, take as long all the same."""
        if person is None:
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


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
