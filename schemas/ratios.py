"""The ratios and red flags of schemas/data/ratios.yaml, with their formulas parsed and checked.

A name in a formula is `<line item of the CAS taxonomy>_<end|begin|cur|prior>`, a derived quantity
or an earlier ratio; any other stops the loading.
"""

import functools
from typing import Literal, NamedTuple

from pydantic import Field as Default

from schemas.base import Model
from schemas.errors import PolicyError
from schemas.expressions import Expression, Name, Operation, names, parse
from schemas.statements import Context, Scope
from schemas.tables import read_model
from schemas.taxonomy import Item, load

Group = Literal[
    "liquidity",
    "leverage",
    "coverage",
    "cash_flow",
    "profitability",
    "efficiency",
    "growth",
    "dupont",
    "score",
]
Weight = Literal["high", "medium", "low"]

_BALANCES = frozenset({Context.END, Context.BEGIN})
_FLOWS = frozenset({Context.CURRENT, Context.PRIOR})


class Reference(NamedTuple):
    """A line item in the closing, opening, current or prior column."""

    item: str
    context: Context


class Derived(Model):
    """A quantity that several formulas share."""

    id: str
    expr: str


class RatioEntry(Model):
    """A ratio as the table has it.

    `interim: as_is` says that a part of a year needs no annualising although the formula has
    flows and balances: its balances are movements of the same months.
    """

    id: str
    name: str
    group: Group
    expr: str
    example: float | None = None
    unit: Literal["amount", "days"] | None = None
    watch: str | None = None
    note: str | None = None
    interim: Literal["as_is"] | None = None


class RedFlagEntry(Model):
    """A red flag as the table has it; `expr` None is one that no formula can tell."""

    id: str
    name: str
    expr: str | None
    severity: Weight
    note: str | None = None


class Fallback(Model):
    """What stands in for a line item that is not printed.

    `approximate` where it is not the same thing. No `scopes` means all.
    """

    item: str
    instead: str
    scopes: tuple[Scope, ...] = ()
    approximate: bool = False


class RatioTable(Model):
    """The whole table. Formulas are parsed once, by `ratio_table`."""

    derived: tuple[Derived, ...]
    ratios: tuple[RatioEntry, ...]
    red_flags: tuple[RedFlagEntry, ...]
    fallbacks: tuple[Fallback, ...] = Default(default=())

    @property
    def entries(self) -> tuple[Derived | RatioEntry | RedFlagEntry, ...]:
        """Everything that has an id, in the order in which formulas may use it."""
        return (*self.derived, *self.ratios, *self.red_flags)

    @functools.cached_property
    def formulas(self) -> dict[str, Expression]:
        """Every formula by its id, as it is written."""
        return {entry.id: parse(entry.expr) for entry in self.entries if entry.expr is not None}

    @functools.cached_property
    def expanded(self) -> dict[str, Expression]:
        """Every formula by its id, down to the line items."""
        found: dict[str, Expression] = {}
        for id_, formula in self.formulas.items():
            found[id_] = _expand(formula, found)
        return found

    @functools.cached_property
    def used(self) -> dict[str, tuple[str, ...]]:
        """The names that a formula comes down to, each once."""
        return {id_: tuple(dict.fromkeys(names(tree))) for id_, tree in self.expanded.items()}

    @functools.cached_property
    def references(self) -> dict[str, Reference]:
        """Every line item that a formula uses, by the name that it has there."""
        every = {name for used in self.used.values() for name in used}
        return {name: reference(name) for name in sorted(every)}


def reference(name: str) -> Reference:
    """Return what a name stands for.

    >>> reference("cash_equivalents_end_cur")
    Reference(item='cash_equivalents_end', context=<Context.CURRENT: 'cur'>)

    Raises:
        PolicyError: there is no such line item, or it has no such column.
    """
    stem, _, suffix = name.rpartition("_")
    item = load("cas").by_id.get(stem)
    of_balance = item is not None and item.statement == "balance_sheet"
    allowed = {context.value: context for context in (_BALANCES if of_balance else _FLOWS)}
    if item is None or suffix not in allowed:
        raise PolicyError(f"ratios.yaml: unknown name {name}")
    return Reference(stem, allowed[suffix])


def is_flow(ref: Reference) -> bool:
    """Return whether an item adds up over a period: not a balance, nor the cash of a cash flow.

    >>> is_flow(reference("cash_equivalents_end_cur"))
    False
    """
    item: Item = load("cas").by_id[ref.item]
    return item.statement != "balance_sheet" and item.sign != "stock"


@functools.cache
def ratio_table() -> RatioTable:
    """Return the table.

    Raises:
        PolicyError: it is broken: an unknown name, two entries of one id, no formula.
    """
    return checked(read_model("ratios.yaml", RatioTable))


def checked(table: RatioTable) -> RatioTable:
    """Return the table with every formula parsed.

    Raises:
        PolicyError: it is broken.
    """
    ids = [entry.id for entry in table.entries]
    twice = {id_ for id_ in ids if ids.count(id_) > 1}
    if twice:
        raise PolicyError(f"ratios.yaml: {', '.join(sorted(twice))} twice")
    items = load("cas").by_id
    strange = {
        id_ for entry in table.fallbacks for id_ in (entry.item, entry.instead) if id_ not in items
    }
    if strange:
        raise PolicyError(f"ratios.yaml: unknown items {', '.join(sorted(strange))}")
    _ = table.references
    return table


def _expand(formula: Expression, known: dict[str, Expression]) -> Expression:
    match formula:
        case Name(id=name):
            return known.get(name, formula)
        case Operation(operator=operator, operands=operands):
            return Operation(operator, tuple(_expand(operand, known) for operand in operands))
        case _:
            return formula
