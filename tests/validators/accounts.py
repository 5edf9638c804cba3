"""Years of statements of the invented company of the taxonomies, for tests of ratios."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from schemas.documents import DocumentKind
from schemas.records import Dossier
from schemas.statements import Column, Context, Scope, Statement
from schemas.taxonomy import load
from tests.builders import BALANCE, CASH, INCOME, columns, dossier, rows, statement

CLOSING = date(2024, 12, 31)
OPENING = date(2023, 12, 31)
EXAMPLE = load("cas").examples[0].values
KINDS = (BALANCE, INCOME, CASH)

Amounts = Mapping[str, Mapping[Context, Decimal | str | int | None]]


def dated(kind: DocumentKind, closing: date | None, before: date | None) -> tuple[Column, ...]:
    days = (closing, before)
    return tuple(
        column.model_copy(update={"date": day})
        for column, day in zip(columns(kind), days, strict=True)
    )


def year(
    kind: DocumentKind,
    values: Amounts | None = None,
    *,
    days: tuple[date | None, date | None] = (CLOSING, OPENING),
    **changes: Any,
) -> Statement:
    """Return a statement of the worked example, or of other values, with its supplement."""
    values = EXAMPLE if values is None else values
    fields: dict[str, Any] = {"scope": Scope.CONSOLIDATED, "columns": dated(kind, *days)}
    made = statement(kind, values, **(fields | changes))
    if kind is CASH:
        more = _supplement(values)
        made = made.model_copy(update={"rows": (*made.rows, *more)})
    return made


def _supplement(values: Amounts) -> tuple[Any, ...]:
    cas = load("cas")
    items = [item for item in cas.items if item.statement == "cash_flow_supplementary"]
    moved = [item.model_copy(update={"statement": CASH.value}) for item in items]
    return rows(CASH, cas.model_copy(update={"items": tuple(moved)}), values)


def package_of(*statements: Statement) -> Dossier:
    return dossier(*statements)


def whole(**changes: Any) -> Dossier:
    """Return a package with the three statements of one year."""
    return package_of(*(year(kind, **changes) for kind in KINDS))


def times(factor: Decimal | int) -> Amounts:
    """Return the worked example with every amount multiplied."""
    return {
        item: {context: value * factor for context, value in amounts.items()}
        for item, amounts in EXAMPLE.items()
    }


def but(**amounts: Mapping[Context, Decimal | str | int | None] | None) -> Amounts:
    """Return the worked example with some rows changed, or left out with None."""
    merged: dict[str, Any] = {**EXAMPLE, **amounts}
    return {item: value for item, value in merged.items() if value is not None}
