"""The cause of a failed sum, planted and named."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.statements import Context, Statement
from schemas.taxonomy import load
from tests.builders import BALANCE, amended, blank, doubted, set_to, statement, stray
from validators.arithmetic import Ledger, sums
from validators.diagnosis import Addend, Cause, Diagnosis, diagnose, explanations, first_cells

END, BEGIN = Context.END, Context.BEGIN
ROWS = ("inventories", "prepayments", "accounts_receivable", "notes_receivable")
TOTAL = "total_current_assets"

amounts = st.integers(1000, 99_999_999).map(lambda n: Decimal(n).scaleb(-2))


def sheet(values: dict[str, Decimal], before: dict[str, Decimal]) -> Statement:
    """A block that adds up in both columns."""
    table: dict[str, Any] = {
        item: {END: values[item], BEGIN: before[item]} for item in values if item in before
    }
    table[TOTAL] = {END: sum(values.values()), BEGIN: sum(before.values())}
    return statement(BALANCE, table)


sheets = st.builds(
    sheet,
    st.fixed_dictionaries(dict.fromkeys(ROWS, amounts)),
    st.fixed_dictionaries(dict.fromkeys(ROWS, amounts)),
)


def asked(paper: Statement) -> tuple[Ledger, tuple[Addend, ...], Decimal]:
    """The sum of the block in the closing column."""
    ledger = Ledger(paper, load("cas"), paper.columns[0])
    total, leaves, excess = next(one for one in sums(ledger) if one[0] == TOTAL)
    rows = [Addend(leaf.item, leaf.weight, ledger.cells[leaf.item]) for leaf in leaves]
    return ledger, (Addend(total, -1, ledger.cells[total]), *rows), excess


def diagnosed(paper: Statement) -> Diagnosis | None:
    return diagnose(*asked(paper))


def transposed(value: Decimal, place: int) -> Decimal:
    digits = list(str(value))
    at = [n for n, digit in enumerate(digits) if digit != "."]
    one = at[place % (len(at) - 1)]
    other = at[at.index(one) + 1]
    digits[one], digits[other] = digits[other], digits[one]
    return Decimal("".join(digits))


def one_digit(value: Decimal, place: int, digit: int) -> Decimal:
    digits = list(str(value))
    at = [n for n, figure in enumerate(digits) if figure != "."]
    digits[at[place % len(at)]] = str(digit)
    return Decimal("".join(digits))


def plant(cause: Cause, value: Decimal, other: Decimal, place: int, digit: int) -> Decimal:
    """The amount as a fault of this kind would make it of the right one."""
    return {
        Cause.SIGN: -value,
        Cause.SWAPPED: other,
        Cause.SHIFTED: value.scaleb((-2, -1, 1, 2, 3, 4)[place % 6]),
        Cause.TRANSPOSED: transposed(value, place),
        Cause.DIGIT: one_digit(value, place, digit),
    }[cause]


PLANTED = (Cause.SIGN, Cause.SWAPPED, Cause.SHIFTED, Cause.TRANSPOSED, Cause.DIGIT)


@settings(max_examples=60)
@given(
    sheets,
    st.sampled_from(PLANTED),
    st.sampled_from((*ROWS, TOTAL)),
    st.integers(0, 7),
    st.integers(0, 9),
)
def test_a_planted_fault_is_named_where_it_alone_explains_the_difference(
    paper: Statement, cause: Cause, item: str, place: int, digit: int
) -> None:
    right, before = paper.amount(item, END), paper.amount(item, BEGIN)
    assert right is not None
    assert right.value is not None
    assert before is not None
    assert before.value is not None
    wrong = plant(cause, right.value, before.value, place, digit)
    assume(wrong not in {right.value, 0})
    kept = len(str(wrong)) == len(str(right.value))  # no amount is printed with a zero ahead
    assume(kept or cause not in {Cause.TRANSPOSED, Cause.DIGIT})

    spoilt = amended(paper, item, END, set_to(wrong))
    if cause is Cause.SWAPPED:
        spoilt = amended(spoilt, item, BEGIN, set_to(right.value))
    ledger, addends, excess = asked(spoilt)
    told = list(explanations(ledger, addends, excess))
    found = diagnose(ledger, addends, excess)

    assert found is not None
    assert (cause, item) in {(one.cause, one.item) for one in told}
    assert 1 <= len(found.cells) <= 3
    if {one.cause for one in told} == {cause}:
        assert found.cause is cause
        assert item in found.items or len(found.items) == 3  # of more, the likeliest three


@settings(max_examples=40)
@given(sheets, st.sampled_from(ROWS))
def test_a_row_that_is_read_twice_or_left_out_is_named(paper: Statement, item: str) -> None:
    cell = paper.amount(item, END)
    assert cell is not None
    assert cell.value is not None
    twice = paper.model_copy(
        update={
            "rows": (
                *(row for row in paper.rows if row.item != TOTAL),
                next(
                    row for row in statement(BALANCE, {"contract_assets": {END: cell.value}}).rows
                ),
                paper.rows[-1],
            )
        }
    )
    dashed = amended(paper, item, END, lambda _: blank(Decimal))

    for spoilt, cause in ((twice, Cause.DOUBLED), (dashed, Cause.MISSED)):
        told = list(explanations(*asked(spoilt)))
        assert (cause, item) in {(one.cause, one.item) for one in told}
        exact = {one.cause for one in told if one.exact}
        found = diagnosed(spoilt)
        assert found is not None
        if exact <= {cause}:
            assert found.cause is cause


SIMPLE: dict[str, Any] = {
    "inventories": {END: 1234, BEGIN: 7000},
    "prepayments": {END: 150, BEGIN: 90},
    TOTAL: {END: 1384, BEGIN: 7090},
}


@pytest.mark.parametrize(
    ("changes", "cause", "items"),
    [
        ({"inventories": {END: -1234}}, Cause.SIGN, ("inventories",)),
        ({"inventories": {END: 7000, BEGIN: 1234}}, Cause.SWAPPED, ("inventories",)),
        ({"prepayments": {END: 15000, BEGIN: None}}, Cause.SHIFTED, ("prepayments",)),
        ({"contract_assets": {END: 150}}, Cause.DOUBLED, ("prepayments", "contract_assets")),
        ({"inventories": {END: 1243}}, Cause.TRANSPOSED, ("inventories",)),
        ({"inventories": {END: 1734}}, Cause.DIGIT, ("inventories",)),
        ({TOTAL: {END: 1348}}, Cause.TRANSPOSED, (TOTAL,)),
        ({TOTAL: {END: 1460}, "goodwill": {END: 76}}, Cause.MISSED, ("goodwill",)),
        ({"prepayments": {END: None, BEGIN: 90}}, Cause.MISSED, ("prepayments",)),
    ],
)
def test_each_cause_is_named_with_its_cell(
    changes: dict[str, Any], cause: Cause, items: tuple[str, ...]
) -> None:
    found = diagnosed(statement(BALANCE, {**SIMPLE, **changes}))

    assert found is not None
    assert found.cause is cause
    assert set(items) <= set(found.items)


def test_a_row_that_only_this_column_lacks_is_pointed_at_where_it_stands() -> None:
    lacking = {**SIMPLE, "prepayments": {BEGIN: 91}, TOTAL: {END: 1384, BEGIN: 7091}}
    found = diagnosed(statement(BALANCE, lacking))

    assert found is not None
    assert (found.cause, found.items) == (Cause.MISSED, ("prepayments",))


def test_a_row_of_the_filers_own_may_be_the_one_that_is_left_out() -> None:
    values = {**SIMPLE, TOTAL: {END: 1384 + 77, BEGIN: 7090}}
    paper = statement(BALANCE, values)
    own = paper.model_copy(update={"rows": (*paper.rows, stray(77), stray(8), stray(3))})
    found = diagnosed(own)

    assert found is not None
    assert (found.cause, found.items) == (Cause.MISSED, (None,))


def test_where_nothing_explains_a_difference_nothing_is_said() -> None:
    values: dict[str, Any] = {
        "inventories": {END: 1234},
        "prepayments": {END: 150},
        TOTAL: {END: 98765},
    }

    assert diagnosed(statement(BALANCE, values)) is None
    assert first_cells(None, ()) == ()


def test_what_another_sum_holds_is_hardly_wrong_and_what_is_not_accepted_is_likelier() -> None:
    """Of two rows in which one digit may be wrong the doubtful one comes first."""
    values: dict[str, Any] = {
        "inventories": {END: 1534},
        "prepayments": {END: 1550},
        TOTAL: {END: 2784},
    }
    paper = statement(BALANCE, values)
    doubtful = amended(paper, "prepayments", END, doubted)

    whole = diagnosed(paper)
    unsure = diagnosed(doubtful)
    assert whole is not None
    assert unsure is not None
    assert whole.cause is Cause.DIGIT
    assert unsure.items[0] == "prepayments"
    first, *_ = first_cells(unsure, [cell for row in paper.rows for cell in row.values.values()])
    assert first is unsure.cells[0]
