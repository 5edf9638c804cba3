"""What makes rows that were written once provably so."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.database.tables.base import Base


class ChainRow(Base):
    """The end of the chain of a table: number and digest of its latest row.

    Whoever adds a row holds this one, so that rows are chained one after the other.
    """

    __tablename__ = "chains"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
