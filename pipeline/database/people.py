"""People and their sessions by SQLAlchemy, on SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from pipeline.database.connection import told
from pipeline.database.tables import FailedLoginRow, PersonRow, SessionRow
from pipeline.ports import Person, Session


@dataclass(frozen=True)
class SqlPeople:
    """Keeps accounts."""

    engine: Engine

    def add(self, person: Person) -> bool:
        """Keep a new account and return whether that was done: not where the login is taken."""
        row = PersonRow(id=person.id, login=person.login, content=person.model_dump(mode="json"))
        with told("add a person"), Transaction(self.engine) as transaction:
            transaction.add(row)
            try:
                transaction.commit()
            except IntegrityError:  # the login is taken
                return False
        return True

    def change(self, person: Person) -> None:
        """Keep an account as it is now."""
        changed = update(PersonRow).where(PersonRow.id == person.id)
        with told("change a person"), Transaction(self.engine) as transaction, transaction.begin():
            transaction.execute(changed.values(content=person.model_dump(mode="json")))

    def get(self, person_id: str) -> Person | None:
        """Return an account, disabled or not, None when there is none."""
        with told("read a person"), Transaction(self.engine) as transaction:
            asked = select(PersonRow.content).where(PersonRow.id == person_id)
            content = transaction.scalars(asked).first()
            return None if content is None else Person.model_validate(content)

    def by_login(self, login: str) -> Person | None:
        """Return an account, disabled or not, None when there is none."""
        with told("read a person"), Transaction(self.engine) as transaction:
            asked = select(PersonRow.content).where(PersonRow.login == login)
            content = transaction.scalars(asked).first()
            return None if content is None else Person.model_validate(content)

    def listed(self) -> Sequence[Person]:
        """Return every account, the oldest first."""
        asked = select(PersonRow.content).order_by(PersonRow.number)
        with told("list the people"), Transaction(self.engine) as transaction:
            return tuple(Person.model_validate(content) for content in transaction.scalars(asked))


@dataclass(frozen=True)
class SqlSessions:
    """Keeps sessions by the hash of their token."""

    engine: Engine

    def add(self, session: Session) -> None:
        """Keep a session."""
        row = SessionRow(
            digest=session.digest,
            person_id=session.person_id,
            seen=session.seen_at.timestamp(),
            content=session.model_dump(mode="json"),
        )
        with told("begin a session"), Transaction(self.engine) as transaction, transaction.begin():
            transaction.add(row)

    def get(self, digest: str) -> Session | None:
        """Return a session, expired or not, None when there is none."""
        with told("read a session"), Transaction(self.engine) as transaction:
            row = transaction.get(SessionRow, digest)
            if row is None:
                return None
            kept = Session.model_validate(row.content)
            zone = kept.seen_at.tzinfo
            return kept.model_copy(update={"seen_at": datetime.fromtimestamp(row.seen, zone)})

    def seen(self, digest: str, at: datetime) -> None:
        """Note that a session is in use."""
        used = update(SessionRow).where(SessionRow.digest == digest)
        with told("keep a session"), Transaction(self.engine) as transaction, transaction.begin():
            transaction.execute(used.values(seen=at.timestamp()))

    def end(self, digest: str) -> None:
        """Forget a session."""
        with told("end a session"), Transaction(self.engine) as transaction, transaction.begin():
            transaction.execute(delete(SessionRow).where(SessionRow.digest == digest))

    def end_all(self, person_id: str) -> None:
        """Forget every session of a person."""
        with told("end sessions"), Transaction(self.engine) as transaction, transaction.begin():
            transaction.execute(delete(SessionRow).where(SessionRow.person_id == person_id))

    def failed(self, login_digest: str, at: datetime) -> None:
        """Note a failed attempt to sign in; of the login only a hash is kept."""
        row = FailedLoginRow(login=login_digest, at=at.timestamp())
        with told("note an attempt"), Transaction(self.engine) as transaction, transaction.begin():
            transaction.add(row)

    def failures(self, login_digest: str, since: datetime) -> int:
        """Return how many attempts have failed since then."""
        asked = (
            select(func.count())
            .select_from(FailedLoginRow)
            .where(FailedLoginRow.login == login_digest, FailedLoginRow.at > since.timestamp())
        )
        with told("count attempts"), Transaction(self.engine) as transaction:
            return transaction.scalars(asked).one()

    def sweep(self, before: datetime) -> None:
        """Forget sessions not used, and attempts made, since then."""
        at = before.timestamp()
        with told("sweep sessions"), Transaction(self.engine) as transaction, transaction.begin():
            transaction.execute(delete(SessionRow).where(SessionRow.seen < at))
            transaction.execute(delete(FailedLoginRow).where(FailedLoginRow.at < at))
