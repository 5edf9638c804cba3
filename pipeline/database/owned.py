"""Rows that a sender may ask for twice with one idempotency key, and gets once."""

from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.database.connection import told
from pipeline.database.tables import BatchRow, WebhookRow

Owned = WebhookRow | BatchRow


def first(engine: Engine, action: str, row: Owned) -> dict[str, Any]:
    """Keep a row and return the content that is kept: of the first of its owner with that key."""
    kind, owner, key, content = type(row), row.owner, row.idempotency_key, row.content
    with (
        told(action),
        suppress(IntegrityError),  # the owner has one with that key
        Session(engine) as session,
        session.begin(),
    ):
        session.add(row)
        session.flush()
        return content
    asked = select(kind.content).where(kind.owner == owner, kind.idempotency_key == key)
    with told(action), Session(engine) as session:
        kept: dict[str, Any] = session.scalars(asked).one()
        return kept
