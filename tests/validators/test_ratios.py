from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.expressions import parse
from schemas.ratios import ratio_table
from schemas.records import Dossier
from schemas.statements import Context, Scope
from schemas.taxonomy import load
from tests.builders import (
    BALANCE,
    CASH,
    INCOME,
    amended,
    dossier,
    doubted,
    set_to,
    statement,
    stray,
    unreadable_cell,
)
from tests.validators.accounts import CLOSING, EXAMPLE, KINDS, OPENING, but, times, whole, year
from validators.figures import Figures, Reason
from validators.formulas import Worked
from validators.ratios import Note, Ratio, compute
from validators.spreads import spread
from validators.years import Years

SEPTEMBER = date(2024, 9, 30)
INTERIM = {
    BALANCE: (SEPTEMBER, OPENING),
    INCOME: (SEPTEMBER, date(2023, 9, 30)),
    CASH: (SEPTEMBER, date(2023, 9, 30)),
}


def of(package: Dossier, day: date | None = CLOSING, scope: Scope = Scope.CONSOLIDATED) -> Any:
    found = [r for r in compute(package) if r.period == day and r.scope is scope]
    return {ratio.id: ratio for ratio in found}


def interim() -> Dossier:
    return dossier(*(year(kind, days=days) for kind, days in INTERIM.items()))


def test_every_ratio_of_the_worked_example_is_as_the_experts_worked_it_out() -> None:
    found = of(whole())

    assert len(found) == 42
    for entry in ratio_table().ratios:
        assert entry.example is not None
        assert float(found[entry.id].value) == pytest.approx(entry.example, abs=6e-5), entry.id
        assert not found[entry.id].unsure


def test_a_ratio_names_what_it_was_made_of() -> None:
    ratio = of(whole())["current_ratio"]

    assert (ratio.numerator, ratio.denominator) == (Decimal(53680), Decimal(32290))
    assert ratio.numerator_ids == ("total_current_assets_end",)
    assert ratio.denominator_ids == ("total_current_liabilities_end",)
    assert [figure.period.date for figure in ratio.figures] == [CLOSING, CLOSING]
    assert all(figure.cell.fields[0].provenance for figure in ratio.figures)


def test_a_growth_has_the_two_periods_as_its_sides() -> None:
    ratio = of(whole())["revenue_growth"]

    assert (ratio.numerator, ratio.denominator) == (Decimal(86000), Decimal(80000))


def test_the_comparative_columns_are_a_period_without_a_balance_before() -> None:
    found = of(whole(), OPENING)

    assert found["current_ratio"].value == Decimal("1.555668")
    assert found["gross_margin"].value == Decimal("0.280000")
    assert found["roe"].reason is Reason.NEEDS_TWO_BALANCES
    assert found["revenue_growth"].reason is Reason.NEEDS_PRIOR_PERIOD


@pytest.mark.parametrize("bad", [0, -5])
def test_what_has_no_positive_denominator_is_undefined(bad: int) -> None:
    equity = {Context.END: bad, Context.BEGIN: 10}
    found = of(whole(values=but(total_equity=equity)))

    assert found["debt_to_equity"].value is None
    assert found["debt_to_equity"].reason is Reason.DENOMINATOR_NOT_POSITIVE
    assert found["debt_to_equity"].numerator == 45000


def test_flows_of_a_part_of_a_year_are_annualised_for_turnover_only() -> None:
    found = of(interim(), SEPTEMBER)

    days = Decimal(365) * (14800 + 12600) / 2 / (Decimal(86000) * 12 / 9)
    assert found["receivable_days"].value == days.quantize(Decimal("0.000001"))
    assert found["receivable_days"].notes == {Note.ANNUALISED}
    assert found["receivable_days"].months == 9
    assert found["roa"].reason is Reason.INTERIM_NOT_ANNUALISED
    assert found["dupont_roe"].reason is Reason.INTERIM_NOT_ANNUALISED
    assert found["gross_margin"].value == Decimal("0.284884")
    assert found["cash_flow_adequacy"].value == Decimal("0.948373")
    assert not found["revenue_growth"].notes


def test_a_comparative_of_another_length_is_not_compared() -> None:
    found = of(dossier(year(INCOME, days=(SEPTEMBER, OPENING))), SEPTEMBER)

    assert found["revenue_growth"].reason is Reason.NEEDS_PRIOR_PERIOD


def test_a_year_that_does_not_end_in_december_is_told_by_its_balances() -> None:
    june = date(2024, 6, 30)
    found = of(dossier(*(year(kind, days=(june, date(2023, 6, 30))) for kind in KINDS)), june)

    assert found["roa"].months == 12
    assert found["roa"].value == Decimal("0.110093")


def test_undated_statements_are_one_period_of_unknown_length() -> None:
    found = of(whole(days=(None, None)), None)

    assert found["current_ratio"].value == Decimal("1.662434")
    assert found["total_assets_growth"].value is not None
    assert found["roa"].reason is Reason.PERIOD_UNKNOWN


def test_a_missing_statement_is_the_reason() -> None:
    found = of(dossier(year(BALANCE)))

    assert found["roa"].reason is Reason.STATEMENT_MISSING
    assert found["current_ratio"].value is not None


def test_a_figure_that_could_not_be_read_is_the_reason() -> None:
    sheet = amended(year(BALANCE), "total_assets", Context.END, unreadable_cell)

    assert of(dossier(sheet))["debt_to_assets"].reason is Reason.UNREADABLE


def test_a_figure_that_is_not_accepted_makes_the_ratio_unsure() -> None:
    sheet = amended(year(BALANCE), "total_assets", Context.END, doubted)
    found = of(dossier(sheet))

    assert found["debt_to_assets"].unsure
    assert found["debt_to_assets"].value is not None
    assert not found["current_ratio"].unsure


def test_a_row_that_is_not_printed_is_nothing_where_its_block_adds_up_without_it() -> None:
    full = of(whole())["interest_bearing_debt_ratio"]
    lost = of(whole(values=but(short_term_borrowings=None)))["interest_bearing_debt_ratio"]

    assert "trading_financial_liabilities" in {f.item for f in full.figures if f.cell is None}
    assert not full.unsure
    assert lost.unsure


def test_a_total_or_a_detail_that_is_not_printed_is_no_zero() -> None:
    bare = but(total_current_liabilities=None, cfs_depreciation=None)
    cash = statement(CASH, scope=Scope.CONSOLIDATED, columns=year(CASH).columns)
    found = of(dossier(year(BALANCE, bare), year(INCOME, bare), cash))

    assert found["current_ratio"].reason is Reason.ITEM_MISSING
    assert found["debt_to_ebitda"].reason is Reason.ITEM_MISSING


def test_a_row_that_was_merged_into_another_is_no_zero() -> None:
    merged = but(
        accounts_receivable=None,
        notes_receivable=None,
        notes_and_accounts_receivable={Context.END: 16000, Context.BEGIN: 14050},
    )

    assert of(whole(values=merged))["receivable_days"].reason is Reason.MERGED_ROW


def test_interest_that_is_not_disclosed_is_taken_from_finance_expenses_and_said() -> None:
    found = of(whole(values=but(finance_interest_expense=None)))["interest_cover"]

    assert found.notes == {Note.APPROXIMATE}
    assert found.value == (Decimal(9550 + 880) / 880).quantize(Decimal("0.000001"))
    assert found.denominator == 880


def test_a_single_company_has_all_of_its_equity() -> None:
    single = but(
        equity_attributable_to_parent=None,
        minority_interests=None,
        net_profit_attributable_to_parent=None,
        net_profit_attributable_to_minority=None,
    )
    of_one = of(whole(values=single, scope=Scope.SINGLE), scope=Scope.SINGLE)
    of_group = of(whole(values=single))

    assert of_one["roe"].value == Decimal("0.151960")
    assert not of_one["roe"].notes
    assert of_group["roe"].reason is Reason.ITEM_MISSING


def test_an_amount_without_a_unit_means_nothing() -> None:
    found = of(whole(scale_printed=False))

    assert found["working_capital"].reason is Reason.UNIT_MISSING
    assert not found["current_ratio"].unsure
    assert found["roa"].notes == {Note.UNIT_ASSUMED}
    assert found["roa"].unsure


def test_a_unit_on_one_statement_only_forbids_what_needs_both() -> None:
    found = of(dossier(year(BALANCE), year(INCOME, scale_printed=False)))

    assert found["roa"].reason is Reason.UNIT_MISSING
    assert found["current_ratio"].value is not None
    assert found["gross_margin"].value is not None


def test_the_small_enterprise_form_has_the_ratios_that_its_rows_allow() -> None:
    made = [
        statement(kind, form="sme", columns=year(kind).columns, scope=Scope.SINGLE)
        for kind in KINDS
    ]
    found = of(dossier(*made), scope=Scope.SINGLE)

    assert found["current_ratio"].value is not None
    assert found["roe"].value is not None
    assert not found["debt_to_assets"].unsure


def test_costs_that_are_printed_in_brackets_are_costs_all_the_same() -> None:
    values = load("ifrs").examples[0].values
    items = load("ifrs").by_id
    turned: Mapping[str, Any] = {
        item: {
            context: -amount if items[item].sign == "expense_positive" else amount
            for context, amount in amounts.items()
        }
        for item, amounts in values.items()
    }
    both = [
        of(dossier(statement(INCOME, v, form="ifrs", columns=year(INCOME).columns)), scope=one)
        for v, one in ((values, Scope.SINGLE), (turned, Scope.SINGLE))
    ]

    assert both[0]["gross_margin"].value is not None
    assert both[0]["gross_margin"].value == both[1]["gross_margin"].value


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 10**9))
def test_the_unit_of_all_amounts_has_no_part_in_a_ratio(factor: int) -> None:
    before, after = of(whole()), of(whole(values=times(factor)))

    for entry in ratio_table().ratios:
        scale = factor if entry.unit == "amount" else 1
        assert after[entry.id].value == before[entry.id].value * scale


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 1000), st.sampled_from([Scope.PARENT, Scope.SINGLE]))
def test_the_statements_of_another_scope_have_no_part_in_a_ratio(factor: int, scope: Scope) -> None:
    own = [year(kind) for kind in KINDS]
    other = [year(kind, times(factor), scope=scope) for kind in KINDS]

    assert _values(of(dossier(*other, *own))) == _values(of(dossier(*own)))


def _values(found: Mapping[str, Ratio]) -> dict[str, Decimal | None]:
    return {id_: ratio.value for id_, ratio in found.items()}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(EXAMPLE)), st.sampled_from(list(Context)), st.booleans())
def test_whatever_is_missing_every_ratio_has_a_value_or_a_reason(
    item: str, context: Context, lost: bool
) -> None:
    change = unreadable_cell if lost else set_to(0)
    papers = [amended(year(kind), item, context, change) for kind in KINDS]

    for ratio in compute(dossier(*papers)):
        assert (ratio.value is None) == (ratio.reason is not None)


@pytest.mark.parametrize(
    ("text", "value"),
    [("min(3, 2)", 2), ("max(3, 2)", 3), ("abs(-3)", 3), ("2 < 3", 1), ("-2", -2)],
)
def test_operators_are_worked_out(text: str, value: int) -> None:
    (accounts,) = spread(whole())

    assert Worked(Figures(accounts, CLOSING, Years(accounts))).value(parse(text)) == value


def test_a_statement_without_comparatives_takes_the_year_before_from_another_report() -> None:
    both = [
        year(kind, values, days=(day, None)).model_copy(
            update={"columns": year(kind, days=(day, None)).columns[:1]}
        )
        for kind in KINDS
        for day, values in ((CLOSING, EXAMPLE), (OPENING, times(2)))
    ]
    found = of(dossier(*both))

    assert found["revenue_growth"].value == Decimal("-0.5")
    assert found["total_assets_growth"].value == Decimal("-0.5")
    assert found["roa"].months == 12


def test_a_row_of_the_filers_own_is_no_line_item() -> None:
    sheet = year(BALANCE)
    with_own = sheet.model_copy(update={"rows": (*sheet.rows, stray(5))})

    assert of(dossier(with_own))["current_ratio"].value == Decimal("1.662434")
