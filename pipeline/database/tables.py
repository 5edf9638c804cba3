"""The tables. Packages, records, events and accesses are only ever added.

Two kinds of rows are kept up to date: that of an application is where its events have led, and a
key is revoked in place.

A change here needs a version under `migrations/versions`; a test compares the two.
"""

from typing import Any, ClassVar

from sqlalchemy import JSON, Double, ForeignKey, MetaData, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """All tables, with names for constraints so that later versions can speak of them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        }
    )


class PackageRow(Base):
    """A package as it was taken in; `number` counts them in the order of arrival."""

    __tablename__ = "packages"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class RecordRow(Base):
    """One revision of what a review came to; a package has each revision once."""

    __tablename__ = "records"

    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class ApplicationRow(Base):
    """An application as it stands; `number` counts them, `content` is the whole of it.

    The other columns repeat what is searched for. `due` is in seconds since 1970, and is null
    while nothing is to be done.
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
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class ApplicationEventRow(Base):
    """One thing that happened to an application; `number` orders all events."""

    __tablename__ = "application_events"
    __table_args__ = (UniqueConstraint("application_id", "sequence"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"))
    sequence: Mapped[int]
    step: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class ApiKeyRow(Base):
    """A key of a portal: its hash, never itself."""

    __tablename__ = "api_keys"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class AccessRow(Base):
    """A call that read or changed an application."""

    __tablename__ = "accesses"

    number: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
