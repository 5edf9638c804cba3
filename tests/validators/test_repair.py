from decimal import Decimal
from typing import Any

import pytest

from schemas.fields import Candidate, Field
from schemas.statements import Context, Statement
from tests.builders import BALANCE, Amend, amended, doubted, reading, statement
from validators.proof import prove
from validators.repair import repair, repaired


def misread(wrong: str, *candidates: Candidate[Decimal], confidence: float = 0.6) -> Amend:
    """Return a change that puts a wrong amount in place, unaccepted, with what else was seen."""

    def change(old: Field[Decimal]) -> Field[Decimal]:
        update: dict[str, Any] = {
            "value": Decimal(wrong),
            "raw": wrong,
            "accepted": False,
            "confidence": confidence,
            "candidates": candidates,
        }
        return old.model_copy(update=update)

    return change


def seen(value: Decimal, source: Any, probability: float | None = None) -> Candidate[Decimal]:
    return Candidate[Decimal](value=value, raw=str(value), source=source, probability=probability)


def value_of(paper: Statement, item: str, context: Context = Context.END) -> Decimal:
    cell = paper.amount(item, context)
    assert cell is not None
    assert cell.value is not None
    return cell.value


SHEET = statement(BALANCE)
RIGHT = value_of(SHEET, "inventories")
WRONG = str(RIGHT + 7000)


def test_a_second_reading_that_mends_the_sum_is_taken() -> None:
    paper = amended(
        SHEET, "inventories", Context.END, misread(WRONG, seen(RIGHT, "second_reading"))
    )

    mended = repaired(paper).amount("inventories", Context.END)

    assert mended is not None
    assert (mended.value, mended.raw, mended.repaired) == (RIGHT, WRONG, True)


def test_a_runner_up_needs_two_sums() -> None:
    other = [seen(RIGHT, "alternative", 0.4)]
    total = value_of(SHEET, "total_assets")
    leaf = amended(SHEET, "inventories", Context.END, misread(WRONG, *other))
    both = amended(
        SHEET,
        "total_assets",
        Context.END,
        misread(str(total + 90000), seen(total, "alternative", 0.4)),
    )

    assert repaired(leaf) == leaf
    assert value_of(repaired(both), "total_assets") == total


def test_sums_alone_never_repair_what_the_pixels_do_not_show() -> None:
    total = value_of(SHEET, "total_assets")
    paper = amended(SHEET, "total_assets", Context.END, misread(str(total + 90000)))
    other = amended(
        SHEET,
        "total_assets",
        Context.END,
        misread(str(total + 90000), seen(total + 1, "second_reading")),
    )

    assert repaired(paper) == paper
    assert repaired(other) == other


def test_an_amount_that_is_accepted_is_never_changed() -> None:
    paper = amended(
        SHEET,
        "inventories",
        Context.END,
        lambda old: old.model_copy(
            update={"value": Decimal(WRONG), "candidates": (seen(RIGHT, "second_reading"),)}
        ),
    )

    assert repaired(paper) == paper


def test_where_two_cells_could_be_the_cause_none_is_repaired() -> None:
    receivable = value_of(SHEET, "accounts_receivable")
    paper = amended(
        SHEET, "inventories", Context.END, misread(WRONG, seen(RIGHT, "second_reading"))
    )
    paper = amended(
        paper,
        "accounts_receivable",
        Context.END,
        misread(str(receivable), seen(receivable - 7000, "second_reading")),
    )

    assert repaired(paper) == paper


def test_two_misreadings_in_different_sums_are_both_repaired() -> None:
    loan = value_of(SHEET, "short_term_borrowings")
    paper = amended(
        SHEET, "inventories", Context.END, misread(WRONG, seen(RIGHT, "second_reading"))
    )
    paper = amended(
        paper,
        "short_term_borrowings",
        Context.END,
        misread(str(-loan), seen(loan, "second_reading")),
    )

    mended = repaired(paper)

    assert value_of(mended, "inventories") == RIGHT
    assert value_of(mended, "short_term_borrowings") == loan


def unsure(paper: Statement, confidence: float) -> Statement:
    """Return the statement as a picture gives it: nothing accepted."""
    for row in paper.rows:
        for context in (Context.END, Context.BEGIN):
            if row.item:
                paper = amended(
                    paper,
                    row.item,
                    context,
                    lambda old: doubted(old).model_copy(update={"confidence": confidence}),
                )
    return paper


def accepted(paper: Statement) -> set[str]:
    return {
        row.item
        for row in paper.rows
        if row.item and (cell := row.values.get("end")) and cell.accepted and cell.value
    }


@pytest.mark.parametrize("confidence", [0.95, 0.81])
def test_amounts_in_a_sum_that_holds_are_accepted(confidence: float) -> None:
    paper = unsure(SHEET, confidence)

    (proven,) = prove(reading(paper)).documents

    assert isinstance(proven, Statement)
    assert {"inventories", "total_current_assets", "total_assets"} <= accepted(proven)


def test_a_doubtful_amount_needs_two_sums() -> None:
    (proven,) = prove(reading(unsure(SHEET, 0.5))).documents

    assert isinstance(proven, Statement)
    assert "total_assets" in accepted(proven)
    assert "inventories" not in accepted(proven)


def test_one_misread_amount_leaves_its_whole_sum_unaccepted() -> None:
    paper = amended(unsure(SHEET, 0.95), "inventories", Context.END, misread(WRONG))

    (proven,) = prove(reading(paper)).documents

    assert isinstance(proven, Statement)
    assert "inventories" not in accepted(proven)
    assert "accounts_receivable" not in accepted(proven)
    assert "short_term_borrowings" in accepted(proven)


def test_a_repair_can_be_proven_like_any_reading() -> None:
    paper = amended(
        unsure(SHEET, 0.95),
        "inventories",
        Context.END,
        misread(WRONG, seen(RIGHT, "second_reading"), confidence=0.9),
    )

    (proven,) = prove(repair(reading(paper))).documents

    assert isinstance(proven, Statement)
    assert {"inventories", "accounts_receivable"} <= accepted(proven)


def test_what_the_pixels_accepted_is_not_when_a_sum_speaks_against_it() -> None:
    total = value_of(SHEET, "total_assets")
    paper = unsure(SHEET, 0.99)
    paper = amended(
        paper,
        "total_assets",
        Context.END,
        lambda old: old.model_copy(update={"value": total + 90000, "accepted": True}),
    )

    (proven,) = prove(reading(paper)).documents

    assert isinstance(proven, Statement)
    assert "total_assets" not in accepted(proven)
    assert {"total_current_assets", "total_liabilities_and_equity"} <= accepted(proven)


def test_a_text_layer_says_what_is_printed_also_when_it_does_not_add_up() -> None:
    total = value_of(SHEET, "total_assets")
    paper = amended(
        SHEET,
        "total_assets",
        Context.END,
        lambda old: old.model_copy(update={"value": total + 90000}),
    )

    (proven,) = prove(reading(paper)).documents

    assert proven == paper
