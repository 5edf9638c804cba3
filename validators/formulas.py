"""Works a formula out over the figures of one period, exactly, and says what went into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from schemas.expressions import Expression, Name, Number, Operation, Operator
from validators.figures import Figure, Figures, Reason, UndefinedError

_DIGITS: Final = 40
"""Enough that rounding to six places never depends on the order of the work."""
_YEAR: Final = 12


@dataclass(frozen=True)
class Worked:
    """The state of a formula over some figures.

    `annualised` turns the flows of a part of a year into those of a year (×12/m).
    """

    figures: Figures
    annualised: bool = False

    def value(self, formula: Expression) -> Decimal:
        """Return what a formula is worth; a comparison is 1 where it holds, else 0.

        Raises:
            UndefinedError: a figure is missing, or a divisor is not positive.
        """
        with localcontext(prec=_DIGITS):
            return self._value(formula)

    def amount(self, figure: Figure) -> Decimal:
        """Return what counts for a figure."""
        months = self.figures.months
        if not (self.annualised and figure.is_flow) or months in {None, _YEAR}:
            return figure.value
        return figure.value * _YEAR / (months or _YEAR)

    def _value(self, formula: Expression) -> Decimal:
        if isinstance(formula, Number):
            return formula.value
        if isinstance(formula, Name):
            return self.amount(self.figures.figure(formula.id))
        return _apply(formula.operator, [self._value(operand) for operand in formula.operands])


def figures_of(used: Sequence[str], figures: Figures) -> tuple[tuple[Figure, ...], Reason | None]:
    """Return the figures that there are for the names of a formula, and why one is not there."""
    found: list[Figure] = []
    reason: Reason | None = None
    for name in used:
        try:
            found.append(figures.figure(name))
        except UndefinedError as error:
            reason = reason or error.reason
    return tuple(found), reason


def is_mixed(used: Sequence[Figure]) -> bool:
    """Return whether flows stand beside balances, which wants a whole year."""
    return len({figure.is_flow for figure in used}) > 1


def unit_trouble(used: Sequence[Figure], *, is_amount: bool) -> bool | None:
    """Return whether an unprinted unit forbids the formula; None where it only leaves a doubt.

    A quotient within one statement is the same in any unit. Across statements it holds where all
    units are assumed alike.
    """
    statements = {
        id(figure.cell.source.statement): figure.cell.source.statement.scale_printed
        for figure in used
        if figure.cell is not None and figure.value
    }
    if all(statements.values()):
        return False
    if is_amount or any(statements.values()):
        return True
    return None if len(statements) > 1 else False


def sides(formula: Expression) -> tuple[Expression, Expression] | None:
    """Return the numerator and the denominator of a quotient, or of a quotient less a number."""
    match formula:
        case Operation(operator="/", operands=(above, below)):
            return above, below
        case Operation(operator="-", operands=(quotient, Number())):
            return sides(quotient)
        case _:
            return None


def _apply(operator: Operator, values: list[Decimal]) -> Decimal:
    first, last = values[0], values[-1]
    match operator:
        case "+":
            return first + last
        case "-":
            return -first if len(values) == 1 else first - last
        case "*":
            return first * last
        case "/":
            if last <= 0:
                raise UndefinedError(Reason.DENOMINATOR_NOT_POSITIVE)
            return first / last
        case _:
            return _compare(operator, first, last)


def _compare(operator: Operator, first: Decimal, last: Decimal) -> Decimal:
    match operator:
        case ">":
            return Decimal(first > last)
        case "<":
            return Decimal(first < last)
        case "abs":
            return abs(first)
        case "max":
            return max(first, last)
        case _:
            return min(first, last)
