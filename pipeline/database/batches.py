"""Batches of applications, by SQLAlchemy."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select

from pipeline.database.owned import content_of, first
from pipeline.database.tables import BatchRow
from pipeline.database.transactions import reading
from pipeline.ports import Batch


@dataclass(frozen=True)
class SqlBatches:
    """Keeps batches as they were opened."""

    engine: Engine

    def add(self, batch: Batch, idempotency_key: str | None) -> Batch:
        """Keep a batch and return what is kept: the first of its owner with that key."""
        row = BatchRow(
            id=batch.id,
            owner=batch.owner,
            idempotency_key=idempotency_key,
            content=batch.model_dump(mode="json"),
        )
        return Batch.model_validate(first(self.engine, "add a batch", row))

    def get(self, batch_id: str) -> Batch | None:
        """Return a batch, None when there is none."""
        content = content_of(self.engine, "read a batch", BatchRow, batch_id)
        return None if content is None else Batch.model_validate(content)

    def listed(
        self, owner: str, *, after: int, limit: int, branch: str = ""
    ) -> Sequence[tuple[int, Batch]]:
        """Return batches of an owner with their cursors, in the order of arrival."""
        row = BatchRow
        asked = select(row.number, row.content).where(row.owner == owner, row.number > after)
        if branch:
            asked = asked.where(row.content["branch"].as_string() == branch)
        with reading(self.engine, "list batches") as session:
            rows = session.execute(asked.order_by(row.number).limit(limit))
            return tuple((found.number, Batch.model_validate(found.content)) for found in rows)
