from datetime import date
from decimal import Decimal

import pytest

from schemas.documents import DocumentKind
from schemas.findings import Finding, Severity
from schemas.records import Dossier, Extracted
from schemas.statements import Context, Scope, Statement
from tests.builders import (
    BALANCE,
    CASH,
    COMPANY,
    INCOME,
    amended,
    cell,
    dossier,
    doubted,
    field,
    licence,
    raised_by,
    set_to,
    statement,
    stray,
    unread,
    unreadable_cell,
)
from validators.policy import load_policy
from validators.rulebook import RULEBOOK

POLICY = load_policy("sme_small")
END, BEGIN, CURRENT = Context.END, Context.BEGIN, Context.CURRENT


def found(code: str, *papers: Extracted) -> list[Finding]:
    return findings(code, dossier(*papers))


def findings(code: str, papers: Dossier) -> list[Finding]:
    return list(RULEBOOK[code].findings(papers, POLICY))


def balance(**amounts: object) -> Statement:
    return statement(BALANCE, {item: {END: amount} for item, amount in amounts.items()})  # type: ignore[dict-item]


def flows(**amounts: object) -> Statement:
    return statement(CASH, {item: {CURRENT: amount} for item, amount in amounts.items()})  # type: ignore[dict-item]


def doubt_everything(paper: Statement) -> Statement:
    for row in paper.rows:
        paper = amended(paper, str(row.item), END, doubted)
    return paper


# Completeness


def test_what_is_missing_altogether_is_told_once() -> None:
    alone = dossier(licence(), statement(BALANCE))

    missing = [one.params["document"] for one in findings("package.missing_document", alone)]
    assert missing == ["income_statement", "cash_flow_statement"]
    assert not findings("package.incomplete_statements", alone)


def test_a_set_of_statements_is_complete_within_its_scope() -> None:
    group = [statement(kind, scope=Scope.CONSOLIDATED) for kind in (BALANCE, INCOME, CASH)]
    parent = [statement(kind, scope=Scope.PARENT) for kind in (BALANCE, INCOME)]

    (one,) = found("package.incomplete_statements", *group, *parent)

    assert one.params == {"document": "cash_flow_statement", "scope": "parent"}
    assert not found("package.incomplete_statements", *group, parent[1])


def test_a_product_without_statements_asks_for_no_set() -> None:
    papers = dossier(licence(), statement(BALANCE))
    rule = RULEBOOK["package.incomplete_statements"]

    assert not list(rule.findings(papers, load_policy("sole_trader")))


# Whose and of when


@pytest.mark.parametrize("name", [COMPANY, " 示例市青禾机械 有限公司", "示例市青禾机械有限公司　"])
def test_the_same_name_may_be_spaced_otherwise(name: str) -> None:
    assert not found("statements.entity_mismatch", licence(), balance(), statement(
        INCOME, entity=field(name)
    ))  # fmt: skip


def test_brackets_and_width_make_no_other_name() -> None:
    paper = statement(BALANCE, entity=field("示例(北京)ABC有限公司"))

    assert not found(
        "statements.entity_mismatch", licence(name=field("示例（北京）ＡＢＣ有限公司")), paper
    )
    assert found(
        "statements.entity_mismatch", licence(name=field("示例（北京）ABC股份有限公司")), paper
    )


@pytest.mark.parametrize(
    ("licensed", "printed", "severity"),
    [(True, True, Severity.RETURN), (True, False, Severity.ERROR), (False, True, Severity.ERROR)],
)
def test_a_name_that_is_not_sure_goes_to_a_person(
    *, licensed: bool, printed: bool, severity: Severity
) -> None:
    paper = statement(CASH, entity=field("别的公司", accepted=printed))
    (one,) = found(
        "statements.entity_mismatch", licence(name=field(COMPANY, accepted=licensed)), paper
    )

    assert one.severity is severity
    assert len(one.evidence) == 2


def test_names_are_compared_only_where_both_were_read() -> None:
    other = statement(CASH, entity=field("别的公司"))

    assert not found("statements.entity_mismatch", other)
    assert not found("statements.entity_mismatch", licence(name=unread()), other)
    assert not found("statements.entity_mismatch", licence(), statement(CASH, entity=unread()))


@pytest.mark.parametrize(
    ("closing", "code"),
    [
        (date(2026, 7, 14), "statements.stale"),  # 93 days
        (date(2026, 7, 15), None),  # 92 days
        (date(2026, 10, 15), None),
        (date(2026, 10, 16), "statements.future_dated"),
    ],
)
def test_the_age_is_counted_from_the_application(closing: date, code: str | None) -> None:
    paper = statement(BALANCE, closing=closing)
    said = [c for c in ("statements.stale", "statements.future_dated") if found(c, paper)]

    assert said == ([code] if code else [])


def test_the_age_is_that_of_the_latest_balance_sheet() -> None:
    last_year = statement(BALANCE, closing=date(2025, 12, 31))
    recent = statement(BALANCE, closing=date(2026, 9, 30))
    income = statement(INCOME, closing=date(2026, 9, 30))

    assert not found("statements.stale", last_year, recent)
    assert found("statements.stale", last_year, income)
    assert not found("statements.stale", income)


def test_without_statements_there_is_no_date_to_miss() -> None:
    assert not found("statements.undated", licence())
    assert not found("statements.undated", statement(BALANCE, closing=None), statement(INCOME))


# How much was read


def test_key_totals_are_known_by_what_the_standard_calls_them() -> None:
    for form in ("cas2019_new", "sme"):
        papers = [statement(kind, form=form) for kind in (BALANCE, INCOME, CASH)]
        assert not found("statements.unaccepted_key_cells", *papers)


def test_a_key_total_that_is_doubtful_or_not_printed_is_named() -> None:
    doubtful = amended(statement(BALANCE), "total_equity", END, doubted)
    without = balance(total_assets=10, total_liabilities=4)
    earlier = amended(statement(BALANCE), "total_equity", BEGIN, doubted)

    for paper in (doubtful, without):
        (one,) = found("statements.unaccepted_key_cells", paper)
        assert one.params["items"] == "total_equity"
    assert not found("statements.unaccepted_key_cells", earlier)


def test_a_key_row_without_an_amount_is_sure_only_where_nothing_was_recognised() -> None:
    paper = statement(CASH)
    emptied = tuple(
        row.model_copy(update={"values": {}}) if row.item == "net_cash_from_financing" else row
        for row in paper.rows
    )
    digital = paper.model_copy(update={"rows": emptied})
    recognised = amended(
        digital,
        "net_cash_from_operating",
        CURRENT,
        lambda old: old.model_copy(update={"confidence": 0.99}),
    )

    assert not found("statements.unaccepted_key_cells", digital)
    (one,) = found("statements.unaccepted_key_cells", recognised)
    assert one.params["items"] == "net_cash_from_financing"


def test_of_two_names_for_revenue_one_is_enough() -> None:
    values = {"total_operating_revenue": {CURRENT: 9}, "net_profit": {CURRENT: 1}}

    assert not found("statements.unaccepted_key_cells", statement(INCOME, values))


def test_a_statement_without_amounts_is_told_once() -> None:
    empty = statement(BALANCE, {})

    assert found("statements.no_rows", empty)
    assert not found("statements.unaccepted_key_cells", empty)


def test_cells_that_are_not_sure_are_counted_and_dashes_are_not() -> None:
    paper = balance(inventories=1, prepayments=2, goodwill=None, total_assets=3)
    paper = amended(
        amended(paper, "inventories", END, doubted), "prepayments", END, unreadable_cell
    )
    (one,) = found("statements.unaccepted_cells", paper)

    assert one.params["count"] == "2"
    assert len(one.evidence) == 2


def test_a_row_of_the_filers_own_is_counted_if_it_has_a_value() -> None:
    paper = balance(inventories=1)
    heading = stray(1).model_copy(update={"values": {}})
    unplaced = stray(2).model_copy(update={"provenance": None})
    (one,) = found(
        "statements.unmapped_rows",
        paper.model_copy(update={"rows": (*paper.rows, heading, stray(1), unplaced)}),
    )

    assert one.params["count"] == "2"
    assert len(one.evidence) == 1


# Sums


def test_a_balance_sheet_balances_by_its_totals_before_its_parts() -> None:
    amounts = {"total_assets": 100, "total_liabilities": 60, "total_equity": 30}

    assert found("statements.balance", balance(**amounts))
    assert not found("statements.balance", balance(**amounts, total_liabilities_and_equity=100))
    assert not found("statements.balance", balance(**(amounts | {"total_equity": 40})))


def test_every_column_balances_for_itself() -> None:
    paper = amended(statement(BALANCE), "total_assets", BEGIN, raised_by(7))
    (one,) = found("statements.balance", paper)

    assert one.params == {
        "column": "begin",
        "assets": "91,257.00",
        "other_side": "91,250.00",
        "difference": "7.00",
        "cause": "cause_digit",
        "look_at": "total_assets,total_liabilities_and_equity",
    }
    assert one.severity is Severity.RETURN


def test_a_hong_kong_balance_sheet_balances_by_its_net_assets() -> None:
    values = {"net_assets": {END: 80}, "total_equity": {END: 70}}

    assert found("statements.balance", statement(BALANCE, values, form="ifrs"))


def test_a_balance_is_left_alone_where_a_side_is_not_known() -> None:
    paper = balance(total_assets=100, total_liabilities_and_equity=90)
    half = amended(paper, "total_assets", END, lambda old: old.model_copy(update={"value": None}))

    assert found("statements.balance", paper)
    assert not found("statements.balance", half)
    assert not found("statements.balance", amended(paper, "total_assets", END, unreadable_cell))
    assert not found("statements.balance", balance(total_assets=100))
    assert not found("statements.balance", flows(net_increase_in_cash=1))


SUM = {"inventories": "10.00", "prepayments": "5.50"}


@pytest.mark.parametrize(
    ("total", "severity"),
    [("15.50", None), ("15.53", Severity.WARN), ("18.00", Severity.RETURN)],
)
def test_what_rounding_may_explain_is_only_pointed_out(
    total: str, severity: Severity | None
) -> None:
    said = found("statements.subtotal", balance(**SUM, total_current_assets=total))

    assert [one.severity for one in said] == ([severity] if severity else [])


def test_a_gap_that_may_be_our_misreading_goes_to_a_person() -> None:
    paper = balance(**SUM, total_current_assets="18.00")
    own = paper.model_copy(update={"rows": (stray("0.75"), *paper.rows)})
    near = doubt_everything(balance(**SUM, total_current_assets="15.53"))

    for doubtful in (doubt_everything(paper), own, near):
        (one,) = found("statements.subtotal", doubtful)
        assert one.severity is Severity.ERROR


def test_only_the_balance_and_the_cash_of_ifrs_statements_are_checked() -> None:
    values = {"inventories": {END: 1}, "total_current_assets": {END: 99}}

    assert not found("statements.subtotal", statement(BALANCE, values, form="ifrs"))


FLOWS = {
    "net_cash_from_operating": 50,
    "net_cash_from_investing": -20,
    "net_cash_from_financing": -10,
}


def test_the_three_flows_make_the_increase() -> None:
    assert not found("statements.cash_roll", flows(**FLOWS, net_increase_in_cash=20))
    assert found("statements.cash_roll", flows(**FLOWS, net_increase_in_cash=30))


def test_the_exchange_effect_is_part_of_the_increase() -> None:
    rows = FLOWS | {"effect_of_exchange_rate_on_cash": 10}

    assert not found("statements.cash_roll", flows(**rows, net_increase_in_cash=30))


@pytest.mark.parametrize(
    "rows",
    [
        {"net_cash_from_operating": 50, "net_increase_in_cash": 20},
        {"net_increase_in_cash": 20, "cash_equivalents_end": 90},
        {"cash_equivalents_begin": 5, "cash_equivalents_end": 90},
        FLOWS | {"cash_equivalents_end": 90},
        {"net_cash_from_operating": 50, "cash_equivalents_begin": 5, "cash_equivalents_end": 90},
    ],
    ids=[
        "flows are missing",
        "no opening cash",
        "no increase",
        "flows for the increase, no opening cash",
        "only some flows for the increase",
    ],
)
def test_cash_is_rolled_only_where_all_that_the_sum_needs_is_printed(
    rows: dict[str, int],
) -> None:
    assert not found("statements.cash_roll", flows(**rows))


def test_the_flows_may_stand_for_an_increase_that_is_not_printed() -> None:
    rows = FLOWS | {"cash_equivalents_begin": 100}

    assert not found("statements.cash_roll", flows(**rows, cash_equivalents_end=120))
    assert found("statements.cash_roll", flows(**rows, cash_equivalents_end=150))


def test_the_cash_of_an_ifrs_statement_is_rolled_too() -> None:
    rows = {"net_cash_operating": 50, "net_cash_investing": -20, "net_cash_financing": -10}
    values = {item: {CURRENT: amount} for item, amount in rows.items()}

    whole = statement(CASH, values | {"net_increase_in_cash": {CURRENT: 90}}, form="ifrs")

    assert found("statements.cash_roll", whole)
    assert not found("statements.cash_roll", balance(net_increase_in_cash=1))


def test_amounts_are_said_as_they_are_printed() -> None:
    paper = balance(inventories="1234567.5", total_current_assets="2234567.5")
    (one,) = found("statements.subtotal", amended(paper, "goodwill", END, set_to(1)))

    assert one.params["printed"] == "2,234,567.50"
    assert one.params["difference"] == "1,000,000.00"
    assert Decimal(cell("1234567.5").value or 0) == Decimal("1234567.5")


def test_the_kind_is_told_with_the_finding() -> None:
    (one,) = found("statements.unit_assumed", statement(INCOME, scale_printed=False))

    assert one.params["document"] == DocumentKind.INCOME_STATEMENT
