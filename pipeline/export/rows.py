"""Every printed amount and every licence field of a record as one flat row."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import NamedTuple, TypeVar

from schemas.fields import Field
from schemas.licence import BusinessLicence, Term
from schemas.records import Reading, Record
from schemas.statements import Column, Statement

Box = tuple[float, float, float, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FlatRow:
    """One value with what it is, of when, and where it stands.

    `value` is exact: a decimal in whole currency units without exponent, an ISO date, an interval
    of dates, or text. `document` is the sha256 of the file; `box` is left, top, right, bottom.
    """

    package: str
    revision: int
    document: str
    file: str
    kind: str
    scope: str | None
    item: str | None
    label: str
    column: str | None
    context: str | None
    date: str | None
    currency: str
    value: str | None
    raw: str | None
    state: str
    accepted: bool
    repaired: bool
    confidence: float | None
    page: int | None
    box: Box | None

    def as_dict(self) -> dict[str, object]:
        """Return the row by the names of its columns, in order."""
        return asdict(self)


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(FlatRow))
"""The columns of the flat formats."""


def flat_rows(record: Record) -> Iterator[FlatRow]:
    """Yield the rows of a record in the order of its files and of the print."""
    for reading in record.dossier.readings:
        for document in reading.documents:
            if isinstance(document, Statement):
                yield from _of_statement(record, reading, document)
            elif isinstance(document, BusinessLicence):
                yield from _of_licence(record, reading, document)


class _What(NamedTuple):
    """What a value is and of when; the columns of the flat rows with the same names."""

    kind: str
    currency: str
    item: str | None
    label: str
    scope: str | None = None
    column: Column | None = None


def _of_statement(record: Record, reading: Reading, statement: Statement) -> Iterator[FlatRow]:
    columns = {column.id: column for column in statement.columns}
    kind, scope, currency = statement.kind.value, statement.scope.value, statement.currency
    for row in statement.rows:
        for column, cell in row.values.items():
            what = _What(kind, currency, row.item, row.label_raw, scope, columns.get(column))
            yield _row(record, reading, what, cell)


def _of_licence(record: Record, reading: Reading, licence: BusinessLicence) -> Iterator[FlatRow]:
    for name in licence.field_names():
        field: Field[object] = getattr(licence, name)
        label = field.label or name
        what = _What(licence.kind.value, licence.capital_currency, name, label)
        yield _row(record, reading, what, field)


def _row(record: Record, reading: Reading, what: _What, field: Field[T]) -> FlatRow:
    column, place = what.column, field.provenance
    return FlatRow(
        package=record.package_id,
        revision=record.revision,
        document=reading.source.sha256,
        file=reading.source.name,
        kind=what.kind,
        scope=what.scope,
        item=what.item,
        label=what.label,
        column=column.id if column else None,
        context=column.context.value if column and column.context else None,
        date=plain(column.date) if column else None,
        currency=what.currency,
        value=plain(field.value),
        raw=field.raw,
        state=field.state.value,
        accepted=field.accepted,
        repaired=field.repaired,
        confidence=None if field.confidence is None else round(field.confidence, 4),
        page=place.page if place else None,
        box=_rounded(place.box) if place else None,
    )


def _rounded(box: Box) -> Box:
    left, top, right, bottom = (round(edge, 1) for edge in box)
    return left, top, right, bottom


def plain(value: object) -> str | None:
    """Return a value as text.

    >>> plain(Decimal("1.2E+4"))
    '12000'
    """
    match value:
        case None:
            return None
        case Decimal():
            return format(value, "f")
        case dt.date():
            return value.isoformat()
        case Term():
            return str(value.model_dump())
        case _:
            return str(value)
