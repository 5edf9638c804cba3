from decimal import Decimal

from schemas.statements import Context
from tests.builders import BALANCE, cell, statement

PAPER = statement(BALANCE, {"inventories": {Context.END: "12.30"}, "goodwill": {Context.END: None}})


def test_an_amount_is_found_by_its_item_and_period() -> None:
    found = PAPER.amount("inventories", Context.END)

    assert found is not None
    assert found.value == Decimal("12.30")


def test_a_dash_is_a_cell_and_not_a_missing_amount() -> None:
    found = PAPER.amount("goodwill", Context.END)

    assert found is not None
    assert found.value is None


def test_what_is_not_printed_has_no_amount() -> None:
    assert PAPER.amount("inventories", Context.BEGIN) is None
    assert PAPER.amount("inventories", Context.MONTH) is None
    assert PAPER.amount("fixed_assets", Context.END) is None


def test_of_a_row_that_is_printed_twice_the_first_with_an_amount_counts() -> None:
    first = PAPER.rows[0].model_copy(update={"values": {}})
    again = PAPER.rows[0].model_copy(update={"values": {"end": cell("45.60")}})
    paper = PAPER.model_copy(update={"rows": (first, *PAPER.rows, again)})

    assert paper.amount("inventories", Context.END) == PAPER.amount("inventories", Context.END)
