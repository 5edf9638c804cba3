"""Applications of portals by SQLAlchemy, on SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Update, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from pipeline.database.connection import told
from pipeline.database.outbox import append
from pipeline.database.tables import ApplicationEventRow, ApplicationRow
from pipeline.ports import Application, Decided, Event, Lease, State, Step


@dataclass(frozen=True)
class SqlApplications:
    """Keeps each application as it stands, and every event that led there."""

    engine: Engine

    def open(self, application: Application, idempotency_key: str | None) -> Application:
        """Keep an application and return what is kept: the first of its owner with that key."""
        opened = Event(step=Step.OPENED, at=application.made_at)
        row = ApplicationRow(
            id=application.id,
            owner=application.owner,
            idempotency_key=idempotency_key,
            reference=application.reference,
            **_changing(application),
        )
        with (
            told("open an application"),
            suppress(IntegrityError),  # the owner has one with that key
            Session(self.engine) as session,
            session.begin(),
        ):
            session.add(row)
            session.flush()
            append(session, application, opened)
            return application
        return self._by_key(application.owner, idempotency_key)

    def get(self, application_id: str) -> Application | None:
        """Return an application as it stands, None when there is none."""
        asked = select(ApplicationRow.content).where(ApplicationRow.id == application_id)
        with told("read an application"), Session(self.engine) as session:
            content = session.scalars(asked).first()
            return None if content is None else Application.model_validate(content)

    def advance(self, after: Application, event: Event, lease: Lease | None = None) -> bool:
        """Keep an application as it stands after an event, unless another was faster.

        The update comes first and takes the lock, so that nobody reads what is about to change.
        """
        before = after.model_copy(update={"sequence": after.sequence - 1})
        changed = _where(before).values(**_changing(after), **_leasing(after, lease))
        with told("advance an application"), Session(self.engine) as session, session.begin():
            if session.scalars(changed.returning(ApplicationRow.number)).first() is None:
                return False
            append(session, after, event)
        return True

    def restate(self, application: Application) -> bool:
        """Keep an application otherwise than it is, unless somebody has advanced it."""
        changed = _where(application).values(**_changing(application), **_leasing(application))
        with told("restate an application"), Session(self.engine) as session, session.begin():
            return session.scalars(changed.returning(ApplicationRow.number)).first() is not None

    def renew(self, application_id: str, lease: Lease) -> bool:
        """Prolong a lease and return whether it was still held."""
        changed = (
            update(ApplicationRow)
            .where(ApplicationRow.id == application_id, ApplicationRow.holder == lease.holder)
            .values(leased_until=lease.until.timestamp())
            .returning(ApplicationRow.number)
        )
        with told("renew a lease"), Session(self.engine) as session, session.begin():
            return session.scalars(changed).first() is not None

    def lease(self, application_id: str) -> Lease | None:
        """Return the lease of an application, expired or not, None when there is none."""
        asked = select(ApplicationRow.holder, ApplicationRow.leased_until).where(
            ApplicationRow.id == application_id
        )
        with told("read a lease"), Session(self.engine) as session:
            row = session.execute(asked).first()
        if row is None or row.holder is None:
            return None
        return Lease(holder=row.holder, until=datetime.fromtimestamp(row.leased_until, UTC))

    def events(self, application_id: str) -> Sequence[Event]:
        """Return what happened, the oldest first."""
        asked = (
            select(ApplicationEventRow.content)
            .where(ApplicationEventRow.application_id == application_id)
            .order_by(ApplicationEventRow.sequence)
        )
        with told("read the events"), Session(self.engine) as session:
            return tuple(Event.model_validate(content) for content in session.scalars(asked))

    def due(self, now: datetime) -> Application | None:
        """Return the application to review next, None when none is due."""
        row = ApplicationRow
        asked = (
            select(row.content)
            .where(
                row.due <= now.timestamp(),
                or_(row.leased_until.is_(None), row.leased_until <= now.timestamp()),
            )
            .order_by(func.coalesce(row.deadline, row.due), row.due, row.number)
            .limit(1)
        )
        with told("look for work"), Session(self.engine) as session:
            content = session.scalars(asked).first()
            return None if content is None else Application.model_validate(content)

    def open_(self) -> Sequence[Application]:
        """Return every application whose time is counted, the first deadline first."""
        row = ApplicationRow
        asked = select(row.content).where(row.deadline.is_not(None))
        with told("look at the deadlines"), Session(self.engine) as session:
            found = session.scalars(asked.order_by(row.deadline, row.number))
            return tuple(Application.model_validate(content) for content in found)

    def every(self) -> Sequence[Application]:
        """Return every application, in the order of arrival."""
        asked = select(ApplicationRow.content).order_by(ApplicationRow.number)
        with told("list applications"), Session(self.engine) as session:
            return tuple(Application.model_validate(content) for content in session.scalars(asked))

    def reviews(self, limit: int) -> Sequence[tuple[Event, Event]]:
        """Return how the latest reviews began and ended, the latest first.

        The two follow each other, unless something else happened during the review.
        """
        begun, ended = aliased(ApplicationEventRow), aliased(ApplicationEventRow)
        asked = (
            select(begun.content.label("begun"), ended.content.label("ended"))
            .join(
                begun,
                (begun.application_id == ended.application_id)
                & (begun.sequence == ended.sequence - 1),
            )
            .where(ended.step == Step.DECIDED, begun.step == Step.REVIEWING)
            .order_by(ended.number.desc())
            .limit(limit)
        )
        with told("look at past reviews"), Session(self.engine) as session:
            return tuple(
                (Event.model_validate(row.begun), Event.model_validate(row.ended))
                for row in session.execute(asked)
            )

    def listed(
        self, owner: str, *, after: int, limit: int, reference: str | None = None
    ) -> Sequence[tuple[int, Application]]:
        """Return applications of an owner with their cursors, in the order of arrival."""
        asked = select(ApplicationRow.number, ApplicationRow.content).where(
            ApplicationRow.owner == owner, ApplicationRow.number > after
        )
        if reference is not None:
            asked = asked.where(ApplicationRow.reference == reference)
        with told("list applications"), Session(self.engine) as session:
            rows = session.execute(asked.order_by(ApplicationRow.number).limit(limit))
            return tuple((row.number, Application.model_validate(row.content)) for row in rows)

    def decided(self, owner: str, *, after: int, limit: int) -> Sequence[Decided]:
        """Return decisions on applications of an owner, in the order they were taken."""
        event, application = ApplicationEventRow, ApplicationRow
        asked = (
            select(event.number, event.content, application.content.label("application"))
            .join(application, application.id == event.application_id)
            .where(application.owner == owner, event.step == Step.DECIDED, event.number > after)
            .order_by(event.number)
            .limit(limit)
        )
        with told("list decisions"), Session(self.engine) as session:
            return tuple(
                Decided(
                    cursor=row.number,
                    application=Application.model_validate(row.application),
                    event=Event.model_validate(row.content),
                )
                for row in session.execute(asked)
            )

    def _by_key(self, owner: str, idempotency_key: str | None) -> Application:
        asked = select(ApplicationRow.content).where(
            ApplicationRow.owner == owner, ApplicationRow.idempotency_key == idempotency_key
        )
        with told("read an application"), Session(self.engine) as session:
            return Application.model_validate(session.scalars(asked).one())


def _where(application: Application) -> Update:
    """Return an update of an application, as long as it is as far as that."""
    row = ApplicationRow
    return update(row).where(row.id == application.id, row.sequence == application.sequence)


def _changing(application: Application) -> dict[str, Any]:
    """Return the columns that events change."""
    return {
        "sequence": application.sequence,
        "due": _seconds(application.due_at),
        "deadline": _seconds(application.deadline),
        "content": application.model_dump(mode="json"),
    }


def _leasing(application: Application, lease: Lease | None = None) -> dict[str, Any]:
    """Return the columns of the lease: one that is taken, or none where nobody reviews."""
    if lease is not None:
        return {"holder": lease.holder, "leased_until": lease.until.timestamp()}
    if application.state is State.REVIEWING:
        return {}
    return {"holder": None, "leased_until": None}


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
