"""Sums as an error-correcting code: what a failing sum and the pixels together prove.

A misread amount breaks every sum that it stands in. It is repaired when one change of one cell
mends all of them, breaks no other, and is what the pixels may show: either a second reading of
the place says exactly that, or a runner-up of the first does and two sums at least agree. Sums
alone never repair: a paper that is itself wrong would be put right, and the fault hidden.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from schemas.fields import Candidate, Field
from schemas.records import Reading
from schemas.statements import Row, Statement
from validators.arithmetic import Gap, Ledger, gaps, ledgers
from validators.papers import taxonomy_of
from validators.proof import holding

_SUPPORT = {"second_reading": 1, "alternative": 2}
"""How many sums must hold with the change, by what says that the pixels show it."""


@dataclass(frozen=True)
class Repair:
    """A change of one cell that mends what is broken."""

    item: str
    column: str
    candidate: Candidate[Decimal]


def repair(reading: Reading) -> Reading:
    """Return the reading with every amount repaired that the accounts and the pixels prove."""
    documents = tuple(
        repaired(document) if isinstance(document, Statement) else document
        for document in reading.documents
    )
    return reading.model_copy(update={"documents": documents})


def repaired(statement: Statement) -> Statement:
    """Return the statement with the repairs that stand alone; where two would do, none is made."""
    done = statement
    for ledger in ledgers(statement, taxonomy_of(statement)):
        while (found := _next(_of(done, ledger))) is not None:
            done = _changed(done, found)
    return done


def _of(statement: Statement, ledger: Ledger) -> Ledger:
    return Ledger(statement, ledger.taxonomy, ledger.column)


def _next(ledger: Ledger) -> Repair | None:
    """Return the first repair that is the only one for a broken sum."""
    broken = list(gaps(ledger))
    for gap in broken:
        found = {
            (repair.item, repair.candidate.value): repair
            for repair in _possible(ledger, gap)
            if _mends(ledger, broken, repair)
        }
        if len(found) == 1:
            return next(iter(found.values()))
    return None


def _possible(ledger: Ledger, gap: Gap) -> Iterator[Repair]:
    """Yield the changes of one cell that make up for the difference and that pixels may show."""
    difference = gap.printed - gap.computed
    for item, cell in ledger.cells.items():
        if cell.value is None or cell.accepted or not any(cell is other for other in gap.cells):
            continue
        for candidate in cell.candidates:
            if abs(candidate.value - cell.value) == abs(difference):
                yield Repair(item, ledger.column.id, candidate)


def _mends(ledger: Ledger, broken: list[Gap], repair: Repair) -> bool:
    """Return whether a change leaves nothing broken that the cell stands in, and has support."""
    cell = ledger.cells[repair.item]
    after = _of(_changed(ledger.statement, repair), ledger)
    still = {gap.total for gap in gaps(after)}
    before = {gap.total for gap in broken}
    concerned = {gap.total for gap in broken if any(cell is other for other in gap.cells)}
    if still - before or still & concerned:
        return False
    return holding(after)[repair.item] >= _SUPPORT[repair.candidate.source]


def _changed(statement: Statement, repair: Repair) -> Statement:
    rows: list[Row] = []
    is_done = False
    for row in statement.rows:
        cell = row.values.get(repair.column)
        if not is_done and row.item == repair.item and cell is not None:
            values = {**row.values, repair.column: _with(cell, repair.candidate)}
            rows.append(row.model_copy(update={"values": values}))
            is_done = True
        else:
            rows.append(row)
    return statement.model_copy(update={"rows": tuple(rows)})


def _with(cell: Field[Decimal], candidate: Candidate[Decimal]) -> Field[Decimal]:
    """Take the candidate for the value; the reading that it replaces stays in `raw`."""
    return cell.model_copy(update={"value": candidate.value, "repaired": True, "candidates": ()})
