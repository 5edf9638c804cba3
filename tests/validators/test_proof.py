from decimal import Decimal

import pytest

from schemas.fields import Candidate, Field
from schemas.statements import Context, Statement
from tests.builders import (
    BALANCE,
    INCOME,
    Amend,
    absent,
    amended,
    doubted,
    licence,
    reading,
    set_to,
    statement,
    unreadable_cell,
)
from validators.arithmetic import ledgers, sums
from validators.papers import taxonomy_of
from validators.proof import prove
from validators.repair import repaired

END = Context.END


def doubtful(paper: Statement, **changes: Amend) -> Statement:
    """Return the statement with no cell accepted, some of them changed beside."""
    for row in paper.rows:
        paper = amended(paper, str(row.item), END, doubted)
    for item, change in changes.items():
        paper = amended(paper, item, END, change)
    return paper


def sheet(**amounts: object) -> Statement:
    return statement(BALANCE, {item: {END: amount} for item, amount in amounts.items()})  # type: ignore[dict-item]


def proven(paper: Statement) -> set[str]:
    """Return the line items with an accepted closing amount once the sums were looked at."""
    (document,) = prove(reading(paper)).documents
    assert isinstance(document, Statement)
    cells = {str(row.item): row.values.get("end") for row in document.rows}
    return {item for item, cell in cells.items() if cell is not None and cell.accepted}


def recognised(old: Field[Decimal]) -> Field[Decimal]:
    return doubted(old).model_copy(update={"confidence": 0.95})


def unsure(old: Field[Decimal]) -> Field[Decimal]:
    return doubted(old).model_copy(update={"confidence": 0.7})


SUM = {"inventories": 30, "prepayments": 20, "total_current_assets": 50}


def test_a_sum_that_holds_proves_its_rows_and_its_total() -> None:
    assert proven(doubtful(sheet(**SUM))) == set(SUM)


def test_a_sum_that_is_off_by_what_rounding_allows_proves_nothing() -> None:
    assert proven(doubtful(sheet(**SUM | {"total_current_assets": 51}))) == set()


def test_a_total_of_one_row_proves_only_that_a_figure_was_read_twice() -> None:
    assert proven(doubtful(sheet(inventories=30, total_current_assets=30))) == set()
    assert proven(doubtful(sheet(inventories=30, prepayments=0, total_current_assets=30))) == set()


def test_an_amount_with_a_weak_character_wants_two_sums() -> None:
    one_sum = doubtful(sheet(**SUM), inventories=unsure, total_current_assets=unsure)
    more = sheet(**SUM, total_noncurrent_assets=10, total_assets=60)
    two_sums = doubtful(more, inventories=unsure, total_current_assets=unsure)

    assert proven(one_sum) == {"prepayments"}
    assert "total_current_assets" in proven(two_sums)
    assert "inventories" not in proven(two_sums)


def test_two_sides_that_are_the_same_bind_their_totals_once_more() -> None:
    balanced = sheet(total_assets=100, total_liabilities_and_equity=100)
    other = sheet(total_assets=100, total_liabilities_and_equity=101)

    assert proven(doubtful(balanced)) == {"total_assets", "total_liabilities_and_equity"}
    assert proven(doubtful(other)) == set()


@pytest.mark.parametrize("change", [unreadable_cell, set_to(0)])
def test_nothing_and_what_could_not_be_read_are_not_proven(change: Amend) -> None:
    assert "inventories" not in proven(doubtful(sheet(**SUM), inventories=change))


def test_of_a_row_that_is_printed_twice_only_the_one_that_was_added_is_proven() -> None:
    paper = doubtful(sheet(**SUM))
    (row, *_) = (row for row in paper.rows if row.item == "inventories")
    again = paper.model_copy(update={"rows": (*paper.rows, row)})

    (document,) = prove(reading(again)).documents

    assert isinstance(document, Statement)
    accepted = [row.values["end"].accepted for row in document.rows if row.item == "inventories"]
    assert accepted == [True, False]


def test_a_row_without_a_place_in_a_column_leaves_the_next_one_to_be_proven() -> None:
    paper = doubtful(sheet(**SUM))
    (row, *_) = (row for row in paper.rows if row.item == "inventories")
    empty = row.model_copy(update={"values": {"end": absent(Decimal)}})

    assert proven(paper.model_copy(update={"rows": (empty, *paper.rows)})) == set(SUM)


def test_what_is_accepted_already_and_what_is_no_statement_stays_as_it_is() -> None:
    papers = reading(sheet(**SUM), licence())

    assert prove(papers) == papers


def test_a_sum_with_an_unreadable_cell_is_no_sum() -> None:
    paper = amended(sheet(**SUM), "inventories", END, unreadable_cell)
    (ledger, _) = ledgers(paper, taxonomy_of(paper))

    assert not list(sums(ledger))


def test_the_amounts_of_any_statement_are_proven_by_its_sums() -> None:
    values = {"operating_profit": 90, "non_operating_income": 10, "profit_before_tax": 100}
    paper = statement(INCOME, {item: {Context.CURRENT: n} for item, n in values.items()})
    for item in values:
        paper = amended(paper, item, Context.CURRENT, doubted)

    (document,) = prove(reading(paper)).documents

    assert isinstance(document, Statement)
    assert all(row.values["cur"].accepted for row in document.rows)


def test_a_change_that_breaks_another_sum_is_no_repair() -> None:
    """The subtotal would agree with a misread row, and no longer with the total above it."""
    amounts = SUM | {"inventories": 37, "total_noncurrent_assets": 10, "total_assets": 60}
    other = Candidate[Decimal](value=Decimal(57), raw="57", source="second_reading")
    paper = doubtful(
        sheet(**amounts),
        total_current_assets=lambda old: old.model_copy(update={"candidates": (other,)}),
    )
    paper = amended(paper, "total_current_assets", END, doubted)

    assert repaired(paper) == paper


def test_the_sums_of_a_column_whose_heading_was_not_read_prove_nothing() -> None:
    paper = doubtful(sheet(**SUM))
    first, *rest = paper.columns
    unread = first.model_copy(update={"id": "column_2"})
    rows = tuple(
        row.model_copy(update={"values": {"column_2": row.values["end"]}}) for row in paper.rows
    )
    unnamed = paper.model_copy(update={"columns": (unread, *rest), "rows": rows})

    (document,) = prove(reading(unnamed)).documents

    assert isinstance(document, Statement)
    assert not any(row.values["column_2"].accepted for row in document.rows)


@pytest.mark.parametrize(
    ("printed", "other", "accepted"),
    [(True, None, True), (False, None, False), (False, 1, True), (False, 10_000, False)],
)
def test_without_a_unit_nothing_recognised_is_accepted(
    printed: bool, other: int | None, accepted: bool
) -> None:
    recognised = dict.fromkeys(
        SUM, lambda old: doubted(old).model_copy(update={"confidence": 0.95})
    )
    paper = doubtful(sheet(**SUM), **recognised).model_copy(update={"scale_printed": printed})
    more = [] if other is None else [statement(INCOME, scale=Decimal(other))]

    one = prove(reading(paper, *more)).documents[0]

    assert isinstance(one, Statement)
    assert any(cell.accepted for row in one.rows for cell in row.values.values()) is accepted
