"""The calculation tree over a column of the spread: which printed rows make up a printed total.

The strict sibling of `validators.arithmetic`: no allowances, since a formula in a workbook and
the proof that a row is nothing both need sums that hold as they stand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from schemas.documents import DocumentKind
from schemas.statements import StatementKind
from schemas.taxonomy import Calculation, load
from validators.prints import OWN

_CASH = DocumentKind.CASH_FLOW_STATEMENT

Values = Mapping[str, Decimal | None]
Terms = tuple[tuple[str, int], ...]
"""Printed rows with their signs."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A printed total, the rows that it should be the sum of, and what it is more than that.

    `unprinted` are the rows that the form has there and the print has not.
    """

    total: str
    terms: Terms
    unprinted: frozenset[str]
    difference: Decimal


def add_up(kind: StatementKind, values: Values, order: Sequence[str]) -> Iterator[Sum]:
    """Yield every printed total whose rows were all read; `order` is that of the table.

    Rows of the filer's own count in the blocks that allow them, where that closes the sum.
    """
    for calculation in _calculations(kind):
        printed = values.get(calculation.total)
        if printed is None:
            continue
        terms, unprinted = _terms(kind, calculation, values)
        found = [values[item] for item, _ in terms]
        if not terms or any(value is None for value in found):
            continue
        difference = printed - total(terms, values)
        own = _own(calculation, terms, values, order) if difference else ()
        if own and abs(difference) == abs(total(own, values)):
            sign = 1 if difference == total(own, values) else -1
            terms = (*terms, *((item, sign) for item, _ in own))
            difference = Decimal(0)
        yield Sum(calculation.total, terms, unprinted, difference)


def total(terms: Terms, values: Values) -> Decimal:
    """Return the sum of rows that were all read."""
    return sum((sign * (values[item] or Decimal(0)) for item, sign in terms), Decimal(0))


@cache
def _calculations(kind: StatementKind) -> tuple[Calculation, ...]:
    """Return the sums of a statement; the supplement is read with the cash flow."""
    blocks = {kind.value, *(("cash_flow_supplementary",) if kind is _CASH else ())}
    return tuple(entry for entry in load("cas").calculations if entry.statement in blocks)


@cache
def _made_of(kind: StatementKind, item: str, forms: tuple[str, ...]) -> Calculation | None:
    """Return what a total is made of, in the generation of the form that is being tried."""
    ways = [entry for entry in _calculations(kind) if entry.total == item]
    return min(ways, key=lambda way: way.applies_to not in {(), forms}, default=None)


def _terms(
    kind: StatementKind, calculation: Calculation, values: Values
) -> tuple[Terms, frozenset[str]]:
    """Return the printed rows of a total, and the rows that are not printed."""
    merged = {part for row, parts in calculation.exclusive if row in values for part in parts}
    terms: list[tuple[str, int]] = []
    unprinted: set[str] = set()
    for term in calculation.terms:
        if term.item in values and term.item not in merged:
            terms.append((term.item, term.weight))
            continue
        unprinted.add(term.item)
        below = _made_of(kind, term.item, calculation.applies_to)
        if below is not None and below.total != calculation.total:
            inner, missing = _terms(kind, below, values)
            terms += [(item, sign * term.weight) for item, sign in inner]
            unprinted |= missing
    return tuple(terms), frozenset(unprinted - merged)


def _own(
    calculation: Calculation, terms: Terms, values: Values, order: Sequence[str]
) -> tuple[tuple[str, int], ...]:
    """Return the filer's own rows between the first row of a block and its total."""
    if not calculation.plug:
        return ()
    places = {item: place for place, item in enumerate(order)}
    block = order[min(places[item] for item, _ in terms) : places[calculation.total]]
    return tuple(
        (item, 1) for item in block if item.startswith(OWN) and values.get(item) is not None
    )
