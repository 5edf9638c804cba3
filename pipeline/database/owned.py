"""Rows that a sender may ask for twice with one idempotency key, and gets once."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.database.tables import ApplicationRow, BatchRow, WebhookRow
from pipeline.database.transactions import added, reading

Owned = ApplicationRow | WebhookRow | BatchRow


def first(
    engine: Engine, action: str, row: Owned, also: Callable[[Session], None] | None = None
) -> dict[str, Any]:
    """Keep a row and return the content that is kept: of the first of its owner with that key.

    What else belongs to the row is kept by `also`, in the same transaction.
    """
    kind, owner, key, content = type(row), row.owner, row.idempotency_key, row.content
    if added(engine, action, row, also=also):
        return content
    asked = select(kind.content).where(kind.owner == owner, kind.idempotency_key == key)
    with reading(engine, action) as session:
        kept: dict[str, Any] = session.scalars(asked).one()
        return kept


def content_of(
    engine: Engine, action: str, kind: type[Owned], row_id: str
) -> dict[str, Any] | None:
    """Return the content of the row with an id, None when there is none."""
    with reading(engine, action) as session:
        found: dict[str, Any] | None = session.scalars(
            select(kind.content).where(kind.id == row_id)
        ).first()
        return found
