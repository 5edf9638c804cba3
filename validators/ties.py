"""Figures that a file prints twice: what one statement says of another, or of its supplement.

A tie is no sum: a figure that was misread alike in both places would hold it. It supports an
amount that a sum binds, and it contradicts; it proves nothing alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from schemas.documents import DocumentKind
from schemas.records import Reading
from schemas.statements import Column, Context, Statement
from validators.arithmetic import amount

Place = tuple[str, str]
"""A line item and the id of a column."""

_BALANCE = DocumentKind.BALANCE_SHEET
_INCOME = DocumentKind.INCOME_STATEMENT
_CASH = DocumentKind.CASH_FLOW_STATEMENT


@dataclass(frozen=True, slots=True)
class _End:
    """One of two places where a figure is printed."""

    kind: DocumentKind
    item: str
    context: Context


@dataclass(frozen=True, slots=True)
class Partner:
    """What stands in the other place; `strict`: it has to be the same."""

    value: Decimal
    strict: bool


Tied = Mapping[Place, tuple[Partner, ...]]
NO_TIES: Tied = {}


def _pairs() -> Iterator[tuple[_End, _End, bool]]:
    """Yield the ties of the forms: X_IS_CFS_net_profit, X_CF_direct_vs_indirect, X_CFS_*.

    Cash of the cash-flow statement may be less than that of the balance sheet (X_CF_vs_BS_*).
    """
    for context in (Context.CURRENT, Context.PRIOR):
        yield (
            _End(_INCOME, "net_profit", context),
            _End(_CASH, "cfs_net_profit", context),
            True,
        )
        for item in ("net_cash_from_operating", "net_increase_in_cash"):
            yield _End(_CASH, item, context), _End(_CASH, f"cfs_{item}", context), True
    for balance, flow in ((Context.END, "end"), (Context.BEGIN, "begin")):
        yield (
            _End(_BALANCE, "cash_and_bank_balances", balance),
            _End(_CASH, f"cash_equivalents_{flow}", Context.CURRENT),
            False,
        )


_TIES = tuple(_pairs())


def partners(reading: Reading, statement: Statement) -> Tied:
    """Return what the same figures are elsewhere in the file, by their places in a statement."""
    found: dict[Place, tuple[Partner, ...]] = {}
    for one, other, strict in _TIES:
        for own, there in ((one, other), (other, one)):
            column = _column(statement, own.context) if own.kind is statement.kind else None
            far = _other(reading, statement, there.kind)
            if column is None or far is None:
                continue
            value = _value(far, there, column if own.kind is there.kind else None)
            if value is not None:
                place = own.item, column.id
                found[place] = (*found.get(place, ()), Partner(value, strict))
    return found


def held(statement: Statement, tied: Tied) -> Counter[Place]:
    """Return for each place how many of its ties hold."""
    values = {place: _printed(statement, *place) for place in tied}
    return Counter(
        place for place, others in tied.items() for one in others if one.value == values[place]
    )


def broken(statement: Statement, tied: Tied) -> frozenset[Place]:
    """Return the places whose figure has to be the same elsewhere and is not."""
    values = {place: _printed(statement, *place) for place in tied}
    return frozenset(
        place
        for place, others in tied.items()
        if values[place] is not None
        and any(one.strict and one.value != values[place] for one in others)
    )


def _other(reading: Reading, statement: Statement, kind: DocumentKind) -> Statement | None:
    """Return the one statement of a kind that goes with a statement, itself included."""
    if kind is statement.kind:
        return statement
    found = [
        document
        for document in reading.documents
        if isinstance(document, Statement)
        and document.kind is kind
        and (document.scope, document.scale, document.currency)
        == (statement.scope, statement.scale, statement.currency)
    ]
    return found[0] if len(found) == 1 else None


def _column(statement: Statement, context: Context) -> Column | None:
    found = [column for column in statement.columns if column.context is context]
    return found[0] if len(found) == 1 else None


def _value(statement: Statement, end: _End, column: Column | None) -> Decimal | None:
    """Return the figure at an end, in a column or, on another statement, that of its context."""
    column = column or _column(statement, end.context)
    return (_printed(statement, end.item, column.id) or None) if column else None


def _printed(statement: Statement, item: str, column: str) -> Decimal | None:
    rows = (row.values.get(column) for row in statement.rows if row.item == item)
    cell = next((cell for cell in rows if cell is not None), None)
    return amount(cell) if cell is not None else None
