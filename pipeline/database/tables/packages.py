"""Packages and records."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.database.tables.base import Base, Json


class PackageRow(Base):
    """A package as it was taken in; `number` counts them in the order of arrival."""

    __tablename__ = "packages"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class RecordRow(Base):
    """One revision of what a review came to; a package has each revision once.

    `number` orders all records, and `digest` chains each to the one before.
    """

    __tablename__ = "records"

    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
