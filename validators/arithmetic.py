"""Whether the printed totals of a statement are the sums of the printed rows.

The calculation tree of the taxonomies, with the allowances that real reports need: totals that
are not printed, merged rows, rows of the filer's own, rows printed in another section than the
form has them, rounding, and signs that differ between generations of the form.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState
from schemas.statements import Column, Context, Row, Statement
from schemas.taxonomy import Calculation, Taxonomy

PERIODS = frozenset({Context.END, Context.BEGIN, Context.CURRENT, Context.PRIOR})
"""The columns that speak of a whole period or its end."""

CHECKED = PERIODS | {Context.MONTH}
"""The columns that are added up; quarters have no complete rows of their own."""

_CASH_FLOWS = (DocumentKind.CASH_FLOW_STATEMENT.value, "cash_flow_supplementary")
_FEN = Decimal("0.01")
_MOST_ADJUSTMENTS = 10
_MANY_AMOUNTS = 10


class Leaf(NamedTuple):
    """A printed row in a sum, with its weight."""

    item: str
    weight: int


@dataclass(frozen=True, slots=True)
class Added:
    """The rows of a sum, the total that is printed and the one that they make."""

    leaves: tuple[Leaf, ...]
    printed: Decimal
    computed: Decimal


@dataclass(frozen=True)
class Gap:
    """A total that is not the sum of its rows.

    `rounding`: the difference is small enough to be one of rounding. `unmapped`: rows that fit no
    line item have amounts, so that the fault may be in the reading.
    """

    total: str
    column: Column
    printed: Decimal
    computed: Decimal
    rounding: bool
    unmapped: bool
    cells: tuple[Field[Decimal], ...]


@dataclass(frozen=True)
class Ledger:
    """One column of a statement, ready to be added up."""

    statement: Statement
    taxonomy: Taxonomy
    column: Column

    @cached_property
    def cells(self) -> dict[str, Field[Decimal]]:
        """The first printed cell of every line item."""
        found: dict[str, Field[Decimal]] = {}
        for row in self.statement.rows:
            cell = row.values.get(self.column.id)
            if row.item and cell and cell.state is not FieldState.ABSENT:
                found.setdefault(row.item, cell)
        return found

    @property
    def blocks(self) -> tuple[str, ...]:
        """The statements whose sums it is held to; a cash flow is printed with its supplement."""
        kind = self.statement.kind
        return _CASH_FLOWS if kind is DocumentKind.CASH_FLOW_STATEMENT else (kind.value,)

    @cached_property
    def places(self) -> dict[str, int]:
        """The position of the first row of every line item."""
        found: dict[str, int] = {}
        for place, row in enumerate(self.statement.rows):
            if row.item:
                found.setdefault(row.item, place)
        return found

    @cached_property
    def precision(self) -> Decimal:
        """The unit of the last printed place, from the zeros that all amounts end in.

        A column of few amounts says little, so that it is held to the printed unit; one of many
        may be in thousands although it prints units.
        """
        per_share = self.taxonomy.per_share
        values = [
            cell.value for item, cell in self.cells.items() if cell.value and item not in per_share
        ]
        if not values:
            return Decimal(1)
        exponent = min(int(value.normalize().as_tuple().exponent) for value in values)
        limit = self.statement.scale * (1000 if len(values) >= _MANY_AMOUNTS else 1)
        return min(Decimal(1).scaleb(exponent), limit)

    @property
    def is_exact(self) -> bool:
        """Whether amounts are printed to the fen, so that no rounding stands between them."""
        return self.statement.scale == 1 and self.precision <= _FEN

    def amount(self, item: str) -> Decimal | None:
        """Return what counts for a row: nothing printed is 0, and None what could not be read."""
        cell = self.cells.get(item)
        return Decimal(0) if cell is None else amount(cell)

    @cached_property
    def ways(self) -> tuple[tuple[Calculation, ...], ...]:
        """How each printed total may be made up: one generation of the form or another.

        The one that is made for the form of the statement comes first.
        """
        form, blocks = self.statement.form, self.blocks
        return tuple(
            tuple(sorted(ways, key=lambda one: form not in one.applies_to))
            for ways in self.taxonomy.alternatives
            if ways[0].total in self.cells and ways[0].statement in blocks
        )

    def added(self, calculation: Calculation) -> Added | None:
        """Return what a sum comes to, worked out once; None where it cannot be added up."""
        if calculation.id not in self._added:
            self._added[calculation.id] = _add(self, calculation)
        return self._added[calculation.id]

    @cached_property
    def _added(self) -> dict[str, Added | None]:
        return {}

    @cached_property
    def unmapped(self) -> tuple[tuple[int, Row], ...]:
        """The rows with an amount in the column that fit no line item, with positions."""
        return tuple(
            (place, row)
            for place, row in enumerate(self.statement.rows)
            if row.item is None and (cell := row.values.get(self.column.id)) and amount(cell)
        )


def amount(cell: Field[Decimal]) -> Decimal | None:
    """Return the amount of a printed cell: blank is 0, and None what could not be read."""
    return Decimal(0) if cell.state is FieldState.BLANK else cell.value


def ledgers(statement: Statement, taxonomy: Taxonomy) -> Iterator[Ledger]:
    """Yield the columns that are checked."""
    for column in statement.columns:
        if column.context in CHECKED:
            yield Ledger(statement, taxonomy, column)


def gaps(ledger: Ledger, totals: frozenset[str] | None = None) -> Iterator[Gap]:
    """Yield every total of a column that does not add up under any generation of the form.

    `totals` limits the check to these. A sum with a cell that could not be read is left alone:
    that cell is told elsewhere.
    """
    for ways in ledger.ways:
        if totals is not None and ways[0].total not in totals:
            continue
        tried = list(takewhile(bool, (_gap(ledger, way) for way in ways)))
        if len(tried) == len(ways):
            yield from (gap for gap in tried[:1] if gap)


def allowances(ledger: Ledger) -> tuple[str, ...]:
    """Return the totals that only an allowance makes the sum of their rows.

    Rounding, the other sign of a contra row, a row of the filer's own or of another block.
    """
    found: dict[str, None] = {}
    for ways in ledger.ways:
        added = [ledger.added(way) for way in ways]
        is_plain = any(one is None or one.printed == one.computed for one in added)
        if not is_plain and not all(_gap(ledger, way) for way in ways):
            found[ways[0].total] = None
    return tuple(found)


def _rounding(ledger: Ledger, rows: int) -> Decimal:
    """Return what rounding may make of a sum: half a unit of print for each number in it.

    Two numbers that ought to be one may differ by half a unit only.
    """
    return ledger.precision / 2 * (rows + 1 if rows > 1 else 1)


def sums(ledger: Ledger) -> Iterator[tuple[str, tuple[Leaf, ...], Decimal]]:
    """Yield every total of a column that can be added up, its rows, and what it is too much.

    A sum with a cell that could not be read is left out.
    """
    for calculation in ledger.taxonomy.calculations:
        if calculation.statement in ledger.blocks:
            found = ledger.added(calculation)
            if found:
                yield calculation.total, found.leaves, found.printed - found.computed


def _add(ledger: Ledger, calculation: Calculation) -> Added | None:
    if calculation.total not in ledger.cells or not _applies(ledger, calculation):
        return None
    leaves = tuple(_leaves(ledger, calculation, 1, frozenset()))
    printed, computed = ledger.amount(calculation.total), Decimal(0)
    if printed is None or not leaves:
        return None
    for leaf in leaves:
        value = ledger.amount(leaf.item)
        if value is None:
            return None
        computed += leaf.weight * value
    return Added(leaves, printed, computed)


def _gap(ledger: Ledger, calculation: Calculation) -> Gap | None:
    added = ledger.added(calculation)
    if added is None:
        return None
    leaves = added.leaves
    difference = added.printed - added.computed
    if not difference:
        return None
    lawful = _rounding(ledger, len(leaves))
    tolerance = Decimal(0) if ledger.is_exact else lawful
    if abs(difference) <= tolerance or _explained(
        difference, _adjustments(ledger, calculation, leaves), tolerance
    ):
        return None
    return Gap(
        total=calculation.total,
        column=ledger.column,
        printed=added.printed,
        computed=added.computed,
        rounding=abs(difference) <= max(10 * lawful, Decimal(1)),
        unmapped=bool(ledger.unmapped),
        cells=(ledger.cells[calculation.total], *(ledger.cells[leaf.item] for leaf in leaves)),
    )


def _applies(ledger: Ledger, calculation: Calculation) -> bool:
    asked = calculation.only_if_any
    return not asked or any(item in ledger.cells for item in asked)


def _leaves(
    ledger: Ledger, calculation: Calculation, weight: int, above: frozenset[str]
) -> Iterator[Leaf]:
    """Yield the printed rows of a sum; a total that is not printed stands for its own rows."""
    merged = {part for row, parts in calculation.exclusive if row in ledger.cells for part in parts}
    for term in calculation.terms:
        sign = weight * term.weight
        if term.item in merged:
            continue
        if term.item in ledger.cells:
            yield Leaf(term.item, sign)
            continue
        if term.item in above or term.item not in ledger.taxonomy.ways:
            continue
        below = _of_form(ledger, term.item, calculation.applies_to)
        if below:
            yield from _leaves(ledger, below, sign, above | {term.item})


def _of_form(ledger: Ledger, total: str, forms: tuple[str, ...]) -> Calculation | None:
    """Return how a total is made up, in the generation of the form that is being tried.

    Where none is being tried, the form of the statement decides between generations.
    """
    ways = [
        calculation
        for calculation in ledger.taxonomy.ways.get(total, ())
        if _applies(ledger, calculation)
        and (not (forms and calculation.applies_to) or forms == calculation.applies_to)
    ]
    form = ledger.statement.form
    return min(
        ways, key=lambda way: bool(way.applies_to) and form not in way.applies_to, default=None
    )


def _either_sign(ledger: Ledger, item: str) -> bool:
    """Return whether a row may be stored with the sign of the print instead of its own.

    Contra rows are printed either way. Losses from impairment are printed positive in the forms
    before 2019: where the form says `as_printed`, there is no doubt.
    """
    entry = ledger.taxonomy.by_id[item]
    by_form = entry.sign_by_form
    return entry.contra or bool(
        by_form and by_form.get(ledger.statement.form or "") != "as_printed"
    )


def _adjustments(
    ledger: Ledger, calculation: Calculation, leaves: tuple[Leaf, ...]
) -> tuple[Decimal, ...]:
    """Return the amounts that may lawfully stand between a total and the sum of its rows."""
    values: list[Decimal] = []
    for leaf in leaves:
        value = ledger.amount(leaf.item) or Decimal(0)
        if _either_sign(ledger, leaf.item):
            values.append(-2 * leaf.weight * value)
        if calculation.plug and ledger.places[leaf.item] > ledger.places[calculation.total]:
            values.append(-leaf.weight * value)
    end = ledger.places[calculation.total]
    for _, row in sorted(ledger.unmapped, key=lambda pair: abs(pair[0] - end)):
        value = amount(row.values[ledger.column.id]) or Decimal(0)
        values += [value, -value]
    if calculation.plug:
        values[:0] = _strangers(ledger, calculation)
    return tuple(value for value in values if value)[:_MOST_ADJUSTMENTS]


def _strangers(ledger: Ledger, calculation: Calculation) -> Iterator[Decimal]:
    """Yield the rows that stand in the block of a total although the form has them elsewhere.

    What the total is made of is no stranger, be it merged into another row or below a subtotal.
    """
    own = ledger.taxonomy.members[calculation.total]
    for row in reversed(ledger.statement.rows[: ledger.places[calculation.total]]):
        if row.item is None or row.item in own or row.item not in ledger.taxonomy.by_id:
            continue
        kind = ledger.taxonomy.by_id[row.item].kind
        if kind in {"total", "header"}:
            return
        if kind == "line" and row.item in ledger.cells:
            yield ledger.amount(row.item) or Decimal(0)


def _explained(difference: Decimal, adjustments: tuple[Decimal, ...], tolerance: Decimal) -> bool:
    """Return whether some of the adjustments together make up the difference."""
    sums = [Decimal(0)]
    for adjustment in adjustments:
        sums += [value + adjustment for value in sums]
    return any(abs(difference - value) <= tolerance for value in sums)
