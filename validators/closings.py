"""The statements of one entity and scope that close on the same day, to be held together."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from schemas.documents import DocumentKind
from schemas.fields import Field
from schemas.records import Dossier
from schemas.statements import Context, Scope, Statement, StatementKind
from schemas.taxonomy import IdentityTerm, Taxonomy, load
from validators.arithmetic import Ledger
from validators.books import Books, Paper, books
from validators.prints import prints_of
from validators.remembered import remembered
from validators.spreads import spread
from validators.years import year_before

_OWN = (Context.END, Context.CURRENT)
_BALANCES = frozenset({Context.END, Context.BEGIN})
_YEAR = 12


class Term(NamedTuple):
    """An addend of an identity as it is printed; `cell` None: the row is not printed."""

    item: str
    weight: int
    cell: Field[Decimal] | None
    value: Decimal | None
    precision: Decimal


@dataclass(frozen=True)
class Closing:
    """One balance sheet, income statement and cash-flow statement at most, of one closing day."""

    entity: Field[str] | None
    scope: Scope
    currency: str
    day: dt.date | None
    papers: dict[StatementKind, Paper]

    @cached_property
    def taxonomy(self) -> Taxonomy | None:
        """The standard that all of them follow, None where they do not follow the same."""
        found = {id(paper.taxonomy): paper.taxonomy for paper in self.papers.values()}
        return next(iter(found.values())) if len(found) == 1 else None

    @cached_property
    def has_one_unit(self) -> bool:
        """Whether amounts of different statements may be compared: all units are printed."""
        return all(paper.statement.scale_printed for paper in self.papers.values())

    @cached_property
    def is_full_year(self) -> bool:
        """Whether the flows are of twelve months and are compared with the twelve before."""
        if self.day is None or (self.day.month, self.day.day) != (_YEAR, 31):
            return False
        wanted = year_before(self.day)
        columns = [column for paper in self.papers.values() for column in paper.statement.columns]
        return all(
            column.date in {None, wanted}
            for column in columns
            if column.context in {Context.BEGIN, Context.PRIOR}
        )

    def ledger(self, kind: StatementKind, context: Context) -> Ledger | None:
        """Return a column, None where there is no such statement or column."""
        key = kind, context
        if key not in self._ledgers:
            paper = self.papers.get(kind)
            self._ledgers[key] = _ledger(paper, context) if paper else None
        return self._ledgers[key]

    @cached_property
    def _ledgers(self) -> dict[tuple[StatementKind, Context], Ledger | None]:
        return {}

    def paper_of(self, term: IdentityTerm) -> Paper | None:
        """Return the statement that a term of an identity stands on."""
        return self.papers.get(_kind(term, self.taxonomy))

    def term(self, term: IdentityTerm) -> Term | None:
        """Return what is printed for a term, None where its statement or column is not there."""
        ledger = self.ledger(_kind(term, self.taxonomy), term.context)
        if ledger is None:
            return None
        return Term(
            item=term.item,
            weight=term.weight,
            cell=ledger.cells.get(term.item),
            value=ledger.amount(term.item),
            precision=ledger.precision,
        )


@remembered
def closings(dossier: Dossier) -> tuple[Closing, ...]:
    """Return what closes together, the latest day of each entity and scope first."""
    return tuple(closing for one in books(dossier) for closing in _closings(one))


accounts_of = remembered(spread)
"""The accounts of a package side by side, for the rules."""


def _closings(one: Books) -> Iterator[Closing]:
    """Yield the closings of one entity; statements without a date belong to those of their file."""
    found: dict[tuple[dt.date | None, str], list[Paper]] = {}
    for paper in one.papers:
        day = own_day(paper.statement)
        found.setdefault((day, "" if day else paper.subject), []).append(paper)
    for (day, _), papers in sorted(found.items(), key=_latest_first):
        kept = dict(_best(papers, is_dated=day is not None))
        yield Closing(one.entity, one.scope, one.currency, day, kept)


def _latest_first(entry: tuple[tuple[dt.date | None, str], list[Paper]]) -> tuple[int, str]:
    (day, subject), _ = entry
    return (-day.toordinal() if day else 1), subject


def _best(papers: Iterable[Paper], *, is_dated: bool) -> Iterator[tuple[StatementKind, Paper]]:
    """Yield one statement of each kind: of several of one day the best reading counts.

    Of several without a date none does, since they may be of different years.
    """
    by_kind: dict[StatementKind, list[Paper]] = {}
    for paper in papers:
        by_kind.setdefault(paper.statement.kind, []).append(paper)
    for kind, several in by_kind.items():
        prints = [one for one in prints_of(several) if one.column.context in _OWN]
        if prints and (is_dated or len(several) == 1):
            yield kind, min(prints, key=lambda one: one.rank).paper


def own_day(statement: Statement) -> dt.date | None:
    """Return the date of the column that a statement is of."""
    days = [column.date for column in statement.columns if column.context in _OWN and column.date]
    return max(days, default=None)


def _ledger(paper: Paper, context: Context) -> Ledger | None:
    found = (ledger for ledger in paper.ledgers if ledger.column.context is context)
    return next(found, None)


def _kind(term: IdentityTerm, taxonomy: Taxonomy | None) -> StatementKind:
    """Return the statement that a term stands on; the supplement is read with the cash flow."""
    if term.context in _BALANCES:
        return DocumentKind.BALANCE_SHEET
    known = (taxonomy or load("cas")).by_id
    if term.item in known and known[term.item].statement == DocumentKind.INCOME_STATEMENT.value:
        return DocumentKind.INCOME_STATEMENT
    return DocumentKind.CASH_FLOW_STATEMENT
