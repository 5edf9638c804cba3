"""The expert tables of schemas/data as typed values: statements and completeness.

Everything is read once and kept. A table that does not fit its model is a fault of the
installation, told as `PolicyError`.
"""

import functools
from decimal import Decimal
from typing import Literal

from pydantic import Field as Default
from pydantic import field_validator

from schemas.base import Model
from schemas.errors import PolicyError
from schemas.statements import Context
from schemas.tables import Prose, read_model

TaxonomyName = Literal["cas", "small", "ifrs", "npo"]
Requirement = Literal["R", "C", "O", "N"]
ItemKind = Literal["header", "line", "total", "of_which", "split"]

_FILES: dict[TaxonomyName, str] = {
    "cas": "statements_cas.yaml",
    "small": "statements_small.yaml",
    "ifrs": "statements_ifrs_en.yaml",
    "npo": "statements_npo.yaml",
}


class Item(Model):
    """A line item: its id, its printed labels, and where it belongs.

    `of_which` names the row that it is a part of; such rows never enter a total. `sign_by_form`
    says for which forms the print has the opposite sign of the stored value. `cas` are the items
    of the CAS taxonomy with the same meaning.
    """

    id: str
    label: str
    statement: str
    section: str
    kind: ItemKind
    level: int
    synonyms: tuple[str, ...] = ()
    label_zh_hk: tuple[str, ...] = ()
    line_no: int | None = None
    balance: str | None = None
    sign: str | None = None
    sign_by_form: dict[str, Literal["as_printed", "negate"]] = Default(default_factory=dict)
    forms: tuple[str, ...] = ()
    mark: str | None = None
    of_which: str | None = None
    combined_of: tuple[str, ...] = ()
    disambiguate: str | None = None
    printed_prefix: str | None = None
    unit: str | None = None
    gross: bool = False
    contra: bool = False
    contra_note: str | None = None
    note: str | None = None
    cas: tuple[str, ...] = ()

    @field_validator("cas", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that it may be printed with, the official one first."""
        return (self.label, *self.synonyms, *self.label_zh_hk)


class Term(Model):
    """One addend of a total."""

    item: str
    weight: Literal[1, -1]


class Calculation(Model):
    """A total and its terms, within one column.

    A term that is itself a total and is not printed stands for its own terms. `plug`: the filer
    may insert rows of his own. `exclusive`: where the first row is printed, the others are
    ignored. `only_if_any`: nothing to check where none of these is printed.
    """

    id: str
    total: str
    statement: str
    terms: tuple[Term, ...]
    plug: bool
    exclusive: tuple[tuple[str, tuple[str, ...]], ...] = ()
    applies_to: tuple[str, ...] = ()
    only_if_any: tuple[str, ...] = ()
    rows: str | None = None
    note: str | None = None


class IdentityTerm(Model):
    """One addend on a side of an identity, with the column it is taken from."""

    item: str
    context: Context
    weight: Literal[1, -1]


class Identity(Model):
    """Two sums over columns and statements that are equal, or of which the left is no larger."""

    id: str
    name: str
    op: Literal["eq", "le"]
    lhs: tuple[IdentityTerm, ...]
    rhs: tuple[IdentityTerm, ...]
    severity: Literal["error", "warn", "info"]
    only_if_any: tuple[str, ...] = ()
    fallback: dict[str, str] = Default(default_factory=dict)
    periods: tuple[str, ...] = ()
    column: str | None = None
    explain: str | None = None


class Example(Model):
    """A made-up set of statements for which everything adds up."""

    id: str
    unit: str
    decimals: int
    values: dict[str, dict[Context, Decimal]]
    description: str = ""
    form: str | None = None
    notes: tuple[str, ...] = ()

    @field_validator("values", mode="before")
    @classmethod
    def _exact(cls, values: dict[str, dict[str, float | int]]) -> dict[str, dict[str, str]]:
        return {
            item: {context: str(amount) for context, amount in amounts.items()}
            for item, amounts in values.items()
        }


class Meta(Prose):
    """What the head of a statement taxonomy says: forms, titles, headings, characters."""

    standard: str
    forms: dict[str, str] = Default(default_factory=dict)
    form_numbers: dict[str, tuple[str, ...]] = Default(default_factory=dict)
    statement_titles: dict[str, tuple[str, ...]]
    contexts: dict[str, dict[Context, tuple[str, ...]]]
    t2s: dict[str, str] = Default(default_factory=dict)


class Taxonomy(Prose):
    """One accounting standard: its line items and what must add up."""

    meta: Meta
    items: tuple[Item, ...]
    calculations: tuple[Calculation, ...]
    identities: tuple[Identity, ...] = ()
    examples: tuple[Example, ...] = ()

    @functools.cached_property
    def by_id(self) -> dict[str, Item]:
        """The line items by id."""
        return {item.id: item for item in self.items}

    @functools.cached_property
    def per_share(self) -> frozenset[str]:
        """The line items that are no amounts of money but have a unit of their own."""
        return frozenset(item.id for item in self.items if item.unit)

    @functools.cached_property
    def identity(self) -> dict[str, Identity]:
        """The identities by id."""
        return {identity.id: identity for identity in self.identities}

    @functools.cached_property
    def same_as(self) -> dict[str, tuple[str, ...]]:
        """The line items that mean an item of the CAS taxonomy, by its id."""
        found: dict[str, tuple[str, ...]] = {}
        for item in self.items:
            for meant in item.cas:
                found[meant] = (*found.get(meant, ()), item.id)
        return found

    @functools.cached_property
    def ways(self) -> dict[str, tuple[Calculation, ...]]:
        """The calculations by their total, which several generations of the form may make up."""
        totals = dict.fromkeys(one.total for one in self.calculations)
        return {
            total: tuple(one for one in self.calculations if one.total == total) for total in totals
        }

    @functools.cached_property
    def alternatives(self) -> tuple[tuple[Calculation, ...], ...]:
        """The calculations, those together of which a total needs to hold only one.

        These are the generations of the form; every other calculation stands alone.
        """
        found: dict[str, tuple[Calculation, ...]] = {}
        for one in self.calculations:
            key = f"by form: {one.total}" if one.applies_to else one.id
            found[key] = (*found.get(key, ()), one)
        return tuple(found.values())

    @functools.cached_property
    def members(self) -> dict[str, frozenset[str]]:
        """Everything that a total is made of, in any generation of the form, and the total."""
        return {total: self._below(total) for total in self.ways}

    def _below(self, total: str) -> frozenset[str]:
        found, ahead = {total}, [total]
        while ahead:
            ways = self.ways.get(ahead.pop(), ())
            below = {term.item for way in ways for term in way.terms} - found
            found |= below
            ahead += below
        return frozenset(found)

    @property
    def titles(self) -> dict[str, tuple[str, ...]]:
        """The printed titles of every statement."""
        return self.meta.statement_titles

    @property
    def form_numbers(self) -> dict[str, tuple[str, ...]]:
        """The printed form numbers (会企01表) of every statement."""
        return self.meta.form_numbers

    @property
    def contexts(self) -> dict[str, dict[Context, tuple[str, ...]]]:
        """The column headings, for `balance_sheet` and for `flow` statements."""
        return self.meta.contexts

    @property
    def t2s(self) -> dict[str, str]:
        """Traditional characters to simplified ones, as far as labels need them."""
        return self.meta.t2s


class Product(Prose):
    """A loan product."""

    id: str
    name: str


class RequiredDocument(Model):
    """A document, and for every product whether it is required, conditional, optional, or not."""

    id: str
    name: str
    wc_loan: Requirement
    project_finance: Requirement
    sme_small: Requirement
    sole_trader: Requirement
    conditional: str | None


class Freshness(Prose):
    """How old a document may be."""

    id: str
    rule: str
    severity: Literal["return", "error", "warn"]
    days: int | None = None


class EntityOverride(Prose):
    """What a type of entity has to bring beside, or need not."""

    entity: str
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class State(Prose):
    """A state of an application."""

    id: str
    name: str
    terminal: bool = False


class ReturnReason(Prose):
    """A reason to send papers back, with the bank's wording."""

    id: str
    state: str
    reason: str
    message: str


class Completeness(Prose):
    """What banks ask for: documents by product, freshness, reasons for returns."""

    products: tuple[Product, ...]
    documents: tuple[RequiredDocument, ...]
    entity_overrides: tuple[EntityOverride, ...]
    freshness: tuple[Freshness, ...]
    states: tuple[State, ...]
    transitions: tuple[tuple[str, str], ...]
    return_reasons: tuple[ReturnReason, ...]


@functools.cache
def load(name: TaxonomyName) -> Taxonomy:
    """Return the statement taxonomy of 企业会计准则, 小企业会计准则, IFRS or non-profits.

    Raises:
        PolicyError: there is no such taxonomy or its table is broken.
    """
    if name not in _FILES:
        raise PolicyError(f"there is no taxonomy {name}")
    return read_model(_FILES[name], Taxonomy)


@functools.cache
def policies() -> Completeness:
    """Return the bank practice on documents, freshness and reasons for returns.

    Raises:
        PolicyError: the table is broken.
    """
    return read_model("completeness.yaml", Completeness)
