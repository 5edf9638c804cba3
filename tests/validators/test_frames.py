from datetime import date
from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.documents import DocumentKind
from schemas.statements import Context, Scope, Statement
from tests.builders import (
    BALANCE,
    INCOME,
    amended,
    cell,
    dossier,
    doubted,
    field,
    set_to,
    statement,
    stray,
    unread,
    unreadable_cell,
)
from tests.validators.accounts import CLOSING, EXAMPLE, OPENING, but, whole, year
from validators import frames
from validators.ratios import compute
from validators.spreads import Cell, Mark, Period, Spread, spread

END, BEGIN = Context.END, Context.BEGIN
NEXT = date(2025, 12, 31)
OF_2024, OF_2023 = Period(CLOSING), Period(OPENING)


def sheet(*statements: Statement, kind: DocumentKind = BALANCE) -> Spread:
    (accounts,) = spread(dossier(*statements))
    return accounts.spreads[kind]  # type: ignore[index]


def later(**amounts: dict[Context, int]) -> Statement:
    """Return the balance sheet of the year after, whose opening column is our closing one."""
    opening = {
        item: {BEGIN: values[END], END: values[END]}
        for item, values in EXAMPLE.items()
        if END in values
    }
    return year(BALANCE, {**opening, **amounts}, days=(NEXT, CLOSING))


def cell_of(table: Spread, item: str, period: Period) -> Cell:
    found = table.cell(item, period)
    assert found is not None
    return found


def test_a_frame_holds_fen_by_row() -> None:
    values = {"inventories": {END: "1234.56", BEGIN: None}, "goodwill": {END: "-0.01"}}
    made = statement(BALANCE, values)
    table = frames.frame(made.model_copy(update={"rows": (*made.rows, stray(3))}))

    assert list(table.columns) == ["item", "label", "end", "begin"]
    assert list(table["end"]) == [123456, -1, 300]
    assert table["end"].dtype == "Int64"
    assert table["begin"][0] == 0  # a dash
    assert table["begin"][1] is pd.NA  # nothing printed
    assert pd.isna(table["item"][2])
    assert table.attrs["fractions"] == {}


def test_what_is_no_whole_number_of_fen_is_kept_exactly_beside() -> None:
    table = frames.frame(
        statement(INCOME, {"basic_eps": {Context.CURRENT: "0.1234", Context.PRIOR: "0.12"}})
    )

    assert table["cur"][0] is pd.NA
    assert table["prior"][0] == 12
    assert table.attrs["fractions"] == {(0, "cur"): Decimal("0.1234")}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.decimals(-(10**14), 10**14, places=2), min_size=1, max_size=20))
def test_sums_of_a_frame_are_exact(amounts: list[Decimal]) -> None:
    made = statement(BALANCE, {})
    table = frames.frame(made.model_copy(update={"rows": tuple(map(stray, amounts))}))

    assert Decimal(int(table["end"].sum())) == sum(amounts) * 100


def test_an_amount_that_could_not_be_read_is_not_a_number() -> None:
    made = statement(BALANCE, {"goodwill": {END: 5}})
    table = frames.frame(amended(made, "goodwill", END, unreadable_cell))

    assert table["end"][0] is pd.NA


def test_years_stand_side_by_side_in_the_order_of_the_form() -> None:
    table = sheet(later(), year(BALANCE))
    order = [line.item for line in table.lines]

    assert table.periods == (Period(NEXT), OF_2024, OF_2023)
    assert order.index("inventories") < order.index("total_current_assets")
    assert order.index("total_assets") < order.index("short_term_borrowings")
    assert cell_of(table, "goodwill", OF_2023).value == 1100


def test_a_comparative_that_says_the_same_is_no_restatement() -> None:
    table = sheet(year(BALANCE), later())

    assert not [cell for cell in table.cells.values() if cell.mark]
    assert cell_of(table, "goodwill", OF_2024).source.reported == NEXT


def test_a_later_report_with_another_figure_restates_it() -> None:
    found = cell_of(
        sheet(year(BALANCE), later(goodwill={BEGIN: 900, END: 900})), "goodwill", OF_2024
    )

    assert (found.value, found.mark, found.accepted) == (900, Mark.RESTATED, True)
    assert [other.value for other in found.others] == [1100]
    assert found.others[0].fields[0].provenance is not None


def test_a_difference_that_only_rounds_is_no_restatement() -> None:
    fine = {item: {END: v[END] + Decimal("0.3")} for item, v in EXAMPLE.items() if END in v}
    table = sheet(year(BALANCE, fine), later())

    assert not [cell for (_, at), cell in table.cells.items() if at == OF_2024 and cell.mark]


def test_a_row_that_the_later_report_no_longer_has_is_not_taken_from_the_earlier() -> None:
    table = sheet(year(BALANCE, but(derivative_financial_assets={END: 7})), later())
    found = cell_of(table, "derivative_financial_assets", OF_2024)

    assert (found.value, found.fields, found.mark) == (None, (), Mark.RESTATED)
    assert "derivative_financial_assets" not in table.amounts[OF_2024]


def test_a_misread_comparative_is_a_conflict_rather_than_a_restatement() -> None:
    own = amended(amended(year(BALANCE), "goodwill", END, set_to(1700)), "goodwill", END, doubted)
    found = cell_of(sheet(own, later()), "goodwill", OF_2024)

    assert (found.value, found.mark, found.accepted) == (1100, Mark.CONFLICT, True)


def test_a_doubtful_print_of_the_later_report_is_a_conflict() -> None:
    new = amended(later(goodwill={BEGIN: 900, END: 900}), "goodwill", BEGIN, doubted)
    found = cell_of(sheet(year(BALANCE), new), "goodwill", OF_2024)

    assert (found.value, found.mark, found.accepted) == (900, Mark.CONFLICT, False)


def test_what_the_later_report_has_unreadable_is_filled_without_acceptance() -> None:
    new = amended(later(), "goodwill", BEGIN, unreadable_cell)
    found = cell_of(sheet(year(BALANCE), new), "goodwill", OF_2024)

    assert (found.value, found.accepted, found.mark) == (1100, False, Mark.CONFLICT)


def test_two_papers_of_one_report_that_differ_are_both_in_doubt() -> None:
    other = year(BALANCE, but(goodwill={END: 1, BEGIN: 1100}))
    found = cell_of(sheet(year(BALANCE), other), "goodwill", OF_2024)

    assert (found.value, found.mark, found.accepted) == (1100, Mark.CONFLICT, False)


def test_a_third_print_keeps_the_conflict() -> None:
    other = year(BALANCE, but(goodwill={END: 1, BEGIN: 1100}))
    third = year(BALANCE, but(goodwill={END: 2, BEGIN: 1100}))
    found = cell_of(sheet(year(BALANCE), other, third), "goodwill", OF_2024)

    assert found.mark is Mark.CONFLICT
    assert [one.value for one in found.others] == [1, 2]


def test_an_unreadable_print_says_nothing_against_another() -> None:
    other = amended(year(BALANCE), "goodwill", END, unreadable_cell)
    found = cell_of(sheet(year(BALANCE), other), "goodwill", OF_2024)

    assert (found.value, found.mark, found.accepted) == (1100, None, True)


def test_scopes_entities_and_currencies_are_never_mixed() -> None:
    group, company = year(BALANCE), year(BALANCE, scope=Scope.PARENT)
    guarantor = year(BALANCE, entity=field("示例市远山控股有限公司"))
    dollars = year(BALANCE, currency="USD")
    found = spread(dossier(group, company, guarantor, dollars))

    assert [(one.entity, one.scope, one.currency) for one in found] == [
        ("示例市青禾机械有限公司", Scope.CONSOLIDATED, "CNY"),
        ("示例市青禾机械有限公司", Scope.PARENT, "CNY"),
        ("示例市远山控股有限公司", Scope.CONSOLIDATED, "CNY"),
        ("示例市青禾机械有限公司", Scope.CONSOLIDATED, "USD"),
    ]


def test_a_name_that_was_misread_or_not_read_is_the_same_entity() -> None:
    misread = later().model_copy(update={"entity": field("示例市青木机械有限公司", accepted=False)})
    nameless = year(INCOME, entity=unread())

    assert len(spread(dossier(nameless, year(BALANCE), misread))) == 1
    assert spread(dossier(nameless))[0].entity is None


def test_items_of_other_standards_come_over_to_cas() -> None:
    values = {
        "cash_and_cash_equivalents": {END: 10},
        "restricted_cash": {END: 3},
        "net_assets": {END: 50},
        "total_equity": {END: 50},
        "reserves": {END: 7},
    }
    (accounts,) = spread(dossier(statement(BALANCE, values, form="ifrs")))
    table = accounts.spreads[BALANCE]
    (period, *_) = table.periods

    assert cell_of(table, "cash_and_bank_balances", period).value == 13
    assert len(cell_of(table, "cash_and_bank_balances", period).fields) == 2
    assert cell_of(table, "total_equity", period).value == 50
    assert cell_of(table, "reserves", period).value == 7
    assert "surplus_reserve" in table.sources[period].merged


def test_a_sum_of_two_rows_of_which_one_is_unread_is_unread() -> None:
    values = {"cash_and_cash_equivalents": {END: 10}, "restricted_cash": {END: 3}}
    made = amended(statement(BALANCE, values, form="ifrs"), "restricted_cash", END, unreadable_cell)
    (accounts,) = spread(dossier(made))
    table = accounts.spreads[BALANCE]

    assert cell_of(table, "cash_and_bank_balances", table.periods[0]).value is None


def test_rows_of_the_filers_own_keep_their_place_and_close_the_sum() -> None:
    values = but(total_current_assets={END: 53685, BEGIN: 46250})
    made = year(BALANCE, values)
    at = next(n for n, row in enumerate(made.rows) if row.item == "inventories")
    rows = (*made.rows[: at + 1], stray(5), *made.rows[at + 1 :])
    table = sheet(made.model_copy(update={"rows": rows}))
    order = [line.item for line in table.lines]

    assert order[order.index("inventories") + 1] == "own:自设项目"
    terms = table.terms("total_current_assets", OF_2024)
    assert terms is not None
    assert ("own:自设项目", 1) in terms


def test_a_total_that_does_not_add_up_has_no_terms() -> None:
    table = sheet(year(BALANCE, but(goodwill={END: 1, BEGIN: 1100})))

    assert table.terms("total_noncurrent_assets", OF_2024) is None
    assert table.terms("total_noncurrent_assets", OF_2023) is not None


def test_columns_of_a_month_are_left_out() -> None:
    made = year(INCOME)
    month = made.columns[0].model_copy(update={"id": "month", "context": Context.MONTH})
    table = sheet(made.model_copy(update={"columns": (*made.columns, month)}), kind=INCOME)

    assert table.periods == (OF_2024, OF_2023)


def test_undated_columns_go_by_their_context() -> None:
    table = sheet(year(BALANCE, days=(None, None)))

    assert table.periods == (Period(None, END), Period(None, BEGIN))
    assert [period.label for period in table.periods] == ["end", "begin"]


def test_a_spread_becomes_a_frame_with_acceptance_and_marks() -> None:
    own = amended(year(BALANCE), "inventories", BEGIN, doubted)
    found = frames.spread(dossier(own, later(goodwill={BEGIN: 900, END: 900})))
    (table,) = found.values()

    assert list(found) == [("示例市青禾机械有限公司", Scope.CONSOLIDATED, "CNY", BALANCE)]
    assert table.loc["goodwill", "2024-12-31"] == 90000
    assert table.loc["goodwill", "2024-12-31 mark"] == "restated"
    assert not table.loc["inventories", "2023-12-31 accepted"]
    assert table.loc["goodwill", "label"] == "商誉"


def test_ratios_become_a_frame_of_trends() -> None:
    table = frames.trends(compute(whole()))

    key = ("示例市青禾机械有限公司", "consolidated", "current_ratio")
    assert list(table.columns) == ["2023-12-31", "2024-12-31"]
    assert table.loc[key, "2024-12-31"] == Decimal("1.662434")


def test_a_package_without_statements_has_no_spread() -> None:
    assert spread(dossier()) == ()
    assert frames.spread(dossier()) == {}


def test_a_row_that_is_printed_twice_counts_once() -> None:
    made = year(BALANCE, {"goodwill": {END: 5}})
    twice = made.model_copy(update={"rows": made.rows * 2})

    assert cell_of(sheet(twice), "goodwill", OF_2024).value == 5


def test_a_dash_is_nothing() -> None:
    made = year(BALANCE, {"goodwill": {END: None, BEGIN: 3}})

    assert cell_of(sheet(made), "goodwill", OF_2024).value == cell(0).value


def test_a_second_standard_in_one_report_gives_way_to_the_better_known_rows() -> None:
    own = year(BALANCE).model_copy(
        update={"rows": tuple(amended(year(BALANCE), "goodwill", BEGIN, doubted).rows)}
    )
    other = year(BALANCE, {"total_assets": EXAMPLE["total_assets"]})
    other = other.model_copy(update={"rows": (*(stray(n) for n in range(1, 9)), *other.rows)})
    table = sheet(other, own)

    assert cell_of(table, "inventories", OF_2024).value == 12400
    assert not [line for line in table.lines if line.item.startswith("own:")]


def test_of_several_columns_for_one_period_the_first_counts() -> None:
    made = year(BALANCE)
    second = made.columns[0].model_copy(update={"id": "end_2"})
    one = made.rows[0].model_copy(update={"values": {"end": cell(18500), "end_2": cell(1)}})
    rows = (one, *made.rows[1:])
    columns = (second.model_copy(update={"id": "end"}), second, made.columns[1])
    table = sheet(made.model_copy(update={"columns": columns, "rows": rows}))

    assert not [found for found in table.cells.values() if found.mark]
