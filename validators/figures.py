"""What a name in a formula is worth for one period of an entity's accounts, or why it is nothing.

A row that is not printed counts as 0 where the form lets it be left out, and that is taken for
sure where the total that it belongs to adds up without it. A total, a part of a row (其中) and a
row that another has swallowed are not 0 for not being printed.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from schemas.documents import DocumentKind
from schemas.ratios import Fallback, Reference, is_flow, ratio_table, reference
from schemas.statements import Context, StatementKind
from schemas.taxonomy import Item, load
from validators.spreads import Accounts, Cell, Period, Spread
from validators.years import Years


class Reason(StrEnum):
    """Why a ratio is undefined."""

    STATEMENT_MISSING = "statement_missing"
    """The package has no such statement for the period."""
    ITEM_MISSING = "item_missing"
    """A total is not printed, or a detail is not disclosed."""
    MERGED_ROW = "merged_row"
    """The form prints the item together with others."""
    UNREADABLE = "unreadable"
    """The figure is printed and could not be read."""
    NEEDS_TWO_BALANCES = "needs_two_balances"
    """There is no opening balance."""
    NEEDS_PRIOR_PERIOD = "needs_prior_period"
    """There is no period of the same length a year before."""
    DENOMINATOR_NOT_POSITIVE = "denominator_not_positive"
    """Something would be divided by nothing or by less."""
    INTERIM_NOT_ANNUALISED = "interim_not_annualised"
    """Flows of a part of a year stand against balances, in a ratio that is not annualised."""
    PERIOD_UNKNOWN = "period_unknown"
    """No date tells how many months the flows cover."""
    UNIT_MISSING = "unit_missing"
    """A unit is not printed, so that amounts of it mean nothing beside others."""


class UndefinedError(Exception):
    """Stops a formula on its way; never leaves the validators."""

    def __init__(self, reason: Reason, name: str | None = None) -> None:
        """Say why, and at which name."""
        super().__init__(reason.value, name)
        self.reason, self.name = reason, name


class Figure(NamedTuple):
    """A value that a formula used.

    `item` is where it was taken from, which is another item than the formula names where that
    stands in for it. `cell` None: the row is not printed and counts as nothing. `value` is the
    amount of the accounts, before any annualising.
    """

    name: str
    item: str
    kind: StatementKind
    period: Period
    value: Decimal
    accepted: bool
    is_flow: bool
    approximate: bool = False
    cell: Cell | None = None


@dataclass(frozen=True)
class Figures:
    """The figures of the period that ends on a day (None: the undated columns)."""

    accounts: Accounts
    day: dt.date | None
    years: Years

    @cached_property
    def months(self) -> int | None:
        """How many months the flows cover."""
        return self.years.months(self.day)

    @cached_property
    def _found(self) -> dict[str, Figure | UndefinedError]:
        return {}

    def figure(self, name: str) -> Figure:
        """Return what a name is worth.

        Raises:
            UndefinedError: it is worth nothing that can be told.
        """
        if name not in self._found:
            try:
                self._found[name] = self._look_up(name)
            except UndefinedError as error:
                self._found[name] = error
        found = self._found[name]
        if isinstance(found, UndefinedError):
            raise found
        return found

    def _look_up(self, name: str) -> Figure:
        ref = ratio_table().references.get(name) or reference(name)
        kind = _kind(ref.item)
        spread, period = self._column(name, kind, ref.context)
        found = _printed(spread, period, name, ref.item)
        if found is not None:
            return found
        for fallback in _fallbacks(ref.item):
            instead = self._stand_in(fallback, spread, period, name)
            if instead is not None:
                return instead
        return self._unprinted(name, ref, spread, period)

    def _column(self, name: str, kind: StatementKind, context: Context) -> tuple[Spread, Period]:
        spread = self.accounts.spreads.get(kind)
        if spread is None:
            raise UndefinedError(Reason.STATEMENT_MISSING, name)
        period = self.years.column(self.day, context)
        if period is None or period not in spread.sources:
            raise UndefinedError(_WITHOUT.get(context, Reason.STATEMENT_MISSING), name)
        return spread, period

    def _stand_in(
        self, fallback: Fallback, spread: Spread, period: Period, name: str
    ) -> Figure | None:
        """Return the figure that stands in, where it may for this scope and is printed."""
        scoped = not fallback.scopes or self.accounts.scope in fallback.scopes
        found = _printed(spread, period, name, fallback.instead) if scoped else None
        if found is None or not fallback.approximate:
            return found
        return found._replace(approximate=True)

    def _unprinted(self, name: str, ref: Reference, spread: Spread, period: Period) -> Figure:
        item = load("cas").by_id[ref.item]
        if ref.item in spread.sources[period].merged:
            raise UndefinedError(Reason.MERGED_ROW, name)
        if item.kind != "line" or not _has_block(spread, period, item):
            raise UndefinedError(Reason.ITEM_MISSING, name)
        return Figure(
            name=name,
            item=ref.item,
            kind=spread.kind,
            period=period,
            value=Decimal(0),
            accepted=spread.is_nothing(ref.item, period),
            is_flow=is_flow(ref),
        )


_WITHOUT = {
    Context.BEGIN: Reason.NEEDS_TWO_BALANCES,
    Context.PRIOR: Reason.NEEDS_PRIOR_PERIOD,
}


def _kind(item: str) -> StatementKind:
    """Return the statement that an item stands on; the supplement is read with the cash flow."""
    match load("cas").by_id[item].statement:
        case "balance_sheet":
            return DocumentKind.BALANCE_SHEET
        case "income_statement":
            return DocumentKind.INCOME_STATEMENT
        case _:
            return DocumentKind.CASH_FLOW_STATEMENT


def _printed(spread: Spread, period: Period, name: str, item: str) -> Figure | None:
    cell = spread.cell(item, period)
    if cell is None or not cell.fields:
        return None
    if cell.value is None:
        raise UndefinedError(Reason.UNREADABLE, name)
    ref = Reference(item, period.context or Context.END)
    return Figure(
        name=name,
        item=item,
        kind=spread.kind,
        period=period,
        value=cell.value,
        accepted=cell.accepted,
        is_flow=is_flow(ref),
        cell=cell,
    )


def _has_block(spread: Spread, period: Period, item: Item) -> bool:
    """Return whether anything of the block of an item is printed: a supplement may be missing."""
    known = load("cas").by_id
    return any(
        id_ in known and known[id_].statement == item.statement for id_ in spread.amounts[period]
    )


def _fallbacks(item: str) -> tuple[Fallback, ...]:
    return tuple(entry for entry in ratio_table().fallbacks if entry.item == item)
