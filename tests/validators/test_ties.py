"""Figures that a file prints twice: the supplement of the cash flow, cash in two statements."""

from decimal import Decimal

from schemas.fields import Candidate, Field
from schemas.statements import Context, Scope, Statement
from tests.builders import BALANCE, CASH, INCOME, Amend, amended, doubted, reading
from tests.validators.accounts import year
from validators.arithmetic import gaps, ledgers
from validators.papers import taxonomy_of
from validators.proof import prove
from validators.repair import repair

NOW = Context.CURRENT


def weak(old: Field[Decimal]) -> Field[Decimal]:
    return doubted(old).model_copy(update={"confidence": 0.7})


def other(more: int, *, candidates: bool = False) -> Amend:
    """Return a change that misreads an amount, with the truth as a runner-up if told so."""

    def change(old: Field[Decimal]) -> Field[Decimal]:
        assert old.value is not None
        truth = Candidate[Decimal](value=old.value, raw="?", source="alternative", probability=0.3)
        update = {"value": old.value + more, "candidates": (truth,) if candidates else ()}
        return weak(old).model_copy(update=update)

    return change


def amount(statements: tuple[object, ...], item: str) -> Field[Decimal]:
    """Return the closing or current amount of a line item, wherever it is printed."""
    cells = [
        row.values[column]
        for paper in statements
        if isinstance(paper, Statement)
        for row in paper.rows
        for column in ("end", "cur")
        if row.item == item and column in row.values
    ]
    return cells[0]


def test_the_supplement_is_added_up_like_the_statement_above_it() -> None:
    paper = amended(year(CASH), "cfs_depreciation", NOW, other(7000))
    ledger = next(one for one in ledgers(paper, taxonomy_of(paper)) if one.column.context is NOW)

    assert [gap.total for gap in gaps(ledger)] == ["cfs_net_cash_from_operating"]


def test_a_figure_printed_twice_is_worth_a_second_sum_to_one_that_a_sum_binds() -> None:
    flows = amended(year(CASH), "cfs_net_profit", NOW, weak)

    alone = prove(reading(flows)).documents
    both = prove(reading(year(INCOME), flows)).documents

    assert not amount(alone, "cfs_net_profit").accepted
    assert amount(both, "cfs_net_profit").accepted


def test_a_figure_printed_twice_proves_nothing_alone() -> None:
    """The balance sheet and the cash flow agree on the cash, and no sum binds either."""
    balance = year(BALANCE, {"cash_and_bank_balances": {Context.END: 5, Context.BEGIN: 4}})
    flows = year(CASH, {"cash_equivalents_end": {NOW: 5, Context.PRIOR: 4}})
    papers = reading(
        amended(balance, "cash_and_bank_balances", Context.END, doubted),
        amended(flows, "cash_equivalents_end", NOW, doubted),
    )

    proven = prove(papers).documents

    assert not amount(proven, "cash_and_bank_balances").accepted
    assert not amount(proven, "cash_equivalents_end").accepted


def test_a_figure_that_differs_between_statements_is_for_a_person() -> None:
    alone = {"net_profit": {NOW: 100, Context.PRIOR: 90}}
    profit = amended(
        year(INCOME, alone),
        "net_profit",
        NOW,
        lambda old: old.model_copy(update={"confidence": 0.99, "value": Decimal(106)}),
    )
    flows = year(CASH, {"cfs_net_profit": {NOW: 100, Context.PRIOR: 90}})

    assert amount(prove(reading(profit)).documents, "net_profit").accepted
    assert not amount(prove(reading(profit, flows)).documents, "net_profit").accepted


def test_a_runner_up_is_taken_where_a_sum_and_the_other_statement_want_it() -> None:
    flows = year(CASH)
    truth = amount((flows,), "cfs_net_profit").value
    misread = amended(flows, "cfs_net_profit", NOW, other(7000, candidates=True))

    assert amount(repair(reading(year(INCOME), misread)).documents, "cfs_net_profit").value == truth
    assert amount(repair(reading(misread)).documents, "cfs_net_profit").value != truth


def test_no_repair_makes_a_figure_differ_from_what_the_other_statement_prints() -> None:
    """Two cells of the supplement are misread; changing its net profit would mend the sum."""
    profit = amount((year(INCOME),), "net_profit").value
    assert profit is not None
    flows = amended(year(CASH), "cfs_depreciation", NOW, other(7000))
    lure = Candidate[Decimal](value=profit - 7000, raw="?", source="second_reading")
    flows = amended(
        flows,
        "cfs_net_profit",
        NOW,
        lambda old: weak(old).model_copy(update={"candidates": (lure,)}),
    )

    mended = repair(reading(year(INCOME), flows)).documents

    assert amount(mended, "cfs_net_profit").value == profit
    assert amount(repair(reading(flows)).documents, "cfs_net_profit").value == profit - 7000


def test_statements_of_another_scope_or_unit_say_nothing() -> None:
    flows = amended(year(CASH), "cfs_net_profit", NOW, weak)
    parent = year(INCOME, scope=Scope.PARENT)
    thousands = year(INCOME, scale=Decimal(1000))

    for income in (parent, thousands):
        assert not amount(prove(reading(income, flows)).documents, "cfs_net_profit").accepted
