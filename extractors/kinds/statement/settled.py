"""Which recognised amounts a sum of the form confirms as they were read.

Nothing is judged here: an amount in a sum that adds up to the last digit need not be looked at
again, and one in no such sum is worth a second reading.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extractors.amounts import parse
from extractors.kinds.statement.rows import RawRow
from extractors.labels import Vocabulary, Walk
from schemas.taxonomy import Calculation

Cell = tuple[int, int]
"""The number of a row and of a column."""

_LEAST_TERMS = 2
"""A total of one row says only that the same figure was read twice."""


def settled(rows: Sequence[RawRow], vocabulary: Vocabulary, statement: str) -> frozenset[Cell]:
    """Return the cells that stand in a sum of a table that holds as it was read."""
    walk = Walk(vocabulary, statement)
    items = [walk.name(row.label) for row in rows]
    columns = {column for row in rows for column in row.cells}
    found: set[Cell] = set()
    for column in columns:
        places: dict[str, int] = {}
        for place, (row, item) in enumerate(zip(rows, items, strict=True)):
            if item and column in row.cells:
                places.setdefault(item.id, place)
        values = {item: _value(rows[place], column) for item, place in places.items()}
        for used in _holding(vocabulary.sums(statement), values):
            found |= {(places[item], column) for item in used}
    return frozenset(found)


def _value(row: RawRow, column: int) -> Decimal | None:
    """Return the one clear amount of a cell, a dash as 0."""
    pieces = row.cells[column]
    amount = parse(pieces[0].text) if len(pieces) == 1 else None
    if amount is None or not amount.sound:
        return None
    return amount.value if amount.value is not None else Decimal(0)


def _holding(
    sums: Sequence[Calculation], values: Mapping[str, Decimal | None]
) -> Iterator[set[str]]:
    """Yield the items of every sum that adds up."""
    for calculation in sums:
        total = values.get(calculation.total)
        terms = dict(_terms(calculation, sums, values, frozenset()))
        found = {item: values[item] for item in terms}
        if (
            not total
            or None in found.values()
            or len([v for v in found.values() if v]) < _LEAST_TERMS
        ):
            continue
        if sum((terms[item] * (value or 0) for item, value in found.items()), Decimal(0)) == total:
            yield {calculation.total, *terms}


def _terms(
    calculation: Calculation,
    sums: Sequence[Calculation],
    values: Mapping[str, Decimal | None],
    above: frozenset[str],
) -> Iterator[tuple[str, int]]:
    """Yield the printed rows of a sum; a total that is not printed stands for its own rows."""
    for term in calculation.terms:
        if term.item in values:
            yield term.item, term.weight
            continue
        below = next((entry for entry in sums if entry.total == term.item), None)
        if below and term.item not in above:
            for item, weight in _terms(below, sums, values, above | {term.item}):
                yield item, weight * term.weight
