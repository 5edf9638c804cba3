"""Dates, terms, capital and what else the text of a field can be."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.kinds.business_licence import days, forms, grammar, money
from schemas.licence import EntityType, Term
from schemas.tables import read_table

TABLE: Any = read_table("licence_fields.yaml")
EXAMPLES = TABLE["worked_examples"]
TYPES = TABLE["type_examples"]


@pytest.mark.parametrize("example", EXAMPLES["capital"], ids=lambda e: e["raw"])
def test_reads_the_capital_of_the_examples(example: dict[str, str]) -> None:
    found = money.amount(example["raw"])

    assert found == money.Amount(Decimal(example["amount"]), example["currency"])


@pytest.mark.parametrize(
    "text",
    ["", "万元", "壹贰万元", "1,00万元", "12万3元", "人民币", "壹佰元壹某"],
)
def test_what_is_no_amount_has_no_value(text: str) -> None:
    assert money.amount(text) is None


def test_cents_in_words_count() -> None:
    assert money.amount("壹佰元伍角贰分") == money.Amount(Decimal("100.52"))


@pytest.mark.parametrize("example", EXAMPLES["terms"], ids=lambda e: e["raw"])
def test_reads_the_terms_of_the_examples(example: dict[str, str | None]) -> None:
    start, end = (
        date.fromisoformat(str(example[k])) if example[k] else None for k in ("start", "end")
    )

    assert days.term(str(example["raw"])) == Term(start=start, end=end)


@pytest.mark.parametrize("example", EXAMPLES["dates"], ids=lambda e: e["raw"])
def test_reads_the_dates_of_the_examples(example: dict[str, str]) -> None:
    assert days.day(example["raw"]) == date.fromisoformat(str(example["iso"]))


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_a_printed_date_is_read_back(day: date) -> None:
    assert days.day(f"{day.year}年{day.month:02d}月{day.day:02d}日") == day


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.integers(0, 20000))
def test_a_printed_term_is_read_back(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    text = f"自{start.year}年{start.month}月{start.day}日至{end.year}年{end.month}月{end.day}日止"

    assert days.term(text) == Term(start=start, end=end)


@pytest.mark.parametrize(
    "text", ["2018年13月09日", "2018年05月", "2038年05月08日至2018年05月09日", "至", "某"]
)
def test_what_is_no_date_has_no_value(text: str) -> None:
    assert days.day(text) is None
    assert days.term(text) is None


def test_a_term_whose_end_is_not_filled_in_has_only_a_start() -> None:
    assert days.term("2009年08月03日至年月日") == Term(start=date(2009, 8, 3), end=None)


@pytest.mark.parametrize("text", TYPES)
def test_knows_the_types_of_the_examples(text: str) -> None:
    folded = text.replace("（", "(").replace("）", ")")

    assert grammar.fits("company_type", folded, None)
    assert forms.form_of([], text, None, None).entity_type is EntityType(TYPES[text])


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("company_type", "有限责任公司(自然人独贤)"),
        ("company_type", "有限责任公司(自然人独资"),
        ("legal_representative", "张示例某网站"),
        ("legal_representative", "张"),
        ("address", "示例市示例区示例"),
        ("composition", "个人经蓄"),
        ("registered_capital", "壹佰万元整印"),
        ("business_scope", "机械设备的制造、"),
    ],
)
def test_what_a_field_cannot_hold_does_not_fit(role: str, text: str) -> None:
    assert not grammar.fits(role, text, None)


def test_the_executive_partner_may_be_a_company_with_a_delegate() -> None:
    text = "示例投资有限公司(委派代表:张示例)"

    assert grammar.fits("legal_representative", text, EntityType.PARTNERSHIP)
    assert not grammar.fits("legal_representative", text, EntityType.LIMITED_COMPANY)
