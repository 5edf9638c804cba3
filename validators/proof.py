"""Which recognised amounts the accounts themselves prove.

An amount read from a picture is accepted when it takes part in a sum of the form that holds to
the last digit: one misread digit, sign or column anywhere in the sum would break it. Two figures
of a sum that begin alike can be misread alike, so one sum is enough only for an amount whose
weakest character is sure, and two sums for any other. Sums with allowances (rows of the filer's
own, rounding) explain a difference but prove nothing.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState
from schemas.records import Reading
from schemas.statements import Row, Statement
from validators.arithmetic import Ledger, ledgers, sums
from validators.papers import taxonomy_of

_LEAST_TERMS = 2
"""A total of one row proves only that the same figure was read twice."""

_SURE = 0.8
"""Wrong characters of confident lines stood at 0.57 to 0.77 on real papers."""

_BALANCE = (
    ("total_assets", "total_liabilities_and_equity"),
    ("total_assets", "total_equity_and_liabilities"),
)

Place = tuple[str, str]
"""A line item and the id of a column."""


def prove(reading: Reading) -> Reading:
    """Return the reading with every proven amount accepted; nothing else changes."""
    documents = tuple(
        _proven(document) if isinstance(document, Statement) else document
        for document in reading.documents
    )
    return reading.model_copy(update={"documents": documents})


def holding(ledger: Ledger) -> Counter[str]:
    """Return for each line item in how many sums that hold to the last digit it takes part.

    Several ways to make up one total are one sum.
    """
    bound: dict[str, set[str]] = {}
    for total, leaves, difference in sums(ledger):
        counted = {leaf.item for leaf in leaves if ledger.amount(leaf.item)}
        if difference == 0 and len(counted) >= _LEAST_TERMS and ledger.amount(total):
            bound.setdefault(total, set()).update(counted, (total,))
    if ledger.statement.kind is DocumentKind.BALANCE_SHEET:
        bound["balance"] = set(_balanced(ledger))
    return Counter(item for items in bound.values() for item in items)


def _proven(statement: Statement) -> Statement:
    if all(cell.accepted for row in statement.rows for cell in row.values.values()):
        return statement
    counts: Counter[Place] = Counter()
    for ledger in ledgers(statement, taxonomy_of(statement)):
        counts.update({(item, ledger.column.id): n for item, n in holding(ledger).items()})
    seen: set[Place] = set()
    rows = tuple(_accepted(row, counts, seen) for row in statement.rows)
    return statement.model_copy(update={"rows": rows})


def _accepted(row: Row, counts: Counter[Place], seen: set[Place]) -> Row:
    """Accept the proven cells of a row; only the first row of an item took part in the sums."""
    values: dict[str, Field[Decimal]] = {}
    for column, cell in row.values.items():
        place = (row.item or "", column)
        needed = 1 if cell.confidence is None or cell.confidence >= _SURE else 2
        is_proven = counts[place] >= needed and place not in seen and bool(cell.value)
        if cell.state is not FieldState.ABSENT:
            seen.add(place)
        values[column] = cell.model_copy(update={"accepted": True}) if is_proven else cell
    return row.model_copy(update={"values": values})


def _balanced(ledger: Ledger) -> Iterator[str]:
    """Yield both totals of a balance sheet whose sides are the same, each a sum of its own."""
    for left, right in _BALANCE:
        if left in ledger.cells and right in ledger.cells:
            amounts = ledger.amount(left), ledger.amount(right)
            if amounts[0] and amounts[0] == amounts[1]:
                yield from (left, right)
