"""What ties statements to each other, to the licence and to those of last year."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from schemas.fields import Field
from schemas.findings import Finding, Severity
from schemas.records import Dossier, Extracted
from schemas.statements import Context, Scope, Statement
from schemas.taxonomy import load
from tests.builders import (
    BALANCE,
    CASH,
    INCOME,
    absent,
    amended,
    blank,
    columns,
    dossier,
    doubted,
    field,
    raised_by,
    set_to,
    statement,
    stray,
    unreadable_cell,
)
from tests.validators.accounts import EXAMPLE, year
from validators.closings import closings
from validators.policy import load_policy
from validators.rulebook import RULEBOOK
from validators.rules import links

POLICY = load_policy("sme_small")
END, BEGIN, CURRENT, PRIOR = Context.END, Context.BEGIN, Context.CURRENT, Context.PRIOR
SMALL = load("small").examples[0].values


def found(code: str, *papers: Extracted, in_: Dossier | None = None) -> list[Finding]:
    return list(RULEBOOK[code].findings(in_ or dossier(*papers), POLICY))


def severities(code: str, *papers: Extracted) -> list[Severity]:
    return [one.severity for one in found(code, *papers)]


def sme(kind: Any, **changes: Any) -> Statement:
    return statement(kind, form="sme", **changes)


def flow(**changes: Any) -> Statement:
    """The cash-flow statement of a whole year, with its supplement."""
    days = (date(2025, 12, 31), date(2024, 12, 31))
    return year(CASH, days=days, scope=Scope.SINGLE, **changes)


def income(**changes: Any) -> Statement:
    days = (date(2025, 12, 31), date(2024, 12, 31))
    return year(INCOME, days=days, scope=Scope.SINGLE, **changes)


# The table


def test_every_identity_is_held_by_a_rule_or_says_why_not() -> None:
    held = {*links.CASH_AND_BANK, *links.CASH_CHAIN, *links.SUPPLEMENT}
    held |= {*links.RETAINED, *links.SURPLUS, *links.OF_WHICH}
    ids = {one.id for name in ("cas", "small", "ifrs") for one in load(name).identities}  # type: ignore[arg-type]

    assert held | set(links.ELSEWHERE) == ids
    assert not held & set(links.ELSEWHERE)


@pytest.mark.parametrize("form", ["cas2019_new", "sme", "ifrs"])
def test_the_worked_examples_hold(form: str) -> None:
    papers = [statement(kind, form=form) for kind in (BALANCE, INCOME, CASH)]
    rules = [
        code
        for code in RULEBOOK
        if RULEBOOK[code].check.__module__.endswith((".links", ".continuity"))
    ]

    assert len(rules) == 11
    for code in rules:
        assert not found(code, *papers), code


# Within a closing


def test_the_cash_of_a_small_enterprise_is_its_monetary_funds() -> None:
    balance = amended(sme(BALANCE), "cash_and_bank_balances", END, raised_by(5000))

    (one,) = found("statements.cash_and_bank", balance, sme(CASH))
    assert one.params["column"] == "end"
    assert one.params["difference"] == "-5,000.00"
    assert not found("statements.cash_and_bank", sme(BALANCE), sme(CASH))


def test_restricted_cash_is_no_fault_elsewhere() -> None:
    balance = amended(statement(BALANCE), "cash_and_bank_balances", END, raised_by(5000))

    assert not found("statements.cash_and_bank", balance, statement(CASH))


@pytest.mark.parametrize(
    "other",
    [
        {"scope": Scope.PARENT},
        {"entity": field("示例市另一家有限公司")},
        {"currency": "USD"},
        {"scale_printed": False},
        {"closing": date(2026, 6, 30)},
        {"form": "sme"},
        {"values": {}},
    ],
    ids=["scope", "entity", "currency", "no unit", "day", "form", "not printed"],
)
def test_only_what_is_of_one_entity_scope_day_unit_and_form_is_held_together(
    other: dict[str, Any],
) -> None:
    balance = amended(statement(BALANCE), "cash_and_bank_balances", END, set_to(1))

    assert found("statements.cash_and_bank", balance, statement(CASH))
    assert not found("statements.cash_and_bank", balance, statement(CASH, **other))


@pytest.mark.parametrize("change", [unreadable_cell, lambda _: blank(Decimal)])
def test_what_could_not_be_read_is_not_held(change: Any) -> None:
    """A dash is nothing, so that it is no more than anything."""
    cash = amended(statement(CASH), "cash_equivalents_end", CURRENT, change)
    balance = amended(statement(BALANCE), "cash_and_bank_balances", END, set_to(1))

    assert not found("statements.cash_and_bank", balance, cash)


def test_of_two_statements_of_one_day_the_better_reading_is_held() -> None:
    wrong = amended(statement(CASH), "cash_equivalents_end", CURRENT, set_to(99_999))
    doubtful = amended(wrong, "cash_equivalents_end", CURRENT, doubted)

    assert not found("statements.cash_and_bank", statement(BALANCE), doubtful, statement(CASH))


def test_statements_without_a_date_are_held_within_their_file_and_only_once() -> None:
    balance = amended(statement(BALANCE, closing=None), "cash_and_bank_balances", END, set_to(1))
    cash = statement(CASH, closing=None)
    one_file = dossier(balance)
    (paper,) = one_file.readings
    both = one_file.model_copy(
        update={"readings": (paper.model_copy(update={"documents": (balance, cash)}),)}
    )
    twice = one_file.model_copy(
        update={"readings": (paper.model_copy(update={"documents": (balance, cash, cash)}),)}
    )

    assert found("statements.cash_and_bank", in_=both)
    assert not found("statements.cash_and_bank", balance, cash)
    assert not found("statements.cash_and_bank", in_=twice)


def test_a_statement_without_a_column_of_its_own_closes_nothing() -> None:
    month = columns(CASH)[0].model_copy(update={"context": Context.MONTH})

    (closing,) = closings(dossier(statement(CASH, columns=(month,))))
    assert not closing.papers
    assert closing.taxonomy is None
    assert not found("statements.supplement", statement(CASH, columns=(month,)))


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        (raised_by(500), Severity.RETURN),
        (raised_by(5), Severity.WARN),  # as much as rounding may do
        (lambda old: doubted(raised_by(500)(old)), Severity.ERROR),
    ],
)
def test_the_supplement_repeats_the_profit(change: Any, severity: Severity) -> None:
    cash = amended(flow(), "cfs_net_profit", CURRENT, change)

    assert severities("statements.supplement", income(), cash) == [severity]


def test_a_profit_is_not_compared_where_there_is_no_supplement() -> None:
    assert not found("statements.supplement", income(), statement(CASH))
    assert not found("statements.supplement", flow())  # the profit of another statement


def test_opening_cash_is_the_closing_cash_of_the_year_before_in_whole_years_only() -> None:
    broken = amended(flow(), "cash_equivalents_end", PRIOR, raised_by(500))
    days = [(date(2025, 9, 30), date(2024, 9, 30)), (date(2025, 12, 31), date(2024, 9, 30))]
    parts = [broken.model_copy(update={"columns": year(CASH, days=pair).columns}) for pair in days]

    assert severities("statements.cash_chain", broken) == [Severity.RETURN]
    for part in parts:
        assert not found("statements.cash_chain", part)


def test_retained_earnings_grow_by_the_profit_of_the_parent() -> None:
    balance = amended(statement(BALANCE), "retained_earnings", END, raised_by(2700))  # Δ 7,490
    whole = {item: amounts for item, amounts in EXAMPLE.items() if "attributable" not in item}

    assert found("statements.retained_earnings", balance, statement(INCOME))
    assert not found("statements.retained_earnings", balance, statement(INCOME, whole))


def test_the_equity_of_a_small_enterprise_moves_by_profit_and_owners() -> None:
    balance = amended(sme(BALANCE), "total_equity", END, raised_by(-50_000))
    said = found("statements.retained_earnings", balance, sme(INCOME), sme(CASH))

    assert [one.params["item"] for one in said] == ["total_equity"]


def test_parts_in_brackets_are_still_parts() -> None:
    values = {
        **EXAMPLE,
        "main_business_cost": {CURRENT: -61_000},
        "operating_cost": {CURRENT: -61_500},
    }
    more = {**values, "main_business_cost": {CURRENT: -62_000}}

    assert not found("statements.of_which", statement(INCOME, values))
    (one,) = found("statements.of_which", statement(INCOME, more))
    assert one.params["item"] == "operating_cost"


def test_several_parts_together_are_no_more_than_the_row() -> None:
    values = {**SMALL, "inventories_raw_materials": {END: 455_000}}

    assert found("statements.of_which", sme(BALANCE, values=values))


# Last year's papers


def earlier(kind: Any, change: Any = None, **changes: Any) -> Statement:
    own, compared = (END, BEGIN) if kind is BALANCE else (CURRENT, PRIOR)
    values = {item: {own: a[compared]} for item, a in EXAMPLE.items() if compared in a}
    made = statement(kind, values, closing=date(2025, 12, 31), **changes)
    return amended(
        made, "inventories" if kind is BALANCE else "other_income", own, change or raised_by(0)
    )


def test_last_years_figures_are_this_years_opening_ones() -> None:
    assert not found("statements.opening_balance", statement(BALANCE), earlier(BALANCE))
    assert not found("statements.prior_column", statement(INCOME), earlier(INCOME))


def test_a_restatement_is_pointed_out_and_a_contradiction_is_for_a_person() -> None:
    restated = earlier(BALANCE, raised_by(500))
    unsure = earlier(BALANCE, lambda old: doubted(raised_by(500)(old)))

    (one,) = found("statements.opening_balance", statement(BALANCE), restated)
    assert (one.severity, one.params["why"], one.params["items"]) == (
        Severity.WARN,
        "restated",
        "inventories",
    )
    assert len(one.evidence) == 2
    assert severities("statements.opening_balance", statement(BALANCE), unsure) == [Severity.ERROR]
    assert not found("statements.papers_differ", statement(BALANCE), unsure)


def test_two_copies_that_differ_are_for_a_person_and_no_matter_of_last_year() -> None:
    copy = amended(statement(INCOME), "other_income", CURRENT, raised_by(500))

    assert severities("statements.papers_differ", statement(INCOME), copy) == [Severity.ERROR]
    assert not found("statements.prior_column", statement(INCOME), copy)


def test_a_row_of_the_filers_own_is_not_called_by_its_label() -> None:
    row = stray(5)
    papers = [
        paper.model_copy(update={"rows": (*paper.rows, row if n else stray(500))})
        for n, paper in enumerate((statement(BALANCE), statement(BALANCE)))
    ]

    (one,) = found("statements.papers_differ", *papers)
    assert one.params["items"] == "row_of_own"


def test_without_dates_nothing_is_of_last_year() -> None:
    undated = statement(BALANCE, closing=None)
    other = amended(undated, "inventories", END, raised_by(500))

    assert not found("statements.papers_differ", undated, other)


def test_what_two_reports_print_of_the_year_before_is_a_restatement() -> None:
    june = statement(BALANCE, closing=date(2026, 6, 30))
    other = amended(june, "inventories", BEGIN, raised_by(500))

    assert severities("statements.opening_balance", statement(BALANCE), other) == [Severity.WARN]
    assert not found("statements.papers_differ", statement(BALANCE), other)


# Two scopes


def scopes(**changes: Any) -> tuple[Statement, Statement]:
    parent = statement(BALANCE, scope=Scope.PARENT, **changes)
    return statement(BALANCE, scope=Scope.CONSOLIDATED), parent


def test_a_parent_has_no_minority_interests() -> None:
    group, parent = scopes()
    doubtful = amended(parent, "minority_interests", END, doubted)
    dash = amended(parent, "minority_interests", END, lambda _: blank(Decimal))
    none = statement(BALANCE, {"total_assets": {END: 1}}, scope=Scope.PARENT)

    assert severities("statements.parent_minority", group, parent) == [Severity.RETURN]
    assert severities("statements.parent_minority", group, doubtful) == [Severity.ERROR]
    for paper in (dash, none, statement(INCOME, scope=Scope.PARENT)):
        assert not found("statements.parent_minority", group, paper)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, True),
        ({"entity": absent()}, True),
        ({"entity": field("示例市另一家有限公司")}, False),
        ({"closing": None}, False),
        ({"scale_printed": False}, False),
        ({"values": {"total_assets": {END: 1}}}, False),
    ],
)
def test_both_scopes_have_one_share_capital(changes: dict[str, Any], *, said: bool) -> None:
    group, parent = scopes(**changes)
    parent = amended(parent, "paid_in_capital", END, raised_by(500))

    assert bool(found("statements.share_capital", group, parent)) is said
    assert not found("statements.share_capital", *scopes())


def test_a_capital_that_could_not_be_read_is_not_compared() -> None:
    group, parent = scopes()
    parent = amended(parent, "paid_in_capital", END, unreadable_cell)

    assert not found("statements.share_capital", group, parent)
    assert not found("statements.share_capital", group, statement(INCOME, scope=Scope.PARENT))


def test_a_scope_without_a_name_is_that_of_the_other() -> None:
    group = statement(BALANCE, scope=Scope.CONSOLIDATED, entity=absent())
    parent = amended(scopes()[1], "paid_in_capital", END, raised_by(500))

    assert found("statements.share_capital", group, parent)


def test_in_a_year_of_loss_a_surplus_reserve_that_stays_is_no_growth() -> None:
    loss = amended(statement(INCOME), "net_profit", Context.CURRENT, set_to(-900))
    still = amended(statement(BALANCE), "surplus_reserve", END, same_as_opening)
    grown = amended(still, "surplus_reserve", END, raised_by(5))

    assert not found("statements.surplus_reserve", still, loss)
    assert found("statements.surplus_reserve", grown, loss)


def same_as_opening(old: Field[Decimal]) -> Field[Decimal]:
    opening = statement(BALANCE).amount("surplus_reserve", Context.BEGIN)
    assert opening is not None
    return old.model_copy(update={"value": opening.value})
