"""The queue of the review page by SQLAlchemy, on SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, func, select

from pipeline.database.tables import ApplicationRow
from pipeline.database.transactions import reading
from pipeline.ports import Application, Asked


@dataclass(frozen=True)
class SqlQueue:
    """Looks for applications by where they stand."""

    engine: Engine

    def count(self, asked: Asked) -> int:
        """Return how many there are."""
        counted = select(func.count()).select_from(ApplicationRow).where(*_wanted(asked))
        with reading(self.engine, "count the queue") as session:
            return session.scalars(counted).one()

    def listed(self, asked: Asked, *, offset: int, limit: int) -> Sequence[Application]:
        """Return a page of them: the first deadline first, then those that have none."""
        row = ApplicationRow
        found = (
            select(row.content)
            .where(*_wanted(asked))
            .order_by(row.deadline.is_(None), row.deadline, row.number.desc())
            .offset(offset)
            .limit(limit)
        )
        with reading(self.engine, "read the queue") as session:
            return tuple(Application.model_validate(content) for content in session.scalars(found))


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    content = ApplicationRow.content
    wanted = [content["state"].as_string().in_(sorted(asked.states))]
    if asked.branches is not None:
        branch = func.coalesce(content["branch"].as_string(), "")
        wanted.append(branch.in_(sorted(asked.branches)))
    if asked.product is not None:
        wanted.append(content["product"].as_string() == asked.product)
    if asked.reference is not None:
        wanted.append(ApplicationRow.reference.contains(asked.reference, autoescape=True))
    return wanted
