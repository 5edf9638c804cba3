"""Applications of portals by SQLAlchemy, on SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Select, Update, func, or_, select, update
from sqlalchemy.orm import aliased

from pipeline.database.outbox import append
from pipeline.database.owned import content_of, first
from pipeline.database.tables import ApplicationEventRow, ApplicationRow
from pipeline.database.transactions import reading, writing
from pipeline.ports import Application, Decided, Event, Happened, Lease, State, Step

_NO_LEASE: Final[dict[str, Any]] = {"holder": None, "leased_until": None}


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
        kept = first(
            self.engine,
            "open an application",
            row,
            lambda session: append(session, application, opened),
        )
        return Application.model_validate(kept)

    def get(self, application_id: str) -> Application | None:
        """Return an application as it stands, None when there is none."""
        content = content_of(self.engine, "read an application", ApplicationRow, application_id)
        return None if content is None else Application.model_validate(content)

    def advance(self, after: Application, event: Event, lease: Lease | None = None) -> bool:
        """Keep an application as it stands after an event, unless another was faster.

        The update comes first and takes the lock, so that nobody reads what is about to change.
        """
        before = after.model_copy(update={"sequence": after.sequence - 1})
        changed = _where(before).values(**_changing(after), **_leasing(after, lease))
        with writing(self.engine, "advance an application") as session:
            if session.scalars(changed.returning(ApplicationRow.number)).first() is None:
                return False
            append(session, after, event)
        return True

    def restate(self, application: Application) -> bool:
        """Keep an application otherwise than it is, unless somebody has advanced it.

        It is free to be reviewed then, whoever held a lease.
        """
        changed = _where(application).values(**_changing(application), **_NO_LEASE)
        with writing(self.engine, "restate an application") as session:
            return session.scalars(changed.returning(ApplicationRow.number)).first() is not None

    def renew(self, application_id: str, lease: Lease) -> bool:
        """Prolong a lease and return whether it was still held."""
        changed = (
            update(ApplicationRow)
            .where(ApplicationRow.id == application_id, ApplicationRow.holder == lease.holder)
            .values(leased_until=lease.until.timestamp())
            .returning(ApplicationRow.number)
        )
        with writing(self.engine, "renew a lease") as session:
            return session.scalars(changed).first() is not None

    def lease(self, application_id: str) -> Lease | None:
        """Return the lease of an application, expired or not, None when there is none."""
        asked = select(ApplicationRow.holder, ApplicationRow.leased_until).where(
            ApplicationRow.id == application_id
        )
        with reading(self.engine, "read a lease") as session:
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
        with reading(self.engine, "read the events") as session:
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
        with reading(self.engine, "look for work") as session:
            content = session.scalars(asked).first()
            return None if content is None else Application.model_validate(content)

    def open_(self) -> Sequence[Application]:
        """Return every application whose time is counted, the first deadline first."""
        row = ApplicationRow
        asked = select(row.content).where(row.deadline.is_not(None))
        with reading(self.engine, "look at the deadlines") as session:
            found = session.scalars(asked.order_by(row.deadline, row.number))
            return tuple(Application.model_validate(content) for content in found)

    def every(self) -> Sequence[Application]:
        """Return every application, in the order of arrival."""
        asked = select(ApplicationRow.content).order_by(ApplicationRow.number)
        with reading(self.engine, "list applications") as session:
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
        with reading(self.engine, "look at past reviews") as session:
            return tuple(
                (Event.model_validate(row.begun), Event.model_validate(row.ended))
                for row in session.execute(asked)
            )

    def listed(
        self,
        owner: str,
        *,
        after: int,
        limit: int,
        reference: str | None = None,
        branch: str = "",
    ) -> Sequence[tuple[int, Application]]:
        """Return applications of an owner with their cursors, in the order of arrival."""
        row = ApplicationRow
        asked = select(row.number, row.content).where(row.number > after, *_own(owner, branch))
        if reference is not None:
            asked = asked.where(row.reference == reference)
        with reading(self.engine, "list applications") as session:
            rows = session.execute(asked.order_by(row.number).limit(limit))
            return tuple((row.number, Application.model_validate(row.content)) for row in rows)

    def decided(self, owner: str, *, after: int, limit: int, branch: str = "") -> Sequence[Decided]:
        """Return decisions on applications of an owner, in the order they were taken."""
        asked = _events_of(owner, branch).where(ApplicationEventRow.step == Step.DECIDED)
        return tuple(
            Decided(cursor=one.cursor, application=one.application, event=one.event)
            for one in self._events("list decisions", asked, after, limit)
        )

    def happened(
        self, owner: str, *, after: int, limit: int, branch: str = ""
    ) -> Sequence[Happened]:
        """Return what happened to applications of an owner, in that order."""
        return self._events("list events", _events_of(owner, branch), after, limit)

    def _events(
        self, action: str, asked: Select[Any], after: int, limit: int
    ) -> tuple[Happened, ...]:
        number = ApplicationEventRow.number
        found = asked.where(number > after).order_by(number).limit(limit)
        with reading(self.engine, action) as session:
            return tuple(
                Happened(
                    cursor=row.number,
                    sequence=row.sequence,
                    application=Application.model_validate(row.application),
                    event=Event.model_validate(row.content),
                )
                for row in session.execute(found)
            )


def _own(owner: str, branch: str) -> list[ColumnElement[bool]]:
    """Return what applications of an owner have in common, or those of one branch of it."""
    mine = [ApplicationRow.owner == owner]
    if branch:
        mine.append(ApplicationRow.content["branch"].as_string() == branch)
    return mine


def _events_of(owner: str, branch: str) -> Select[Any]:
    event, application = ApplicationEventRow, ApplicationRow
    return (
        select(
            event.number, event.sequence, event.content, application.content.label("application")
        )
        .join(application, application.id == event.application_id)
        .where(*_own(owner, branch))
    )


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
    return _NO_LEASE


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
