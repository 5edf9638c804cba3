"""People, their sessions, and attempts to sign in that failed or are under way."""

from typing import Any

from sqlalchemy import Double, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.database.tables.base import Base, Json


class PersonRow(Base):
    """An account."""

    __tablename__ = "people"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    login: Mapped[str] = mapped_column(String(128), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class SessionRow(Base):
    """Somebody signed in; `seen` is in seconds since 1970."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(64), index=True)
    seen: Mapped[float] = mapped_column(Double, index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class FailedLoginRow(Base):
    """An attempt that failed; `login` is a hash of who made it, `at` in seconds since 1970."""

    __tablename__ = "failed_logins"

    number: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[float] = mapped_column(Double, index=True)


class SigningInRow(Base):
    """Somebody at the identity provider; `at` is in seconds since 1970."""

    __tablename__ = "signing_in"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[float] = mapped_column(Double, index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
