"""API keys, and who did what."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.database.tables.base import Base, Json


class ApiKeyRow(Base):
    """A key of a portal: its hash, never itself."""

    __tablename__ = "api_keys"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class AccessRow(Base):
    """A call that read or changed an application; `digest` chains it to the one before."""

    __tablename__ = "accesses"

    number: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
