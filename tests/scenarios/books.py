"""Consistent accounts of the invented companies, as statements: what the sample generator makes."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from sample_docs.make import companies
from sample_docs.make.figures import Sketch, Values, books
from schemas.documents import DocumentKind
from schemas.statements import Column, Context, Scope, Statement
from tests.builders import BALANCE, CASH, INCOME, statement

KINDS = (BALANCE, INCOME, CASH)
_PLUGS = ("other_operating_cash_paid", "cash_equivalents_begin")
"""What the generator closes the cash flows of a year with."""

_LABELS = {
    Context.END: "期末余额",
    Context.BEGIN: "年初余额",
    Context.CURRENT: "本期金额",
    Context.PRIOR: "上期金额",
    Context.MONTH: "本月金额",
}


@cache
def years(seed: int, count: int) -> tuple[Values, ...]:
    """Return the books of some years, the first one first; each opens where the last one closed.

    The first year that is drawn compares itself with months that close elsewhere: it is left out.
    """
    dice = random.Random(seed)  # noqa: S311  the same books every time
    first = replace(companies.QINGHE_BOOKS, seed=seed)
    found = [books(first)]
    while len(found) <= count:
        found.append(books(_next(first, found[-1], dice)))
    return tuple(found[1:])


def _next(sketch: Sketch, before: Values, dice: random.Random) -> Sketch:
    """Return the sketch of the year after: every amount has moved a little."""

    def pairs(leaves: object, own: str) -> dict[str, tuple[Decimal, Decimal]]:
        return {
            item: (_moved(before[own].get(item, Decimal(0)), dice), _thousands(before, own, item))
            for item in leaves  # type: ignore[attr-defined]
        }

    balance = pairs(sketch.balance, "end")
    settled = {item: (old, old) for item, (_, old) in balance.items() if item in sketch.exact}
    flow = pairs(sketch.flow, "cur")
    plugs = {item: (Decimal(0), flow[item][1]) for item in _PLUGS}
    every = frozenset(balance) | frozenset(flow)
    return replace(sketch, balance=balance | settled, flow=flow | plugs, exact=every)  # type: ignore[arg-type]


def _thousands(before: Values, own: str, item: str) -> Decimal:
    return before[own].get(item, Decimal(0)) / 1000


def _moved(amount: Decimal, dice: random.Random) -> Decimal:
    return (amount * Decimal(str(round(dice.uniform(1.0, 1.04), 4)))).quantize(
        Decimal("0.01")
    ) / 1000


def paper(
    kind: DocumentKind,
    values: Values,
    closing: date,
    before: date,
    *,
    form: str = "cas2019_new",
    scope: Scope = Scope.SINGLE,
    **changes: object,
) -> Statement:
    """Return one statement of some books."""
    contexts = [Context(name) for name in values]
    flow = {Context.CURRENT, Context.PRIOR, Context.MONTH}
    wanted = [one for one in contexts if (one in flow) is (kind is not BALANCE)]
    amounts: dict[str, dict[Context, Decimal]] = {}
    for context in wanted:
        for item, amount in values[context.value].items():
            amounts.setdefault(item, {})[context] = amount
    columns = tuple(
        Column(
            id=one.value,
            label=_LABELS[one],
            context=one,
            date=before if one in {Context.BEGIN, Context.PRIOR} else closing,
        )
        for one in wanted
    )
    fields = {"form": form, "scope": scope, "columns": columns} | changes
    return statement(kind, amounts, closing=closing, **fields)


def accounts(
    seed: int, *ends: int, scope: Scope = Scope.SINGLE, **changes: object
) -> tuple[Statement, ...]:
    """Return the three statements of whole years that follow each other, the latest first."""
    made = zip(sorted(ends), years(seed, len(ends)), strict=True)
    return tuple(
        paper(kind, values, date(end, 12, 31), date(end - 1, 12, 31), scope=scope, **changes)
        for end, values in reversed(list(made))
        for kind in KINDS
    )


def small(seed: int, closing: date = date(2026, 9, 30), **changes: object) -> tuple[Statement, ...]:
    """Return the statements of a small enterprise for some months of a year."""
    values = books(replace(companies.YUNLING_BOOKS, seed=seed))
    opening = date(closing.year - 1, 12, 31)
    return tuple(paper(kind, values, closing, opening, form="sme", **changes) for kind in KINDS)
