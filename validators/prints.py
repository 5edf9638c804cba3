"""One printed column of a statement, in the line items of the CAS taxonomy."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from schemas.fields import Field, FieldState
from schemas.statements import Column, Context, Statement
from schemas.taxonomy import Item, Taxonomy
from validators.arithmetic import PERIODS, amount
from validators.books import Paper

OWN = "own:"
"""Begins the id of a row that fits no line item; its label follows."""

_COMPARATIVE = frozenset({Context.BEGIN, Context.PRIOR})
_OUTGOING = frozenset({"expense_positive", "outflow_positive"})


class Printed(NamedTuple):
    """What stands in the rows of one item: of two rows that mean the same item, the sum."""

    value: Decimal | None
    fields: tuple[Field[Decimal], ...]
    label: str


@dataclass(frozen=True, eq=False)
class Print:
    """A column of a statement of the package."""

    paper: Paper
    column: Column

    @property
    def statement(self) -> Statement:
        """The statement that it is a column of."""
        return self.paper.statement

    @cached_property
    def reported(self) -> dt.date | None:
        """The day that the statement is of, which is its latest column's."""
        days = [column.date for column in self.statement.columns if column.date]
        return max(days, default=None)

    @cached_property
    def rank(self) -> tuple[int, bool, int, int]:
        """Smaller is better: the later report, its own column, the better reading, the first.

        A row that fits no line item is as little use as one that is not accepted: a report may
        have its figures under a second standard, whose rows are less well known.
        """
        reported = self.reported
        column = self.column.id
        cells = [(row, row.values.get(column)) for row in self.statement.rows]
        doubtful = sum(
            1 for row, cell in cells if cell is not None and not (cell.accepted and row.item)
        )
        return (
            -reported.toordinal() if reported else 0,
            self.column.context in _COMPARATIVE,
            doubtful,
            self.paper.number,
        )

    @cached_property
    def precision(self) -> Decimal:
        """The unit of the last printed place."""
        return self.paper.ledger(self.column).precision

    @cached_property
    def amounts(self) -> dict[str, Printed]:
        """What is printed, by line item, in the order of the print.

        Expenses that a form prints in brackets are turned, so that a cost is positive. Rows of
        no item are kept under their label.
        """
        rows = self._rows
        known_items = self._taxonomy.by_id
        sign = -1 if _prints_costs_negative(rows, known_items) else 1
        found: dict[str, Printed] = {}
        for source, target, printed in rows:
            item = known_items.get(source)
            turned = _times(printed, sign) if item and item.sign in _OUTGOING else printed
            known = found.get(target)
            found[target] = turned if known is None else _both(known, turned, item)
        return found

    @cached_property
    def merged(self) -> frozenset[str]:
        """The items that are not printed because a printed row has them among others."""
        entries = [self._taxonomy.by_id.get(source) for source, *_ in self._rows]
        parts = {
            part
            for entry in entries
            if entry is not None
            for part in (*entry.combined_of, *(entry.cas if len(entry.cas) > 1 else ()))
            if self._has_amount(entry.id)
        }
        return frozenset(parts - self.amounts.keys())

    @property
    def _taxonomy(self) -> Taxonomy:
        return self.paper.taxonomy

    def _has_amount(self, source: str) -> bool:
        return any(printed.value != 0 for item, _, printed in self._rows if item == source)

    @cached_property
    def _rows(self) -> tuple[tuple[str, str, Printed], ...]:
        """Item, CAS item and figure; of a row that is printed twice only the first."""
        found: dict[str, tuple[str, str, Printed]] = {}
        column, known = self.column.id, self._taxonomy.by_id
        for row in self.statement.rows:
            cell = row.values.get(column)
            source = row.item or f"{OWN}{row.label}"
            if cell is None or cell.state is FieldState.ABSENT or source in found:
                continue
            item = known.get(source)
            target = _target(item) if item else source
            found[source] = source, target, Printed(amount(cell), (cell,), row.label)
        return tuple(found.values())


def prints_of(papers: Iterable[Paper]) -> Iterator[Print]:
    """Yield the columns that speak of a whole period or its end; months and quarters do not.

    Of several columns for the same period in one statement (before, adjustment, after) the first
    counts, as it does in the checks.
    """
    for paper in papers:
        seen: set[tuple[Context | None, dt.date | None]] = set()
        for column in paper.statement.columns:
            told = column.context, column.date
            if column.context in PERIODS and told not in seen:
                seen.add(told)
                yield Print(paper, column)


def _target(item: Item) -> str:
    """Return the CAS item; one with several counterparts stays what it is."""
    return item.cas[0] if len(item.cas) == 1 else item.id


def _prints_costs_negative(
    rows: tuple[tuple[str, str, Printed], ...], known: dict[str, Item]
) -> bool:
    """Return whether most costs of a column have a minus, as in forms that print them in brackets.

    Costs are stored positive everywhere else; a single negative one is a credit.
    """
    costs = [
        printed.value
        for source, _, printed in rows
        if (item := known.get(source)) and item.sign in _OUTGOING and printed.value
    ]
    return sum(1 if value < 0 else -1 for value in costs) > 0


def _times(printed: Printed, sign: int) -> Printed:
    value = None if printed.value is None else printed.value * sign
    return Printed(value, printed.fields, printed.label)


def _both(known: Printed, other: Printed, item: Item | None) -> Printed:
    """Return the sum of two lines of one item; a total that stands there twice counts once."""
    if item is None or item.kind == "total":
        return known
    missing = known.value is None or other.value is None
    value = None if missing else (known.value or Decimal(0)) + (other.value or Decimal(0))
    return Printed(value, (*known.fields, *other.fields), known.label)
