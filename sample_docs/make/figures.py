"""Consistent numbers: the leaves are drawn from a seed, every total follows from the taxonomy.

The calculations and identities are those of schemas/data/statements_*.yaml. What must fit
across statements is derived in one place, `books`: cash on the balance sheet is where the cash
flow statement ends, retained earnings grow by the profit, and 应付账款 closes the balance.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parents[2] / "schemas" / "data"
CENT = Decimal("0.01")
ZERO = Decimal()
THREE = ("balance_sheet", "income_statement", "cash_flow_statement")

Values = dict[str, dict[str, Decimal]]
"""Amounts in yuan by context ("end", "begin", "cur", "prior", "month") and line item."""


@dataclass(frozen=True)
class Taxonomy:
    """The line items, sums and identities of one standard, reduced to one form."""

    form: str
    items: tuple[dict[str, object], ...]
    sums: dict[str, tuple[tuple[str, int], ...]]
    checks: tuple[dict[str, object], ...]
    identities: tuple[dict[str, object], ...]


@cache
def taxonomy(form: str) -> Taxonomy:
    """Load the taxonomy of a form, `cas2019_new` or `sme`."""
    name = "statements_small.yaml" if form == "sme" else "statements_cas.yaml"
    data = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    checks = [c for c in data["calculations"] if form in c.get("applies_to", [form])]
    sums: dict[str, tuple[tuple[str, int], ...]] = {}
    for check in checks:
        terms = tuple((term["item"], term["weight"]) for term in check["terms"])
        sums.setdefault(check["total"], terms)
    items = tuple(i for i in data["items"] if form == "sme" or form in i["forms"])
    return Taxonomy(form, items, sums, tuple(checks), tuple(data["identities"]))


@dataclass(frozen=True)
class Sketch:
    """The leaves of a company's books, in thousands of yuan.

    `balance` holds (end, begin), `flow` holds (current, comparison). Amounts are jittered by the
    seed except `exact`. The comparison column of the flows is the same months of last year
    ("prior") or the last month ("month").
    """

    form: str
    seed: int
    comparison: str
    balance: Mapping[str, tuple[float, float]]
    flow: Mapping[str, tuple[float, float]]
    tax_rate: Decimal
    dividends: Decimal = ZERO
    exact: frozenset[str] = field(default=frozenset({"paid_in_capital"}))


def books(sketch: Sketch) -> Values:
    """Turn a sketch into complete and consistent amounts.

    Raises ValueError when the sketch leaves an impossible (negative) closing amount.
    """
    dice = random.Random(sketch.seed)
    other = sketch.comparison
    values: Values = {"end": {}, "begin": {}, "cur": {}, other: {}}
    for leaves, contexts in ((sketch.balance, ("end", "begin")), (sketch.flow, ("cur", other))):
        for item, pair in leaves.items():
            for context, amount in zip(contexts, pair, strict=True):
                if amount:
                    values[context][item] = _jitter(dice, amount, exact=item in sketch.exact)
    _profits(values, sketch)
    _cash(values, sketch)
    _balance(values, sketch)
    printed = {i["id"] for i in taxonomy(sketch.form).items if i["statement"] in THREE}
    return {
        context: {item: amount for item, amount in column.items() if item in printed}
        for context, column in values.items()
    }


def complete(leaves: Mapping[str, Decimal], form: str) -> dict[str, Decimal]:
    """Add every total that the taxonomy can compute from the leaves."""
    sums, done = taxonomy(form).sums, dict(leaves)

    def value(item: str) -> Decimal:
        if item not in done and item in sums:
            done[item] = sum((value(term) * weight for term, weight in sums[item]), ZERO)
        return done.get(item, ZERO)

    for total in sums:
        value(total)
    return done


def violations(values: Values, form: str) -> list[str]:
    """Return the ids of the calculations and identities that the amounts break.

    A total that is not there is computed; anything else that is not there is nil.
    """
    rules = taxonomy(form)
    return [
        *(
            f"{check['id']}@{context}"
            for context, column in values.items()
            for check in rules.checks
            if _applies(check, column) and not _adds_up(check, column, form)
        ),
        *(str(rule["id"]) for rule in rules.identities if not _holds(rule, values, form)),
    ]


def _jitter(dice: random.Random, thousands: float, *, exact: bool) -> Decimal:
    yuan = Decimal(str(thousands)) * 1000
    return yuan if exact else (yuan * Decimal(dice.uniform(0.98, 1.02))).quantize(CENT)


def _profits(values: Values, sketch: Sketch) -> None:
    for context in ("cur", sketch.comparison):
        before = complete(values[context], sketch.form)["profit_before_tax"]
        values[context]["income_tax_expense"] = (before * sketch.tax_rate).quantize(CENT)
        profit = complete(values[context], sketch.form)["net_profit"]
        if sketch.form != "sme":
            values[context]["net_profit_continuing"] = profit
        if context == "cur":
            opening = values["begin"]["retained_earnings"]
            values["end"]["retained_earnings"] = opening + profit - sketch.dividends


def _cash(values: Values, sketch: Sketch) -> None:
    """Close the cash flows with 支付其他与经营活动有关的现金."""
    now, other = values["cur"], values[sketch.comparison]
    opening, closing = (values[at]["cash_and_bank_balances"] for at in ("begin", "end"))
    now["cash_equivalents_begin"] = opening
    surplus = complete(now, sketch.form)["cash_equivalents_end"] - closing
    now["other_operating_cash_paid"] = _positive(surplus, "other_operating_cash_paid")
    if sketch.comparison == "month":
        change = complete(other, sketch.form)["net_increase_in_cash"]
        other["cash_equivalents_begin"] = closing - change
    for context in ("cur", sketch.comparison):
        values[context] = complete(values[context], sketch.form)


def _balance(values: Values, sketch: Sketch) -> None:
    """Close the balance sheet with 应付账款."""
    for context in ("end", "begin"):
        trial = complete(values[context], sketch.form)
        gap = trial["total_assets"] - trial["total_liabilities_and_equity"]
        values[context]["accounts_payable"] = _positive(gap, "accounts_payable")
        values[context] = complete(values[context], sketch.form)


def _positive(amount: Decimal, item: str) -> Decimal:
    if amount <= 0:
        message = f"the sketch leaves {amount} for {item}"
        raise ValueError(message)
    return amount


def _applies(check: Mapping[str, object], column: Mapping[str, Decimal]) -> bool:
    wanted = check.get("only_if_any")
    if isinstance(wanted, list) and not any(item in column for item in wanted):
        return False
    return check["total"] in column


def _adds_up(check: Mapping[str, object], column: Mapping[str, Decimal], form: str) -> bool:
    terms = _terms(check["terms"])
    parts = {str(term["item"]) for term in terms}
    known = complete(column, form) if not parts <= column.keys() else column
    total = sum((known.get(str(t["item"]), ZERO) * int(str(t["weight"])) for t in terms), ZERO)
    return total == column[str(check["total"])]


def _holds(rule: Mapping[str, object], values: Values, form: str) -> bool:
    left, right = _terms(rule["lhs"]), _terms(rule["rhs"])
    known = {item for column in values.values() for item in column}
    wanted = rule.get("only_if_any")
    if isinstance(wanted, list) and not known.intersection(wanted):
        return True
    if not all(t["item"] in values.get(str(t["context"]), {}) for t in left):
        return True
    if "annual" in str(rule.get("periods", "")):
        return True
    if rule["id"] == "X_RE_roll":  # needs the statement of changes in equity
        return True
    a, b = (_side(side, values) for side in (left, right))
    return a == b if rule["op"] == "eq" else a <= b


def _side(terms: list[dict[str, object]], values: Values) -> Decimal:
    return sum(
        (
            values.get(str(t["context"]), {}).get(str(t["item"]), ZERO) * int(str(t["weight"]))
            for t in terms
        ),
        ZERO,
    )


def _terms(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        message = "a rule without terms"
        raise TypeError(message)
    return value
