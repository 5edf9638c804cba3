"""Addresses that are told what happens, the messages to them, and batches of applications."""

from typing import Any

from sqlalchemy import Double, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.database.tables.base import Base, Json


class WebhookRow(Base):
    """An address of a portal. Its secret is not kept: versions of it are."""

    __tablename__ = "webhooks"
    __table_args__ = (UniqueConstraint("owner", "idempotency_key"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class DeliveryRow(Base):
    """A message to an address; `due`, in seconds since 1970, is null once nothing is to be done."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("webhook_id", "notice_id"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id"))
    notice_id: Mapped[str] = mapped_column(String(128))
    due: Mapped[float | None] = mapped_column(Double, index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class BatchRow(Base):
    """Applications that were opened together."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("owner", "idempotency_key"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
