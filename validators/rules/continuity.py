"""What one paper repeats of another: last year's figures, the other scope, a second copy."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from schemas.documents import DocumentKind
from schemas.fields import Field
from schemas.findings import Severity
from schemas.records import Dossier
from schemas.statements import Context, Scope, StatementKind
from schemas.taxonomy import load
from validators.arithmetic import Ledger
from validators.closings import Closing, accounts_of, closings
from validators.papers import ask_if_sure, evidence, money, same_name
from validators.policy import Policy
from validators.rule import Objection, rule
from validators.spreads import Cell, Mark, Spread

_FLOWS: Final[tuple[StatementKind, ...]] = (
    DocumentKind.INCOME_STATEMENT,
    DocumentKind.CASH_FLOW_STATEMENT,
)
_COMPARED: Final = frozenset({Context.BEGIN, Context.PRIOR})
_MOST: Final = 5
"""Items that are named; the others are counted."""

_EXPLAINED: Final = {Mark.RESTATED: "restated", Mark.CONFLICT: "conflict"}
_SEVERITIES: Final = {Mark.RESTATED: Severity.WARN, Mark.CONFLICT: Severity.ERROR}


@dataclass
class _Differences:
    """The figures of one period of one statement that two papers print differently."""

    items: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    def objection(self, day: dt.date, mark: Mark, document: str) -> Objection:
        """Name some, and point at both prints of each."""
        known = load("cas").by_id
        named = [item for item in self.items if item in known][:_MOST]
        printed = [part for cell in self.cells[:_MOST] for part in (*cell.fields, *_others(cell))]
        params = {
            "document": document,
            "date": day.isoformat(),
            "count": str(len(self.items)),
            "items": ",".join(named) or "row_of_own",
            "why": _EXPLAINED[mark],
        }
        return Objection(params, evidence(*printed), severity=_SEVERITIES[mark])


@rule("statements.opening_balance", Severity.ERROR)
def opening_balance(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Opening balances are the closing ones of the report before (X_OPENING, CC05, R11).

    A later report that prints other figures, both readings sure, has restated them: that is
    pointed out. Anything else is for a person.
    """
    yield from _linked(dossier, (DocumentKind.BALANCE_SHEET,))


@rule("statements.prior_column", Severity.ERROR)
def prior_column(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The comparative column of flows is last year's statement (X_PRIOR_COLUMN, R11)."""
    yield from _linked(dossier, _FLOWS)


@rule("statements.papers_differ", Severity.ERROR)
def papers_differ(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Two papers of the same statement and day print the same figures (CC06)."""
    for table in _spreads(dossier):
        for (day, mark), found in _marked(table, compared=False).items():
            yield found.objection(day, mark, table.kind.value)


@rule("statements.parent_minority", Severity.RETURN)
def parent_minority(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The parent's own balance sheet has no minority interests (X_CONS_PARENT_MI)."""
    for closing in closings(dossier):
        ledger = closing.ledger(DocumentKind.BALANCE_SHEET, Context.END)
        if closing.scope is not Scope.PARENT or ledger is None:
            continue
        cell = ledger.cells.get("minority_interests")
        if cell is not None and cell.value:
            subject = closing.papers[DocumentKind.BALANCE_SHEET].subject
            amount = {"amount": money(cell.value)}
            yield Objection(amount, evidence(cell), subject, ask_if_sure(cell))


@rule("statements.share_capital", Severity.RETURN)
def share_capital(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Consolidated share capital is that of the parent company (X_CONS_PARENT_CAPITAL).

    A reverse acquisition is the one exception; it has to be explained.
    """
    for group, parent in _pairs(closings(dossier)):
        one, other = _capital(group), _capital(parent)
        if one is None or other is None:
            continue
        cells = one.cells["paid_in_capital"], other.cells["paid_in_capital"]
        values = cells[0].value, cells[1].value
        tolerance = (one.precision + other.precision) / 2
        if values[0] is None or values[1] is None or abs(values[0] - values[1]) <= tolerance:
            continue
        params = {"left": money(values[0]), "right": money(values[1])}
        yield Objection(params, evidence(*cells), severity=ask_if_sure(*cells))


def _linked(dossier: Dossier, kinds: tuple[StatementKind, ...]) -> Iterator[Objection]:
    for table in _spreads(dossier):
        if table.kind in kinds:
            for (day, mark), found in _marked(table, compared=True).items():
                yield found.objection(day, mark, table.kind.value)


def _spreads(dossier: Dossier) -> Iterator[Spread]:
    for accounts in accounts_of(dossier):
        yield from accounts.spreads.values()


def _marked(table: Spread, *, compared: bool) -> dict[tuple[dt.date, Mark], _Differences]:
    """Return what differs by day and mark, of a comparative column or of two copies.

    Columns without a date may be of any two years and are not held together.
    """
    found: dict[tuple[dt.date, Mark], _Differences] = {}
    for (item, period), cell in table.cells.items():
        if cell.mark is None or period.date is None:
            continue
        if compared is any(_is_comparison(cell, other) for other in cell.others):
            differences = found.setdefault((period.date, cell.mark), _Differences())
            differences.items.append(item)
            differences.cells.append(cell)
    return found


def _is_comparison(one: Cell, other: Cell) -> bool:
    """Return whether one of two figures is of a comparative column."""
    return bool(_COMPARED & {one.source.column.context, other.source.column.context})


def _others(cell: Cell) -> Iterator[Field[Decimal]]:
    for other in cell.others:
        yield from other.fields


def _pairs(found: tuple[Closing, ...]) -> Iterator[tuple[Closing, Closing]]:
    """Yield consolidated and parent accounts of the same entity, day and currency."""
    for group in found:
        for parent in found:
            scopes = group.scope, parent.scope
            if (
                scopes == (Scope.CONSOLIDATED, Scope.PARENT)
                and (group.day, group.currency) == (parent.day, parent.currency)
                and group.day is not None
                and _are_one(group, parent)
            ):
                yield group, parent


def _are_one(group: Closing, parent: Closing) -> bool:
    if group.entity is None or parent.entity is None:
        return True
    return same_name(group.entity.value or "", parent.entity.value or "")


def _capital(closing: Closing) -> Ledger | None:
    """Return the balance sheet where it prints its capital in a unit that is told."""
    ledger = closing.ledger(DocumentKind.BALANCE_SHEET, Context.END)
    if ledger is None or not ledger.statement.scale_printed:
        return None
    return ledger if "paid_in_capital" in ledger.cells else None
