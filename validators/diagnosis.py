"""Why a sum does not add up: the likely cause, and the one to three cells to look at.

Each cause that would by itself make up the whole difference is a possible one. A cell that
stands in another sum which holds is hardly the wrong one, so that causes with such cells count
last; among the others the rarer coincidence comes first: that a difference is exactly an amount,
or twice one, happens less by chance than that one digit explains it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from schemas.fields import Field
from schemas.statements import Column
from validators.arithmetic import PERIODS, Ledger
from validators.proof import holding

_MOST: Final = 3
_SHIFTS: Final = (-4, -3, -2, -1, 1, 2, 3, 4)
"""Powers of ten by which a decimal point or a unit (元, 千元, 万元) is off."""
_FEWEST_DIGITS: Final = 2


class Cause(StrEnum):
    """What may have happened, the rarer coincidence first."""

    SIGN = "cause_sign"
    """A row has the other sign."""
    SWAPPED = "cause_swapped"
    """A row has the amount of the other column."""
    SHIFTED = "cause_shifted"
    """A decimal point or a unit is off."""
    DOUBLED = "cause_doubled"
    """A row counts that should not, or counts twice."""
    MISSED = "cause_missed"
    """A row is left out: another one that is printed, or one that only this column lacks."""
    TRANSPOSED = "cause_transposed"
    """Two neighbouring digits changed places."""
    DIGIT = "cause_digit"
    """One digit is another."""


@dataclass(frozen=True, slots=True)
class Addend:
    """A row of a sum with its weight; the total itself has the weight -1."""

    item: str
    weight: int
    cell: Field[Decimal]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cause and the cell that it is about; `item` None is a row of the filer's own.

    `exact`: the amounts themselves say so; else it is only that this column lacks the row.
    """

    cause: Cause
    item: str | None
    cell: Field[Decimal]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The likely cause and the cells to look at, the likeliest first; never more than three."""

    cause: Cause
    items: tuple[str | None, ...]
    cells: tuple[Field[Decimal], ...]


def diagnose(ledger: Ledger, addends: tuple[Addend, ...], excess: Decimal) -> Diagnosis | None:
    """Return why the printed total is `excess` more than its rows, None where nothing tells.

    `addends` are the rows and, with the weight -1, the total.
    """
    bound = holding(ledger)
    found = sorted(
        explanations(ledger, addends, excess),
        key=lambda one: (
            not one.exact,
            _binding(one, bound),
            _RANK[one.cause],
            _doubt(one.cell),
        ),
    )
    if not found:
        return None
    first = found[0]
    alike = [one for one in found if one.cause is first.cause][:_MOST]
    return Diagnosis(
        cause=first.cause,
        items=tuple(one.item for one in alike),
        cells=tuple(one.cell for one in alike),
    )


def explanations(
    ledger: Ledger, addends: tuple[Addend, ...], excess: Decimal
) -> Iterator[Explanation]:
    """Yield every single fault that would make up for the whole difference."""
    others = _other_columns(ledger)
    for addend in addends:
        value = addend.cell.value
        if not value:
            continue
        wanted = value + addend.weight * excess
        for cause, is_so in _CHANGES.items():
            if is_so(value, wanted):
                yield Explanation(cause, addend.item, addend.cell)
        if any(wanted == cell.value for cell in others.get(addend.item, ())):
            yield Explanation(Cause.SWAPPED, addend.item, addend.cell)
    yield from _missed(ledger, addends, excess)
    yield from _lacking(ledger, addends, others)


def _missed(ledger: Ledger, addends: tuple[Addend, ...], excess: Decimal) -> Iterator[Explanation]:
    """Yield printed rows outside the sum that are the difference."""
    inside = {addend.item for addend in addends}
    for item, cell in ledger.cells.items():
        if item not in inside and cell.value and abs(cell.value) == abs(excess):
            yield Explanation(Cause.MISSED, item, cell)
    for _, row in ledger.unmapped:
        cell = row.values[ledger.column.id]
        if cell.value is not None and abs(cell.value) == abs(excess):
            yield Explanation(Cause.MISSED, None, cell)


def _lacking(
    ledger: Ledger, addends: tuple[Addend, ...], others: dict[str, tuple[Field[Decimal], ...]]
) -> Iterator[Explanation]:
    """Yield rows of the block that have an amount in another column and none in this one."""
    known = ledger.taxonomy.by_id
    sections = {known[addend.item].section for addend in addends if addend.item in known}
    dashes = {addend.item for addend in addends if not addend.cell.value}
    for item, cells in others.items():
        entry = known.get(item)
        if entry is None or entry.kind != "line" or entry.section not in sections:
            continue
        if item in dashes:
            yield Explanation(Cause.MISSED, item, ledger.cells[item], exact=False)
        elif item not in ledger.cells:
            yield Explanation(Cause.MISSED, item, cells[0], exact=False)


def _other_columns(ledger: Ledger) -> dict[str, tuple[Field[Decimal], ...]]:
    """Return what the other columns of the statement print, by item."""
    columns: list[Column] = [
        column
        for column in ledger.statement.columns
        if column.context in PERIODS and column.id != ledger.column.id
    ]
    found: dict[str, tuple[Field[Decimal], ...]] = {}
    for column in columns:
        for item, cell in Ledger(ledger.statement, ledger.taxonomy, column).cells.items():
            if cell.value:
                found[item] = (*found.get(item, ()), cell)
    return found


def _is_turned(value: Decimal, wanted: Decimal) -> bool:
    return wanted == -value


def _is_shifted(value: Decimal, wanted: Decimal) -> bool:
    return any(wanted == value.scaleb(places) for places in _SHIFTS)


def _is_doubled(_value: Decimal, wanted: Decimal) -> bool:
    return wanted == 0


def _is_transposed(value: Decimal, wanted: Decimal) -> bool:
    pair = _digits(value, wanted)
    if pair is None:
        return False
    one, other = pair
    places = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) != _FEWEST_DIGITS or places[1] - places[0] != 1:
        return False
    first, last = places
    return (one[first], one[last]) == (other[last], other[first])


def _is_one_digit(value: Decimal, wanted: Decimal) -> bool:
    pair = _digits(value, wanted)
    if pair is None or len(pair[0]) < _FEWEST_DIGITS:
        return False
    return sum(a != b for a, b in zip(*pair, strict=True)) == 1


def _digits(value: Decimal, wanted: Decimal) -> tuple[str, str] | None:
    """Return the digits of two amounts of the same sign and length, else None."""
    if (value < 0) is not (wanted < 0):
        return None
    places = max(_places(value), _places(wanted))
    one, other = (str(abs(n).scaleb(places).to_integral_value()) for n in (value, wanted))
    return (one, other) if len(one) == len(other) else None


def _places(value: Decimal) -> int:
    """Return how many decimals an amount has."""
    return max(0, -int(value.normalize().as_tuple().exponent))


def _binding(one: Explanation, bound: dict[str, int]) -> int:
    """Return whether other sums that hold speak for the cell as it is."""
    return min(bound.get(one.item or "", 0), 1)


def _doubt(cell: Field[Decimal]) -> tuple[bool, float]:
    """Return smaller for what the reading is less sure of."""
    return cell.accepted, 1.0 if cell.confidence is None else cell.confidence


_CHANGES: Final[dict[Cause, Callable[[Decimal, Decimal], bool]]] = {
    Cause.SIGN: _is_turned,
    Cause.SHIFTED: _is_shifted,
    Cause.DOUBLED: _is_doubled,
    Cause.TRANSPOSED: _is_transposed,
    Cause.DIGIT: _is_one_digit,
}
"""What tells that an amount was made of another: the printed one and the one that would do."""

_RANK: Final = {cause: rank for rank, cause in enumerate(Cause)}


def first_cells(
    diagnosis: Diagnosis | None, cells: Iterable[Field[Decimal]]
) -> tuple[Field[Decimal], ...]:
    """Return cells in the order in which to look at them, each once."""
    ahead = diagnosis.cells if diagnosis else ()
    rest = [cell for cell in cells if not any(cell is known for known in ahead)]
    return (*ahead, *rest)
