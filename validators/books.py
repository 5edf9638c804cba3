"""Whose statements they are: two entities, scopes, currencies or standards are never mixed."""

from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from schemas.fields import Field
from schemas.records import Dossier
from schemas.statements import Column, Scope, Statement
from schemas.taxonomy import Taxonomy, load
from validators.arithmetic import CHECKED, Ledger
from validators.papers import is_variant, read, statements, taxonomy_of
from validators.remembered import remembered
from validators.renames import present_name


@dataclass(frozen=True, eq=False)
class Paper:
    """A statement, the sha256 of its file, and its number in the package.

    `entity` is the name printed on it, or the present one where that is a former name by a notice
    of change. What several rules ask of its columns is worked out once.
    """

    number: int
    subject: str
    statement: Statement
    entity: Field[str]

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The standard that it follows."""
        return taxonomy_of(self.statement)

    @cached_property
    def ledgers(self) -> tuple[Ledger, ...]:
        """Every column, ready to be added up."""
        columns = self.statement.columns
        return tuple(Ledger(self.statement, self.taxonomy, column) for column in columns)

    @property
    def checked(self) -> tuple[Ledger, ...]:
        """The columns that have complete rows of their own."""
        return tuple(ledger for ledger in self.ledgers if ledger.column.context in CHECKED)

    def ledger(self, column: Column) -> Ledger:
        """Return one of its columns."""
        return next(ledger for ledger in self.ledgers if ledger.column is column)


@dataclass(frozen=True, slots=True)
class Books:
    """The statements of one entity, scope and currency; `entity` None where no name was read."""

    entity: Field[str] | None
    scope: Scope
    currency: str
    papers: tuple[Paper, ...]
    international: bool = False

    def takes(self, paper: Paper) -> bool:
        """Return whether a statement belongs here; one without a name goes by scope alone."""
        if _kept_apart(paper) != (self.scope, self.currency, self.international):
            return False
        name = paper.entity
        return read(name) is None or self.entity is None or _is_same(self.entity, name)

    def plus(self, paper: Paper) -> "Books":
        """Return the books with one more statement, in the order of the files."""
        papers = sorted((*self.papers, paper), key=lambda one: one.number)
        return replace(self, papers=tuple(papers))


@remembered
def papers(dossier: Dossier) -> tuple[Paper, ...]:
    """Return every statement of a package, in the order of the files."""
    return tuple(
        Paper(number, subject, statement, present_name(dossier, statement.entity))
        for number, (subject, statement) in enumerate(statements(dossier))
    )


@remembered
def books(dossier: Dossier) -> tuple[Books, ...]:
    """Return the statements of a package by whose they are, in the order of the files.

    The guarantor's or the group's own statements make books of their own.
    """
    found: list[Books] = []
    for paper in sorted(papers(dossier), key=lambda paper: read(paper.entity) is None):
        home = next((n for n, one in enumerate(found) if one.takes(paper)), None)
        if home is None:
            found.append(_opened(paper))
        else:
            found[home] = found[home].plus(paper)
    return tuple(sorted(found, key=lambda one: one.papers[0].number))


def _opened(paper: Paper) -> Books:
    entity = paper.entity if read(paper.entity) else None
    scope, currency, international = _kept_apart(paper)
    return Books(entity, scope, currency, (paper,), international)


def _kept_apart(paper: Paper) -> tuple[Scope, str, bool]:
    """Return what statements of one entity have to have in common to be of the same books."""
    statement = paper.statement
    return statement.scope, statement.currency, paper.taxonomy is load("ifrs")


def _is_same(one: Field[str], other: Field[str]) -> bool:
    """Return whether two names are the same, or a misread character apart."""
    names = one.value or "", other.value or ""
    sure = one.accepted and other.accepted
    return is_variant(*names) or (not sure and Levenshtein.distance(*names) <= 1)
