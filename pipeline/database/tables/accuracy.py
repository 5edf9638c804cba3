"""What persons found in the values of the cases that they decided, as counts."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.database.tables.base import Base


class CheckedRow(Base):
    """The values of one name in one decided case, with about the same confidence.

    `threshold` is the highest of the accuracy page that their confidence reaches, in thousandths;
    -1 where they were not recognised but read as text. A case without any value has one row
    without a name, so that it counts as looked at.
    """

    __tablename__ = "checked_values"

    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    threshold: Mapped[int] = mapped_column(primary_key=True)
    seen: Mapped[int]
    wrong: Mapped[int]
    accepted: Mapped[int]
    accepted_wrong: Mapped[int]
