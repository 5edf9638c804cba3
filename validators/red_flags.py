"""The red flags F01 to F22 of schemas/data/ratios.yaml, as far as statements tell them.

A flag is a prompt to a person, never a rejection. Thresholds are those of the table.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from schemas.documents import DocumentKind
from schemas.ratios import RedFlagEntry, Weight, ratio_table
from schemas.records import Dossier
from schemas.statements import Context, Scope
from schemas.taxonomy import load
from validators.figures import Figure, Figures, Reason, UndefinedError
from validators.formulas import Worked, figures_of, is_mixed, unit_trouble
from validators.spreads import Accounts, Period, Spread, spread
from validators.years import Years, year_before

NOT_FROM_STATEMENTS: Final = {
    "F16": "notes of two years or more",
    "F19": "tax returns",
    "F21": "the opinion of the audit report: the rule audit.opinion tells it",
    "F22": "audit reports of several years",
}
"""What the flags need that no formula over the statements can tell."""

_YEAR: Final = 12
_FEWEST: Final = 15
"""Amounts below which a share of them says nothing."""
_ROUND: Final = Decimal(10_000)
_MOST: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A flag for one period: whether it fires, and the figures that say so.

    `fires` None: it cannot be told, for `reason`. `repeated`: it also fires for the same period
    of the year before. `share` is that of the suspicious amounts, for F20.
    """

    id: str
    name: str
    severity: Weight
    entity: str | None
    scope: Scope
    period: dt.date | None
    fires: bool | None
    reason: Reason | None
    figures: tuple[Figure, ...]
    unsure: bool
    repeated: bool = False
    share: Decimal | None = None


def red_flags(dossier: Dossier) -> tuple[RedFlag, ...]:
    """Return the flags that fire in the accounts of a package, the newest period first."""
    told = (flag for accounts in spread(dossier) for flag in flags_of(accounts))
    return tuple(flag for flag in told if flag.fires)


def flags_of(accounts: Accounts) -> tuple[RedFlag, ...]:
    """Return every flag of every period of one entity and scope, fired or not."""
    years = Years(accounts)
    told = [
        flag
        for period in accounts.periods
        for flag in _flags(Figures(accounts, period.date, years))
    ]
    fired = {(flag.id, flag.period) for flag in told if flag.fires}
    return tuple(
        replace(flag, repeated=True)
        if flag.fires and flag.period and (flag.id, year_before(flag.period)) in fired
        else flag
        for flag in told
    )


def _flags(figures: Figures) -> Iterator[RedFlag]:
    for entry in ratio_table().red_flags:
        if entry.expr is not None:
            yield _by_formula(entry, figures)
        elif entry.id not in NOT_FROM_STATEMENTS:
            yield from _made_up(entry, figures)


def _by_formula(entry: RedFlagEntry, figures: Figures) -> RedFlag:
    formula = ratio_table().expanded[entry.id]
    used, reason = figures_of(ratio_table().used[entry.id], figures)
    trouble = unit_trouble(used, is_amount=False)
    if reason is None and is_mixed(used) and figures.months != _YEAR:
        reason = Reason.INTERIM_NOT_ANNUALISED if figures.months else Reason.PERIOD_UNKNOWN
    if reason is None and trouble:
        reason = Reason.UNIT_MISSING
    fires = None
    if reason is None:
        try:
            fires = bool(Worked(figures).value(formula))
        except UndefinedError as error:
            reason = error.reason
    unsure = trouble is None or not all(figure.accepted for figure in used)
    return _flag(entry, figures, used, fires=fires, reason=reason, unsure=unsure)


def _made_up(entry: RedFlagEntry, figures: Figures) -> Iterator[RedFlag]:
    """Yield F20 for a balance sheet: figures too round, or the same as at the year's beginning.

    Only amounts printed in 元 can be too round. The first digits (Benford) are not judged: one
    sheet has too few of them.
    """
    sheet = figures.accounts.spreads.get(DocumentKind.BALANCE_SHEET)
    end = figures.years.column(figures.day, Context.END)
    if sheet is None or end is None or end not in sheet.sources:
        return
    amounts = _lines(sheet, end)
    if sheet.sources[end].statement.scale == 1:
        yield _suspicious(entry, figures, amounts, [f for f in amounts if f.value % _ROUND == 0])
    begin = figures.years.column(figures.day, Context.BEGIN)
    if begin in sheet.sources:
        before = {figure.item: figure.value for figure in _lines(sheet, begin)}
        both = [figure for figure in amounts if figure.item in before]
        yield _suspicious(entry, figures, both, [f for f in both if f.value == before[f.item]])


def _suspicious(
    entry: RedFlagEntry, figures: Figures, amounts: list[Figure], odd: list[Figure]
) -> RedFlag:
    enough = len(amounts) >= _FEWEST
    share = Decimal(len(odd)) / len(amounts) if enough else Decimal(0)
    unsure = not all(figure.accepted for figure in amounts)
    flag = _flag(entry, figures, tuple(odd), fires=share > _MOST, reason=None, unsure=unsure)
    return replace(flag, share=share.quantize(Decimal("0.01")))


def _lines(sheet: Spread, period: Period) -> list[Figure]:
    """Return the amounts of the lines of a balance sheet that are not 0; totals are no lines."""
    items = load("cas").by_id
    return [
        Figure(
            name=line.item,
            item=line.item,
            kind=sheet.kind,
            period=period,
            value=cell.value,
            accepted=cell.accepted,
            is_flow=False,
            cell=cell,
        )
        for line in sheet.lines
        if line.item in items and items[line.item].kind == "line"
        if (cell := sheet.cell(line.item, period)) and cell.value
    ]


def _flag(
    entry: RedFlagEntry,
    figures: Figures,
    used: tuple[Figure, ...],
    *,
    fires: bool | None,
    reason: Reason | None,
    unsure: bool,
) -> RedFlag:
    return RedFlag(
        id=entry.id,
        name=entry.name,
        severity=entry.severity,
        entity=figures.accounts.entity,
        scope=figures.accounts.scope,
        period=figures.day,
        fires=fires,
        reason=reason,
        figures=used,
        unsure=unsure,
    )
