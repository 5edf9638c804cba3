"""Applications of portals by SQLAlchemy, on SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.database.connection import told
from pipeline.database.tables import ApplicationEventRow, ApplicationRow
from pipeline.ports import Application, Decided, Event, Step


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
            session.add(_event_row(application, opened))
            return application
        return self._by_key(application.owner, idempotency_key)

    def get(self, application_id: str) -> Application | None:
        """Return an application as it stands, None when there is none."""
        asked = select(ApplicationRow.content).where(ApplicationRow.id == application_id)
        with told("read an application"), Session(self.engine) as session:
            content = session.scalars(asked).first()
            return None if content is None else Application.model_validate(content)

    def advance(self, after: Application, event: Event) -> bool:
        """Keep an application as it stands after an event, unless another was faster.

        The update comes first and takes the lock, so that nobody reads what is about to change.
        """
        changed = (
            update(ApplicationRow)
            .where(ApplicationRow.id == after.id, ApplicationRow.sequence == after.sequence - 1)
            .values(**_changing(after))
            .returning(ApplicationRow.number)
        )
        with told("advance an application"), Session(self.engine) as session, session.begin():
            if session.scalars(changed).first() is None:
                return False
            session.add(_event_row(after, event))
        return True

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
        """Return the application whose review has waited longest, None when none is due."""
        asked = (
            select(ApplicationRow.content)
            .where(ApplicationRow.due <= now.timestamp())
            .order_by(ApplicationRow.due, ApplicationRow.number)
            .limit(1)
        )
        with told("look for work"), Session(self.engine) as session:
            content = session.scalars(asked).first()
            return None if content is None else Application.model_validate(content)

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


def _changing(application: Application) -> dict[str, Any]:
    """Return the columns that events change."""
    due = application.due_at
    return {
        "sequence": application.sequence,
        "due": None if due is None else due.timestamp(),
        "content": application.model_dump(mode="json"),
    }


def _event_row(application: Application, event: Event) -> ApplicationEventRow:
    return ApplicationEventRow(
        application_id=application.id,
        sequence=application.sequence,
        step=event.step,
        content=event.model_dump(mode="json"),
    )
