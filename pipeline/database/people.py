"""People and their sessions by SQLAlchemy, on SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, func, select, update

from pipeline.database.tables import FailedLoginRow, PersonRow, SessionRow, SigningInRow
from pipeline.database.transactions import added, reading, writing
from pipeline.ports import Failures, Person, Session, SigningIn


@dataclass(frozen=True)
class SqlPeople:
    """Keeps accounts."""

    engine: Engine

    def add(self, person: Person) -> bool:
        """Keep a new account and return whether that was done: not where the login is taken."""
        row = PersonRow(id=person.id, login=person.login, content=person.model_dump(mode="json"))
        return added(self.engine, "add a person", row)

    def change(self, person: Person) -> None:
        """Keep an account as it is now."""
        changed = update(PersonRow).where(PersonRow.id == person.id)
        with writing(self.engine, "change a person") as transaction:
            transaction.execute(changed.values(content=person.model_dump(mode="json")))

    def get(self, person_id: str) -> Person | None:
        """Return an account, disabled or not, None when there is none."""
        with reading(self.engine, "read a person") as transaction:
            asked = select(PersonRow.content).where(PersonRow.id == person_id)
            content = transaction.scalars(asked).first()
            return None if content is None else Person.model_validate(content)

    def by_login(self, login: str) -> Person | None:
        """Return an account, disabled or not, None when there is none."""
        with reading(self.engine, "read a person") as transaction:
            asked = select(PersonRow.content).where(PersonRow.login == login)
            content = transaction.scalars(asked).first()
            return None if content is None else Person.model_validate(content)

    def listed(self) -> Sequence[Person]:
        """Return every account, the oldest first."""
        asked = select(PersonRow.content).order_by(PersonRow.number)
        with reading(self.engine, "list the people") as transaction:
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
        with writing(self.engine, "begin a session") as transaction:
            transaction.add(row)

    def get(self, digest: str) -> Session | None:
        """Return a session, expired or not, None when there is none."""
        with reading(self.engine, "read a session") as transaction:
            row = transaction.get(SessionRow, digest)
            if row is None:
                return None
            kept = Session.model_validate(row.content)
            zone = kept.seen_at.tzinfo
            return kept.model_copy(update={"seen_at": datetime.fromtimestamp(row.seen, zone)})

    def seen(self, digest: str, at: datetime) -> None:
        """Note that a session is in use."""
        used = update(SessionRow).where(SessionRow.digest == digest)
        with writing(self.engine, "keep a session") as transaction:
            transaction.execute(used.values(seen=at.timestamp()))

    def end(self, digest: str) -> None:
        """Forget a session."""
        with writing(self.engine, "end a session") as transaction:
            transaction.execute(delete(SessionRow).where(SessionRow.digest == digest))

    def end_all(self, person_id: str) -> None:
        """Forget every session of a person."""
        with writing(self.engine, "end sessions") as transaction:
            transaction.execute(delete(SessionRow).where(SessionRow.person_id == person_id))

    def failed(self, digest: str, at: datetime) -> None:
        """Note a failed attempt to sign in; of who made it only a hash is kept."""
        row = FailedLoginRow(login=digest, at=at.timestamp())
        with writing(self.engine, "note an attempt") as transaction:
            transaction.add(row)

    def failures(self, digest: str, since: datetime) -> Failures:
        """Return how many attempts have failed since then."""
        row = FailedLoginRow
        asked = select(func.count(), func.max(row.at)).where(
            row.login == digest, row.at > since.timestamp()
        )
        with reading(self.engine, "count attempts") as transaction:
            count, latest = transaction.execute(asked).one()
        return Failures(count, datetime.fromtimestamp(latest, UTC) if count else None)

    def forgive(self, digest: str) -> None:
        """Forget the attempts that failed."""
        gone = delete(FailedLoginRow).where(FailedLoginRow.login == digest)
        with writing(self.engine, "forget attempts") as transaction:
            transaction.execute(gone)

    def expect(self, signing_in: SigningIn) -> None:
        """Keep who was sent to the identity provider."""
        row = SigningInRow(
            digest=signing_in.digest,
            at=signing_in.made_at.timestamp(),
            content=signing_in.model_dump(mode="json"),
        )
        with writing(self.engine, "begin to sign in") as transaction:
            transaction.add(row)

    def expected(self, digest: str) -> SigningIn | None:
        """Return who was sent there, once: None the second time, and where nobody was."""
        row = SigningInRow
        taken = delete(row).where(row.digest == digest).returning(row.content)
        with writing(self.engine, "end signing in") as transaction:
            content = transaction.scalars(taken).first()
        return None if content is None else SigningIn.model_validate(content)

    def sweep(self, before: datetime) -> None:
        """Forget sessions not used, and attempts made or begun, since then."""
        at = before.timestamp()
        with writing(self.engine, "sweep sessions") as transaction:
            transaction.execute(delete(SessionRow).where(SessionRow.seen < at))
            transaction.execute(delete(FailedLoginRow).where(FailedLoginRow.at < at))
            transaction.execute(delete(SigningInRow).where(SigningInRow.at < at))
