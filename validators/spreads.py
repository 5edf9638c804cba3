"""The accounts of a package side by side: every period of one entity and scope in one table.

Statements of the same kind are merged by the dates of their columns. Line items are those of the
CAS taxonomy; items of other standards come over through `Item.cas`, those without a counterpart
and rows of the filer's own keep their place. Of two prints of the same period the later report
counts, whole, since it may have moved amounts between rows; what the earlier one had otherwise
stays beside it.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from typing import NamedTuple

from schemas.documents import DocumentKind
from schemas.fields import Field
from schemas.records import Dossier
from schemas.statements import Context, Scope, StatementKind
from schemas.taxonomy import load
from validators.addition import Sum, Terms, add_up
from validators.books import Books, books
from validators.prints import OWN, Print, Printed, prints_of

_COMPARED = frozenset({Context.BEGIN, Context.PRIOR})


class Period(NamedTuple):
    """The day of a balance or the last day of a flow; undated columns go by their context."""

    date: dt.date | None
    context: Context | None = None

    @property
    def label(self) -> str:
        """Return the date, or the word for the column."""
        return self.date.isoformat() if self.date else (self.context or "")


class Mark(StrEnum):
    """What the other prints of the same figure say."""

    RESTATED = "restated"
    """A later report prints another figure for the same day; both readings are accepted."""
    CONFLICT = "conflict"
    """Two papers of the same standing differ, or one of the readings is not accepted."""


class Cell(NamedTuple):
    """One figure: its value, the printed cells that it comes from, and what others print.

    `value` None: nothing could be read, or the latest print has no such row. `others` are the
    prints of the same figure that differ, the latest first.
    """

    value: Decimal | None
    accepted: bool
    fields: tuple[Field[Decimal], ...]
    source: Print
    mark: Mark | None = None
    others: tuple["Cell", ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: the item of the CAS taxonomy where there is one, and how it is called."""

    item: str
    label: str
    place: tuple[float, ...] = field(compare=False)


@dataclass(frozen=True)
class Spread:
    """One statement of one entity and scope over all periods, the newest first."""

    kind: StatementKind
    periods: tuple[Period, ...]
    lines: tuple[Line, ...]
    cells: dict[tuple[str, Period], Cell]
    sources: dict[Period, Print]

    def cell(self, item: str, period: Period) -> Cell | None:
        """Return a figure, None where none of the prints has the row."""
        return self.cells.get((item, period))

    @cached_property
    def amounts(self) -> dict[Period, dict[str, Decimal | None]]:
        """What the latest print has in a period: a dash is 0, and None what could not be read."""
        found: dict[Period, dict[str, Decimal | None]] = {period: {} for period in self.periods}
        for (item, period), cell in self.cells.items():
            if cell.fields:
                found[period][item] = cell.value
        return found

    @cached_property
    def sums(self) -> dict[Period, tuple[Sum, ...]]:
        """Every printed total that can be added up, with its rows."""
        order = [line.item for line in self.lines]
        return {
            period: tuple(add_up(self.kind, self.amounts[period], order)) for period in self.periods
        }

    def terms(self, total: str, period: Period) -> Terms | None:
        """Return rows whose sum is the total to the last digit, None when there are none."""
        sums = (found for found in self.sums[period] if found.total == total)
        return next((found.terms for found in sums if found.difference == 0), None)

    def is_nothing(self, item: str, period: Period) -> bool:
        """Return whether a row that is not printed is proven to be nothing.

        The total that it belongs to adds up without it, but for rounding.
        """
        unit = self.sources[period].precision
        return any(
            abs(found.difference) <= unit / 2 * (len(found.terms) + 1)
            for found in self.sums[period]
            if item in found.unprinted
        )


@dataclass(frozen=True)
class Accounts:
    """All statements of one entity, scope and currency."""

    entity: str | None
    scope: Scope
    currency: str
    spreads: dict[StatementKind, Spread]

    @property
    def periods(self) -> tuple[Period, ...]:
        """Return the days of all statements, the newest first; undated columns are one period."""
        days = {p.date for spread in self.spreads.values() for p in spread.periods}
        return tuple(Period(day) for day in sorted(days, key=_newest_first))


def spread(dossier: Dossier) -> tuple[Accounts, ...]:
    """Return the accounts of a package, in the order in which they come in the files."""
    return tuple(_accounts(one) for one in books(dossier))


def _accounts(one: Books) -> Accounts:
    spreads: dict[StatementKind, Spread] = {}
    for kind in (
        DocumentKind.BALANCE_SHEET,
        DocumentKind.INCOME_STATEMENT,
        DocumentKind.CASH_FLOW_STATEMENT,
    ):
        prints = [p for p in prints_of(one.papers) if p.statement.kind is kind]
        if prints:
            spreads[kind] = _spread(kind, prints)
    name = one.entity.value if one.entity else None
    return Accounts(name, one.scope, one.currency, spreads)


def _spread(kind: StatementKind, prints: list[Print]) -> Spread:
    by_period: dict[Period, list[Print]] = {}
    for one in sorted(prints, key=lambda one: one.rank):
        day = one.column.date
        by_period.setdefault(Period(day, None if day else one.column.context), []).append(one)
    cells = {
        (item, period): cell
        for period, several in by_period.items()
        for item, cell in _merged(several).items()
    }
    return Spread(
        kind=kind,
        periods=tuple(sorted(by_period, key=_place_of_period)),
        lines=_lines(prints, {item for item, _ in cells}),
        cells=cells,
        sources={period: several[0] for period, several in by_period.items()},
    )


def _merged(prints: list[Print]) -> dict[str, Cell]:
    """Return the figures of a period from its prints, of which the first counts.

    Rows of the filer's own go by labels, which differ between papers: those of the first only.
    """
    first, *rest = [{i: _cell(p, printed) for i, printed in p.amounts.items()} for p in prints]
    for other in rest:
        for item, cell in other.items():
            known = first.get(item)
            if known is None and cell.value and not item.startswith(OWN):
                mark = _mark(prints[0], cell)
                first[item] = Cell(None, cell.accepted, (), prints[0], mark, (cell,))
            elif known is not None and _differs(known, cell):
                first[item] = _beside(known, cell)
    return first


def _cell(source: Print, printed: Printed) -> Cell:
    accepted = all(part.accepted for part in printed.fields)
    return Cell(printed.value, accepted, printed.fields, source)


def _differs(one: Cell, other: Cell) -> bool:
    """Return whether two prints differ by more than the coarser of them rounds."""
    if one.value is None:
        return other.value is not None
    unit = max(one.source.precision, other.source.precision)
    return other.value is not None and abs(one.value - other.value) >= unit


def _beside(known: Cell, other: Cell) -> Cell:
    """Return the figure with another print of it.

    What the later report has and could not be read is filled from the earlier, unaccepted. Two
    accepted readings of the same standing that differ are both in doubt.
    """
    mark = Mark.CONFLICT if known.mark is Mark.CONFLICT else _mark(known.source, other)
    if known.accepted is False:
        mark = Mark.CONFLICT
    contradicted = other.accepted and not _is_later(known.source, other.source)
    unread = known.value is None and known.fields
    return known._replace(
        value=other.value if unread else known.value,
        accepted=known.accepted and not contradicted,
        mark=mark,
        others=(*known.others, other),
    )


def _mark(source: Print, other: Cell) -> Mark:
    later = _is_later(source, other.source) and other.accepted
    return Mark.RESTATED if later else Mark.CONFLICT


def _is_later(one: Print, other: Print) -> bool:
    return bool(one.reported and other.reported and one.reported > other.reported)


def _lines(prints: list[Print], wanted: set[str]) -> tuple[Line, ...]:
    """Return the rows in the order of the form, rows of no item after the one above them."""
    known, order = load("cas").by_id, _order_of_the_form()
    found: dict[str, Line] = {}
    for one in prints:
        above = -1.0
        for number, (item, printed) in enumerate(one.amounts.items()):
            above = order.get(item, above)
            if item not in found:
                place = (above,) if item in order else (above, 1.0, float(number))
                label = known[item].label if item in known else printed.label
                found[item] = Line(item, label, place)
    return tuple(sorted((found[item] for item in wanted), key=lambda line: line.place))


@cache
def _order_of_the_form() -> dict[str, float]:
    return {item: float(number) for number, item in enumerate(load("cas").by_id)}


def _newest_first(day: dt.date | None) -> int:
    return -day.toordinal() if day else 1


def _place_of_period(period: Period) -> tuple[int, bool]:
    return _newest_first(period.date), period.context in _COMPARED
