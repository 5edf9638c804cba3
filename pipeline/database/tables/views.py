"""What records say, as typed columns that underwriting can join; docs/data-dictionary.md.

These tables repeat the records and are made anew from them at any time. The words that stand
beside each column are those of the dictionary.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, DateTime, Dialect, ForeignKeyConstraint, Numeric, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from pipeline.database.tables.base import Base, Json


class Amount(TypeDecorator[Decimal]):
    """An exact number: NUMERIC on PostgreSQL, on SQLite a number of 15 digits that adds up."""

    impl = Numeric
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return what turns a decimal into what the driver takes."""
        if dialect.name == "sqlite":
            return lambda value: None if value is None else format(value, "f")
        return None

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what turns what the driver gives into a decimal."""
        if dialect.name == "sqlite":
            return lambda value: None if value is None else Decimal(str(value))
        return None


class OfRecord:
    """The columns that lead back to the record."""

    package_id: Mapped[str] = mapped_column(
        String(64), primary_key=True, sort_order=-3, doc="Id of the package."
    )
    revision: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, sort_order=-2, doc="Revision of its record."
    )

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805  SQLAlchemy hands over the class
        """Return the reference to the record."""
        record = ["records.package_id", "records.revision"]
        return (ForeignKeyConstraint(["package_id", "revision"], record),)


class Numbered(OfRecord):
    """A row of several of one record."""

    number: Mapped[int] = mapped_column(
        primary_key=True,
        autoincrement=False,
        sort_order=-1,
        doc="Counts the rows of a record from 1.",
    )


class DecisionRow(OfRecord, Base):
    """What a review came to: one row for each revision of a record."""

    __tablename__ = "decisions"

    outcome: Mapped[str] = mapped_column(String(32), doc="`pass`, `supplement` or `manual`.")
    reasons: Mapped[list[str]] = mapped_column(
        Json, doc="Codes of the findings that led there (docs/rules.md)."
    )
    product: Mapped[str] = mapped_column(Text, doc="Id of the loan product.")
    applied_on: Mapped[dt.date] = mapped_column(Date, doc="Day of the application.")
    unified_social_credit_code: Mapped[str | None] = mapped_column(
        Text, index=True, doc="Of the first licence; null unless accepted."
    )
    name: Mapped[str | None] = mapped_column(
        Text, doc="Of the first licence; null unless accepted."
    )
    policy: Mapped[str] = mapped_column(Text, doc="Version of the policy.")
    rulebook: Mapped[str] = mapped_column(Text, doc="Version of the rules.")
    code: Mapped[str] = mapped_column(Text, doc="Version of zishen.")
    made_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), index=True, doc="When the record was made; UTC on SQLite."
    )


class LicenceRow(Numbered, Base):
    """A business licence. A column is null where the field was not accepted: see `doubtful`."""

    __tablename__ = "licences"

    document: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the file.")
    page: Mapped[int] = mapped_column(doc="Page of the file.")
    entity_type: Mapped[str | None] = mapped_column(Text, doc="Who holds it.")
    unified_social_credit_code: Mapped[str | None] = mapped_column(
        Text, index=True, doc="统一社会信用代码."
    )
    registration_number: Mapped[str | None] = mapped_column(Text, doc="注册号.")
    name: Mapped[str | None] = mapped_column(Text, doc="名称.")
    company_type: Mapped[str | None] = mapped_column(Text, doc="类型.")
    composition: Mapped[str | None] = mapped_column(Text, doc="组成形式.")
    legal_representative: Mapped[str | None] = mapped_column(
        Text, doc="法定代表人, 经营者, 负责人 and their kin. Personal."
    )
    address: Mapped[str | None] = mapped_column(Text, doc="住所. Personal for a sole trader.")
    registered_capital: Mapped[Decimal | None] = mapped_column(
        Amount, doc="注册资本, in whole units of `capital_currency`."
    )
    paid_in_capital: Mapped[Decimal | None] = mapped_column(Amount, doc="实收资本, likewise.")
    capital_currency: Mapped[str] = mapped_column(Text, doc="ISO 4217.")
    established_date: Mapped[dt.date | None] = mapped_column(Date, doc="成立日期.")
    term_start: Mapped[dt.date | None] = mapped_column(Date, doc="First day of the 营业期限.")
    term_end: Mapped[dt.date | None] = mapped_column(
        Date, doc="Last day of it; null where it is open (长期) or was not accepted."
    )
    business_scope: Mapped[str | None] = mapped_column(Text, doc="经营范围.")
    issue_date: Mapped[dt.date | None] = mapped_column(Date, doc="Day of issue.")
    registration_authority: Mapped[str | None] = mapped_column(Text, doc="登记机关.")
    serial_number: Mapped[str | None] = mapped_column(Text, doc="编号.")
    doubtful: Mapped[list[str]] = mapped_column(
        Json, doc="Fields on which something stands that was not accepted."
    )


class StatementLineRow(Numbered, Base):
    """One amount of a statement as it is printed: a row of the form in one of its columns."""

    __tablename__ = "statement_lines"

    document: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the file.")
    page: Mapped[int] = mapped_column(doc="Page of the file.")
    kind: Mapped[str] = mapped_column(
        String(32), doc="`balance_sheet`, `income_statement` or `cash_flow_statement`."
    )
    scope: Mapped[str] = mapped_column(String(16), doc="`consolidated`, `parent` or `single`.")
    entity: Mapped[str | None] = mapped_column(Text, doc="编制单位; null unless accepted.")
    currency: Mapped[str] = mapped_column(Text, doc="ISO 4217.")
    item: Mapped[str | None] = mapped_column(
        Text, index=True, doc="Line item of the taxonomy; null for a row of the filer's own."
    )
    label: Mapped[str] = mapped_column(Text, doc="Label of the row.")
    context: Mapped[str | None] = mapped_column(
        String(16), doc="`end`, `begin`, `cur`, `prior`, `month` or `quarter`."
    )
    period_end: Mapped[dt.date | None] = mapped_column(
        Date, doc="Day of the balance, or last day of the period; null where the paper has none."
    )
    value: Mapped[Decimal | None] = mapped_column(
        Amount, doc="In whole units of `currency`; null where nothing stands or none was read."
    )
    state: Mapped[str] = mapped_column(
        String(16), doc="`present`, `blank`, `absent` or `unreadable`."
    )
    accepted: Mapped[bool] = mapped_column(doc="False: a person has to look before it is used.")


class RatioRow(Numbered, Base):
    """A ratio of one entity, scope and period, or why there is none."""

    __tablename__ = "ratios"

    entity: Mapped[str | None] = mapped_column(Text, doc="编制单位.")
    scope: Mapped[str] = mapped_column(String(16), doc="`consolidated`, `parent` or `single`.")
    period_end: Mapped[dt.date | None] = mapped_column(Date, doc="Last day of the period.")
    months: Mapped[int | None] = mapped_column(doc="Months that the flows cover.")
    ratio: Mapped[str] = mapped_column(Text, index=True, doc="Id of the ratio.")
    value: Mapped[Decimal | None] = mapped_column(Amount, doc="Six places; null: see `reason`.")
    reason: Mapped[str | None] = mapped_column(String(32), doc="Why there is no value.")
    accepted: Mapped[bool] = mapped_column(doc="False: a figure in it is not accepted.")


class FindingRow(Numbered, Base):
    """An objection of the checks."""

    __tablename__ = "findings"

    code: Mapped[str] = mapped_column(Text, index=True, doc="Code of the rule (docs/rules.md).")
    severity: Mapped[str] = mapped_column(String(16), doc="`info`, `warn`, `return` or `error`.")
    document: Mapped[str | None] = mapped_column(String(64), doc="SHA-256 of the file it is about.")
    page: Mapped[int | None] = mapped_column(doc="Page of the first evidence.")
    params: Mapped[dict[str, str]] = mapped_column(Json, doc="What its words are filled with.")


VIEWS: tuple[type[OfRecord], ...] = (
    DecisionRow,
    LicenceRow,
    StatementLineRow,
    RatioRow,
    FindingRow,
)
"""The tables that repeat the records."""
