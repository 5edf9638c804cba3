"""Sums as an error-correcting code: what a failing sum and the pixels together prove.

A misread amount breaks every sum that it stands in. It is repaired when one change of one cell
mends all of them, breaks no other, and is what the pixels may show: either a second reading of
the place says exactly that, or a runner-up of the first does and two sums at least agree. A figure
that the file prints twice counts like a sum, and has to be the same after the change. Sums
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
from validators.ties import NO_TIES, Tied, broken, held, partners

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
    done = reading
    for place, document in enumerate(reading.documents):
        if isinstance(document, Statement):
            mended = repaired(document, partners(done, document))
            documents = (*done.documents[:place], mended, *done.documents[place + 1 :])
            done = done.model_copy(update={"documents": documents})
    return done


def repaired(statement: Statement, tied: Tied = NO_TIES) -> Statement:
    """Return the statement with the repairs that stand alone; where two would do, none is made."""
    done = statement
    for ledger in ledgers(statement, taxonomy_of(statement)):
        while (found := _next(_of(done, ledger), tied)) is not None:
            done = _changed(done, found)
    return done


def _of(statement: Statement, ledger: Ledger) -> Ledger:
    return Ledger(statement, ledger.taxonomy, ledger.column)


def _next(ledger: Ledger, tied: Tied) -> Repair | None:
    """Return the first repair that is the only one for a broken sum."""
    failing = list(gaps(ledger))
    for gap in failing:
        found = {
            (repair.item, repair.candidate.value): repair
            for repair in _possible(ledger, gap)
            if _mends(ledger, failing, repair, tied)
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


def _mends(ledger: Ledger, failing: list[Gap], repair: Repair, tied: Tied) -> bool:
    """Return whether a change leaves nothing broken that the cell stands in, and has support."""
    place = repair.item, repair.column
    cell = ledger.cells[repair.item]
    after = _of(_changed(ledger.statement, repair), ledger)
    still = {gap.total for gap in gaps(after)}
    before = {gap.total for gap in failing}
    concerned = {gap.total for gap in failing if any(cell is other for other in gap.cells)}
    if still - before or still & concerned or place in broken(after.statement, tied):
        return False
    sums = holding(after)[repair.item]
    ties = held(after.statement, tied)[place]
    return sums > 0 and sums + ties >= _SUPPORT[repair.candidate.source]


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
