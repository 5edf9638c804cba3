"""Applications and their events."""

from typing import Any

from sqlalchemy import Double, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.database.tables.base import Base, Json


class ApplicationRow(Base):
    """An application as it stands; `number` counts them, `content` is the whole of it.

    The other columns repeat what is searched for, times in seconds since 1970. `due` is null
    while nothing is to be done, `deadline` while nothing is counted. The lease stands in its
    columns alone: it is prolonged without an event.
    """

    __tablename__ = "applications"
    __table_args__ = (UniqueConstraint("owner", "idempotency_key"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    reference: Mapped[str | None] = mapped_column(String(128))
    sequence: Mapped[int]
    due: Mapped[float | None] = mapped_column(Double, index=True)
    deadline: Mapped[float | None] = mapped_column(Double, index=True)
    holder: Mapped[str | None] = mapped_column(String(128))
    leased_until: Mapped[float | None] = mapped_column(Double)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class ApplicationEventRow(Base):
    """One thing that happened to an application; `number` orders and `digest` chains all events."""

    __tablename__ = "application_events"
    __table_args__ = (UniqueConstraint("application_id", "sequence"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"))
    sequence: Mapped[int]
    step: Mapped[str] = mapped_column(String(32), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
