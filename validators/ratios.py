"""The ratios of schemas/data/ratios.yaml over every period, entity and scope of a package.

Guards of completeness-reference §5: what has no positive denominator is undefined, with the
reason; an average needs two balances; the flows of a part of a year are annualised for the ratios
of turnover only, and that is said; scopes are never mixed.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from schemas.expressions import Expression, names
from schemas.ratios import RatioEntry, ratio_table
from schemas.records import Dossier
from schemas.statements import Scope
from validators.figures import Figure, Figures, Reason, UndefinedError
from validators.formulas import Worked, figures_of, is_mixed, sides, unit_trouble
from validators.spreads import Accounts, spread
from validators.years import Years

_YEAR: Final = 12
_PLACES: Final = Decimal("0.000001")


class Note(StrEnum):
    """What to know of a ratio that has a value."""

    ANNUALISED = "annualised"
    """Flows of `months` months were taken ×12/months."""
    APPROXIMATE = "approximate"
    """Another item stands in for one that is not disclosed; the figures tell which."""
    UNIT_ASSUMED = "unit_assumed"
    """The unit is printed on none of the statements and was taken to be the same."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One ratio of one period: its value, or why it has none, and what went into it.

    `value` has six places; an amount is exact. `numerator` and `denominator` are None where the
    formula is no quotient. `unsure`: a figure in it is not accepted.
    """

    id: str
    name: str
    entity: str | None
    scope: Scope
    period: dt.date | None
    months: int | None
    value: Decimal | None
    reason: Reason | None
    numerator: Decimal | None
    denominator: Decimal | None
    numerator_ids: tuple[str, ...]
    denominator_ids: tuple[str, ...]
    figures: tuple[Figure, ...]
    notes: frozenset[Note]
    unsure: bool


def compute(dossier: Dossier) -> tuple[Ratio, ...]:
    """Return every ratio of every period of the accounts of a package, the newest first."""
    return tuple(ratio for accounts in spread(dossier) for ratio in ratios_of(accounts))


def ratios_of(accounts: Accounts) -> Iterator[Ratio]:
    """Yield the ratios of one entity and scope, in the order of the table."""
    years = Years(accounts)
    for period in accounts.periods:
        figures = Figures(accounts, period.date, years)
        for entry in ratio_table().ratios:
            yield _ratio(entry, figures)


def _ratio(entry: RatioEntry, figures: Figures) -> Ratio:
    formula = ratio_table().expanded[entry.id]
    used, reason = figures_of(ratio_table().used[entry.id], figures)
    trouble = unit_trouble(used, is_amount=entry.unit == "amount")
    reason = reason or _objection(entry, used, figures)
    if reason is None and trouble:
        reason = Reason.UNIT_MISSING
    worked = Worked(figures, annualised=entry.group == "efficiency")
    value = None
    if reason is None:
        try:
            value = worked.value(formula)
        except UndefinedError as error:
            reason = error.reason
    above, below = sides(formula) or (formula if entry.unit == "amount" else None, None)
    return Ratio(
        id=entry.id,
        name=entry.name,
        entity=figures.accounts.entity,
        scope=figures.accounts.scope,
        period=figures.day,
        months=figures.months,
        value=_rounded(value, entry),
        reason=reason,
        numerator=_side(worked, above),
        denominator=_side(worked, below),
        numerator_ids=_ids(above),
        denominator_ids=_ids(below),
        figures=used,
        notes=frozenset(_notes(worked, used, trouble)) if value is not None else frozenset(),
        unsure=trouble is None or not all(figure.accepted for figure in used),
    )


def _objection(entry: RatioEntry, used: tuple[Figure, ...], figures: Figures) -> Reason | None:
    """Return why a part of a year does not do for a ratio of flows and balances."""
    if entry.interim == "as_is" or not is_mixed(used) or figures.months == _YEAR:
        return None
    if figures.months is None:
        return Reason.PERIOD_UNKNOWN
    return None if entry.group == "efficiency" else Reason.INTERIM_NOT_ANNUALISED


def _notes(worked: Worked, used: tuple[Figure, ...], trouble: bool | None) -> Iterator[Note]:
    if any(worked.amount(figure) != figure.value for figure in used):
        yield Note.ANNUALISED
    if any(figure.approximate for figure in used):
        yield Note.APPROXIMATE
    if trouble is None:
        yield Note.UNIT_ASSUMED


def _side(worked: Worked, formula: Expression | None) -> Decimal | None:
    try:
        return None if formula is None else _short(worked.value(formula))
    except UndefinedError:
        return None


def _ids(formula: Expression | None) -> tuple[str, ...]:
    return () if formula is None else tuple(dict.fromkeys(names(formula)))


def _rounded(value: Decimal | None, entry: RatioEntry) -> Decimal | None:
    if value is None or entry.unit == "amount":
        return value
    return value.quantize(_PLACES)


def _short(value: Decimal) -> Decimal:
    """Return a value without more places than a ratio has; amounts have fewer."""
    exponent = value.as_tuple().exponent
    return value.quantize(_PLACES) if isinstance(exponent, int) and exponent < -6 else value
