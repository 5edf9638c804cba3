"""Which recognised amounts the accounts themselves prove.

An amount read from a picture is accepted when it takes part in a sum of the form that holds to
the last digit: one misread digit, sign or column anywhere in the sum would break it. Two figures
of a sum that begin alike can be misread alike, so one sum is enough only for an amount whose
weakest character is sure, and two sums for any other. Sums with allowances (rows of the filer's
own, rounding) explain a difference but prove nothing.

A figure that the file prints twice (`validators.ties`) counts like one more sum for an amount that
a sum binds, and speaks against both places where it is not the same.

What the pixels alone had accepted is no longer when a sum speaks against it: a recognised amount
in a sum or tie that fails, and in no sum that holds, is for a person to look at. So is every
recognised amount whose unit is neither printed nor that of the other statements of the file.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState
from schemas.records import Reading
from schemas.statements import Row, Statement
from validators.arithmetic import Ledger, gaps, ledgers, sums
from validators.papers import has_known_unit, taxonomy_of
from validators.ties import Place, broken, held, partners

_LEAST_TERMS = 2
"""A total of one row proves only that the same figure was read twice."""

_SURE = 0.8
"""Wrong characters of confident lines stood at 0.57 to 0.77 on real papers."""

_BALANCE = (
    ("total_assets", "total_liabilities_and_equity"),
    ("total_assets", "total_equity_and_liabilities"),
)

_UNREAD = "column_"
"""How the id of a column begins whose heading was not read: its sums hold for changes as well as
for the balances that it was taken for, and prove nothing of what it is."""

_FUND = "restricted"
"""How the ids of the columns of restricted and unrestricted funds end."""


def prove(reading: Reading) -> Reading:
    """Return the reading with every proven amount accepted, and none that a sum contradicts."""
    documents = tuple(
        _proven(document, reading) if isinstance(document, Statement) else document
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


@dataclass(frozen=True)
class _Verdict:
    """In how many sums and ties that hold each cell takes part, and which are in one that fails."""

    holding: Counter[Place]
    tied: Counter[Place]
    failing: frozenset[Place]


def _proven(statement: Statement, reading: Reading) -> Statement:
    cells = [cell for row in statement.rows for cell in row.values.values()]
    if all(cell.accepted and not _is_recognised(cell) for cell in cells):
        return statement
    counts: Counter[Place] = Counter()
    failing: set[Place] = set()
    for ledger in _adding_up(statement):
        counts.update({(item, ledger.column.id): n for item, n in holding(ledger).items()})
        failing |= {(item, ledger.column.id) for item in _failing(ledger)}
    tied = partners(reading, statement)
    failing |= broken(statement, tied)
    verdict = _Verdict(counts, held(statement, tied), frozenset(failing))
    seen: set[Place] = set()
    rows = tuple(_judged(row, verdict, seen) for row in statement.rows)
    if not has_known_unit(statement, reading):
        rows = tuple(map(_doubted, rows))
    return statement.model_copy(update={"rows": rows})


def _adding_up(statement: Statement) -> Iterator[Ledger]:
    """Yield the columns whose sums prove something, those of funds in a non-profit among them."""
    taxonomy = taxonomy_of(statement)
    for ledger in ledgers(statement, taxonomy):
        if not ledger.column.id.startswith(_UNREAD):
            yield ledger
    for column in statement.columns:
        if column.id.endswith(_FUND):
            yield Ledger(statement, taxonomy, column)


def _judged(row: Row, verdict: _Verdict, seen: set[Place]) -> Row:
    """Judge the cells of a row; only the first row of an item took part in the sums."""
    values: dict[str, Field[Decimal]] = {}
    for column, cell in row.values.items():
        place = (row.item or "", column)
        values[column] = cell if place in seen else _judge(cell, place, verdict)
        if cell.state is not FieldState.ABSENT:
            seen.add(place)
    return row.model_copy(update={"values": values})


def _judge(cell: Field[Decimal], place: Place, verdict: _Verdict) -> Field[Decimal]:
    if not cell.value:
        return cell
    sums_that_hold = verdict.holding[place]
    needed = 1 if cell.confidence is None or cell.confidence >= _SURE else 2
    if sums_that_hold and sums_that_hold + verdict.tied[place] >= needed:
        return cell.model_copy(update={"accepted": True})
    if _is_recognised(cell) and place in verdict.failing and not sums_that_hold:
        return cell.model_copy(update={"accepted": False})
    return cell


def _doubted(row: Row) -> Row:
    """Take the acceptance from what was recognised in a row."""
    values = {
        column: cell.model_copy(update={"accepted": False}) if _is_recognised(cell) else cell
        for column, cell in row.values.items()
    }
    return row.model_copy(update={"values": values})


def _is_recognised(cell: Field[Decimal]) -> bool:
    """Return whether a cell was read from a picture rather than taken from a text layer."""
    return cell.confidence is not None


def _failing(ledger: Ledger) -> Iterator[str]:
    for gap in gaps(ledger):
        yield from (
            item for item, cell in ledger.cells.items() if any(cell is other for other in gap.cells)
        )


def _balanced(ledger: Ledger) -> Iterator[str]:
    """Yield both totals of a balance sheet whose sides are the same, each a sum of its own."""
    for left, right in _BALANCE:
        if left in ledger.cells and right in ledger.cells:
            amounts = ledger.amount(left), ledger.amount(right)
            if amounts[0] and amounts[0] == amounts[1]:
                yield from (left, right)
