from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.amounts import Amount, in_cents, is_amount, parse

amounts = st.decimals(
    min_value=Decimal(-999999999999),
    max_value=Decimal(999999999999),
    places=2,
    allow_nan=False,
    allow_infinity=False,
)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,234,567.89", "1234567.89"),
        ("1 234 567.89", "1234567.89"),
        ("１，２３４．５６", "1234.56"),
        ("-1,234", "-1234"),
        ("－1,234.00", "-1234.00"),
        ("—1,234.00", "-1234.00"),
        ("–1,234.00", "-1234.00"),
        ("(1,234.50)", "-1234.50"),
        ("（1,234.50）", "-1234.50"),
        ("<1,234>", "-1234"),
        ("《1,234》", "-1234"),
        ("1,234-", "-1234"),
        ("△1,234", "-1234"),
        ("▲1,234", "-1234"),
        ("¥1,234.00", "1234.00"),
        ("0.00", "0.00"),
        ("0.1234", "0.1234"),
        ("1234567.89", "1234567.89"),
    ],
)
def test_well_formed_amounts_are_sound(printed: str, value: str) -> None:
    assert parse(printed) == Amount(Decimal(value))


@pytest.mark.parametrize("printed", ["-", "—", "－", "--", "——", "/", "无", "不适用"])
def test_marks_for_nothing_are_blank(printed: str) -> None:
    found = parse(printed)

    assert found is not None
    assert found.is_blank
    assert not is_amount(printed)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,234,56.78", "123456.78"),
        ("1.234.567.89", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("1,516,034,246,28", "1516034246.28"),
        ("1234 567.89", "1234567.89"),
        ("(1,234.50", "-1234.50"),
        ("--1,234.50", "-1234.50"),
        ("一1,234.50", "-1234.50"),
        ("012.50", "12.50"),
    ],
)
def test_odd_separators_and_signs_give_a_value_that_is_not_sound(printed: str, value: str) -> None:
    assert parse(printed) == Amount(Decimal(value), sound=False)


@pytest.mark.parametrize(
    "printed", ["货币资金", "1,2O4.00", "2024年", "五、1", "12.5%", "1,234.00 | 5.00", "1" * 30]
)
def test_text_is_no_amount(printed: str) -> None:
    assert parse(printed) is None


@given(amounts)
def test_a_printed_amount_is_read_back(amount: Decimal) -> None:
    assert parse(f"{amount:,.2f}") == Amount(amount)


@given(amounts.filter(lambda amount: amount > 0))
def test_brackets_and_minus_say_the_same(amount: Decimal) -> None:
    assert parse(f"({amount:,.2f})") == parse(f"-{amount:,.2f}") == parse(f"{amount:,.2f}-")


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    parse(text)


def test_a_tilde_is_a_minus_sign_that_was_not_read_for_sure() -> None:
    assert parse("~5,964.63") == Amount(Decimal("-5964.63"), sound=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9.134,457,55", "9134457.55"),
        ("-391,552,5664", "-3915525.664"),
        ("63,603,854.", None),
        ("12", None),
        ("货币", None),
    ],
)
def test_clear_digits_make_an_amount_in_a_column_of_two_decimals(
    text: str, value: str | None
) -> None:
    expected = Decimal(value.replace(".", "")).scaleb(-2) if value else None

    assert in_cents(text) == expected


def test_a_dot_before_an_amount_may_be_what_is_left_of_its_minus() -> None:
    assert parse(".98,403,141.06") == Amount(Decimal("-98403141.06"), sound=False)
    assert parse(".98") is None
    assert parse(".5000") is None
