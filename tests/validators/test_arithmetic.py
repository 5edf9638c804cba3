from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_docs.make.figures import complete
from schemas.documents import DocumentKind
from schemas.statements import Context, Statement
from schemas.taxonomy import Taxonomy, load
from tests.builders import (
    BALANCE,
    CASH,
    INCOME,
    Values,
    amended,
    doubted,
    raised_by,
    set_to,
    statement,
    stray,
    unreadable_cell,
)
from validators.arithmetic import Gap, allowances, gaps, ledgers
from validators.papers import taxonomy_of

END, CURRENT = Context.END, Context.CURRENT


def found(paper: Statement, *totals: str) -> list[Gap]:
    book = taxonomy_of(paper)
    return [
        gap for ledger in ledgers(paper, book) for gap in gaps(ledger, frozenset(totals) or None)
    ]


def broken(paper: Statement, *totals: str) -> list[str]:
    return [gap.total for gap in found(paper, *totals)]


def column(amounts: Mapping[str, object], context: Context = END) -> Values:
    return {item: {context: amount} for item, amount in amounts.items()}  # type: ignore[dict-item]


def current_assets(**amounts: object) -> Statement:
    """Return a balance sheet of a few current assets in its closing column."""
    return statement(BALANCE, column(amounts))


# Properties: the books of any company.

FORMS = [
    ("cas2019_new", BALANCE),
    ("cas2019_new", CASH),
    *(("sme", k) for k in (BALANCE, INCOME, CASH)),
]


@st.composite
def consistent(draw: st.DrawFn, *, whole: bool) -> Statement:
    """Return a statement of which every total follows from its rows, some rows left out.

    Where it is not `whole`, some totals are not printed either.
    """
    form, kind = draw(st.sampled_from(FORMS))
    book: Taxonomy = load("small" if form == "sme" else "cas")
    lines = [
        item.id
        for item in book.items
        if item.statement == kind.value and item.kind == "line" and item.unit is None
        if form == "sme" or form in item.forms
    ]
    cents = st.integers(1, 10**9).map(lambda n: Decimal(n) / 100)
    drawn = draw(st.dictionaries(st.sampled_from(lines), cents, min_size=3))
    sums = {calculation.total for calculation in book.calculations}
    amounts = complete({item: n for item, n in drawn.items() if item not in sums}, form)
    if not whole:
        hidden = draw(st.sets(st.sampled_from(sorted(sums))))
        amounts = {item: n for item, n in amounts.items() if item not in hidden}
    context = END if kind is BALANCE else CURRENT
    return statement(kind, column(amounts, context), form=form)


@given(consistent(whole=False))
def test_consistent_books_have_no_gap_whatever_totals_are_printed(paper: Statement) -> None:
    assert not found(paper)


@given(consistent(whole=True), st.data())
def test_any_single_wrong_amount_breaks_a_sum_that_holds_it(
    paper: Statement, data: st.DataObject
) -> None:
    book = taxonomy_of(paper)
    summed = {
        name
        for calculation in book.calculations
        if calculation.statement == paper.kind.value
        for name in (calculation.total, *(term.item for term in calculation.terms))
    }
    here = [row.item for row in paper.rows if row.item in summed]
    item = str(data.draw(st.sampled_from(here)))
    context = END if paper.kind is BALANCE else CURRENT

    wrong = amended(paper, item, context, raised_by(10**13))

    seen = [cell for gap in found(wrong) for cell in gap.cells]
    assert wrong.amount(item, context) in seen


# What real reports do.


def test_a_gap_says_what_is_printed_and_what_the_rows_make() -> None:
    paper = current_assets(
        cash_and_bank_balances="100.50", inventories="200", total_current_assets="310.50"
    )

    (gap,) = found(paper)

    assert (gap.total, gap.printed, gap.computed) == (
        "total_current_assets",
        Decimal("310.50"),
        Decimal("300.50"),
    )
    assert gap.column.context is END
    assert [cell.value for cell in gap.cells] == [Decimal(n) for n in ("310.50", "100.50", "200")]
    assert not gap.rounding
    assert not gap.unmapped


def test_only_the_totals_asked_for_are_checked() -> None:
    paper = current_assets(inventories=1, total_current_assets=99, total_assets=50)

    assert broken(paper) == ["total_current_assets", "total_assets"]
    assert broken(paper, "total_assets") == ["total_assets"]


def test_a_total_that_is_not_printed_stands_for_its_rows() -> None:
    rows = {"inventories": 40, "fixed_assets": 60}

    assert not broken(current_assets(**rows, total_assets=100))
    assert broken(current_assets(**rows, total_assets=110)) == ["total_assets"]


def test_a_merged_row_stands_for_its_parts_where_both_are_printed() -> None:
    rows = {"notes_and_accounts_receivable": 30, "notes_receivable": 10, "accounts_receivable": 20}

    assert not broken(current_assets(**rows, total_current_assets=30))
    assert broken(current_assets(**rows, total_current_assets=60)) == ["total_current_assets"]


def test_a_sum_with_a_cell_that_could_not_be_read_is_left_alone() -> None:
    paper = current_assets(inventories=10, prepayments=5, total_current_assets=99)

    assert not broken(amended(paper, "inventories", END, unreadable_cell))
    assert not broken(amended(paper, "total_current_assets", END, unreadable_cell))


def test_a_dash_counts_as_nothing() -> None:
    assert not broken(current_assets(inventories=None, prepayments=5, total_current_assets=5))
    assert broken(current_assets(inventories=None, total_current_assets=5))


def test_a_total_without_rows_is_not_checked() -> None:
    assert not broken(current_assets(total_current_assets=5))


def test_a_row_of_the_filers_own_may_make_up_the_difference() -> None:
    paper = current_assets(inventories=10, total_current_assets=13)
    own = paper.model_copy(update={"rows": (paper.rows[0], stray(3), *paper.rows[1:])})
    other = paper.model_copy(update={"rows": (paper.rows[0], stray(4), *paper.rows[1:])})

    assert not broken(own)
    (gap,) = found(other)
    assert gap.unmapped


def test_a_row_that_stands_in_another_block_than_the_form_has_it_is_allowed_for() -> None:
    """Some print 长期股权投资 among the current assets; it is then no part of the other block."""
    amounts = column(
        {
            "long_term_equity_investments": 7,
            "inventories": 10,
            "total_current_assets": 17,
            "fixed_assets": 5,
            "total_noncurrent_assets": 5,
        }
    )
    paper = statement(BALANCE, amounts)
    order = list(amounts)
    moved = paper.model_copy(
        update={"rows": tuple(sorted(paper.rows, key=lambda row: order.index(str(row.item))))}
    )

    assert broken(paper) == ["total_current_assets", "total_noncurrent_assets"]
    assert broken(moved) == ["total_noncurrent_assets"]


def test_a_part_of_a_printed_subtotal_is_no_reason_for_a_difference() -> None:
    """The costs stand in the block of 营业利润, but their total is in its sum already."""
    profit = {"operating_revenue": 100, "total_operating_cost": 60, "selling_expenses": 60}

    assert not broken(statement(INCOME, column(profit | {"operating_profit": 40}, CURRENT)))
    assert broken(statement(INCOME, column(profit | {"operating_profit": 100}, CURRENT)))


def test_a_row_after_its_total_may_be_left_out_of_it() -> None:
    paper = current_assets(inventories=10, prepayments=5, total_current_assets=10)
    after = tuple(sorted(paper.rows, key=lambda row: row.item == "prepayments"))

    assert broken(paper) == ["total_current_assets"]
    assert not broken(paper.model_copy(update={"rows": after}))


def test_a_contra_row_may_be_printed_with_either_sign() -> None:
    for printed in (30, -30):
        equity = column(
            {
                "paid_in_capital": 100,
                "treasury_shares": printed,
                "equity_attributable_to_parent": 70,
            }
        )
        assert not broken(statement(BALANCE, equity))


PROFIT = {
    "operating_revenue": 100,
    "operating_cost": 60,
    "asset_impairment_gain_loss": -5,
    "operating_profit": 35,
}


@pytest.mark.parametrize(("form", "accepted"), [("cas2019_new", False), ("cas2006", True)])
def test_a_loss_may_have_the_other_sign_only_in_forms_that_print_it_so(
    form: str, *, accepted: bool
) -> None:
    """Before 2019 losses from impairment stand positive among the costs."""
    turned = column(PROFIT | {"asset_impairment_gain_loss": 5}, CURRENT)

    assert not broken(statement(INCOME, column(PROFIT, CURRENT), form=form))
    assert (not broken(statement(INCOME, turned, form=form))) is accepted


OLD_FORM = {
    "operating_revenue": 100,
    "total_operating_cost": 65,  # the loss of 5 is among the costs
    "operating_cost": 60,
    "asset_impairment_gain_loss": -5,
}


def test_a_sum_is_good_if_it_holds_in_any_generation_of_the_form() -> None:
    profit = column(OLD_FORM | {"operating_profit": 35}, CURRENT)

    assert not broken(statement(INCOME, profit, form=None))
    assert not broken(statement(INCOME, profit, form="cas2019_new"))


def test_where_no_generation_holds_the_gap_is_that_of_the_statements_form() -> None:
    profit = column(OLD_FORM | {"operating_profit": 99}, CURRENT)

    (new,) = found(statement(INCOME, profit, form="cas2019_new"), "operating_profit")
    (old,) = found(statement(INCOME, profit, form="cas2006"), "operating_profit")

    assert (new.computed, old.computed) == (30, 35)


def test_an_unprinted_total_is_made_up_as_in_the_form_of_the_statement() -> None:
    profit = column(OLD_FORM | {"profit_before_tax": 35}, CURRENT)

    assert not broken(statement(INCOME, profit, form="cas2006"))
    assert broken(statement(INCOME, profit, form="cas2019_new")) == ["profit_before_tax"]


def test_a_sum_that_only_some_companies_have_is_checked_where_its_rows_are_printed() -> None:
    whole = {"net_profit": 100}
    split = {"net_profit_continuing": 80, "net_profit_discontinued": 10}

    assert not broken(statement(INCOME, column(whole, CURRENT)))
    assert broken(statement(INCOME, column(split | whole, CURRENT))) == ["net_profit"]


# Rounding.


def test_every_row_may_be_off_by_half_a_unit_of_print() -> None:
    """Three rows and their total: four halves of a yuan, and not a yuan more."""
    rows = {"cash_and_bank_balances": 101, "prepayments": 101, "inventories": 101}

    assert not broken(current_assets(**rows, total_current_assets=305))
    (gap,) = found(current_assets(**rows, total_current_assets=306))
    assert gap.rounding


def test_what_is_printed_to_the_fen_adds_up_to_the_fen() -> None:
    rows = {"cash_and_bank_balances": "1.01", "prepayments": "1.01", "inventories": "1.01"}

    assert not broken(current_assets(**rows, total_current_assets="3.03"))
    (gap,) = found(current_assets(**rows, total_current_assets="3.04"))
    assert gap.rounding


def test_two_numbers_that_ought_to_be_one_may_differ_by_half_a_unit_only() -> None:
    assert not broken(current_assets(inventories="1.01", total_current_assets="1.01"))
    assert broken(current_assets(inventories="1.01", total_current_assets="1.02"))


def precision(paper: Statement) -> Decimal:
    (ledger,) = (one for one in ledgers(paper, taxonomy_of(paper)) if one.column.context is END)
    return ledger.precision


def test_the_precision_is_that_of_the_last_printed_place() -> None:
    assert precision(current_assets(inventories="1.50", prepayments="2.25")) == Decimal("0.01")
    assert precision(current_assets(inventories="1.50", prepayments="2")) == Decimal("0.1")


def test_few_round_amounts_are_held_to_the_printed_unit() -> None:
    few = {"inventories": 20000, "prepayments": 30000}
    wide = statement(BALANCE, column(few), scale=Decimal(10000))

    assert precision(current_assets(**few)) == 1
    assert precision(wide) == 10000


def test_a_column_of_round_amounts_may_be_in_thousands_although_it_prints_units() -> None:
    lines = [i.id for i in load("cas").items if i.statement == "balance_sheet" and i.kind == "line"]

    assert precision(current_assets(**dict.fromkeys(lines[:12], 5000))) == 1000


def test_a_column_without_amounts_is_held_to_the_unit() -> None:
    assert precision(current_assets(inventories=None)) == 1


def test_earnings_per_share_say_nothing_of_the_precision() -> None:
    paper = statement(INCOME, column({"operating_revenue": 500, "basic_eps": "0.123"}, CURRENT))
    (ledger, _) = ledgers(paper, load("cas"))

    assert ledger.precision == 1


# Columns and rows.


def test_quarters_are_not_checked_and_every_other_column_is() -> None:
    paper = statement(
        INCOME, {"operating_profit": {CURRENT: 10, Context.PRIOR: 10}, "net_profit": {CURRENT: 10}}
    )

    def checked(context: Context) -> list[Context | None]:
        column = paper.columns[1].model_copy(update={"context": context})
        changed = paper.model_copy(update={"columns": (paper.columns[0], column)})
        return [ledger.column.context for ledger in ledgers(changed, load("cas"))]

    assert checked(Context.PRIOR) == [CURRENT, Context.PRIOR]
    assert checked(Context.MONTH) == [CURRENT, Context.MONTH]
    assert checked(Context.QUARTER) == [CURRENT]


def test_what_only_an_allowance_makes_hold_is_told_and_what_is_plain_is_not() -> None:
    rows = {"cash_and_bank_balances": 101, "prepayments": 101, "inventories": 101}

    def told(total: str | int) -> tuple[str, ...]:
        paper = current_assets(**rows, total_current_assets=total)
        return allowances(next(iter(ledgers(paper, load("cas")))))

    assert [told(total) for total in (303, 306, "303.01")] == [(), (), ()]
    assert told(304) == ("total_current_assets",)


def test_of_a_row_that_is_printed_twice_the_first_counts() -> None:
    paper = current_assets(inventories=10, total_current_assets=10)
    again = amended(paper, "inventories", END, set_to(99)).rows

    assert not broken(paper.model_copy(update={"rows": (*paper.rows, *again)}))


def test_doubt_about_a_cell_does_not_change_the_sum() -> None:
    paper = current_assets(inventories=10, total_current_assets=11)

    assert broken(amended(paper, "inventories", END, doubted)) == ["total_current_assets"]


@pytest.mark.parametrize(
    ("form", "name"),
    [("sme", "small"), ("ifrs", "ifrs"), ("hk", "ifrs"), ("cas2006", "cas"), (None, "cas")],
)  # fmt: skip
def test_the_form_tells_the_taxonomy(form: str | None, name: str) -> None:
    paper = statement(BALANCE, {}).model_copy(update={"form": form})

    assert taxonomy_of(paper) is load(name)  # type: ignore[arg-type]


def test_the_kinds_of_the_strategies_are_those_of_documents() -> None:
    assert {kind for _, kind in FORMS} == {kind for kind in DocumentKind if kind.is_statement}
