"""The tables. Rows are only ever added.

A change here needs a version under `migrations/versions`; a test compares the two.
"""

from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """All tables, with names for constraints so that later versions can speak of them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
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
