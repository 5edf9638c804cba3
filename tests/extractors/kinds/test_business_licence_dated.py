"""The date of issue: numbers that a printer added to the letters of the form."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.kinds.business_licence.dated import dated
from extractors.kinds.business_licence.runs import Run, of_word
from tests.extractors.kinds.licence_pages import word


def pieces(*said: tuple[float, float, str]) -> list[Run]:
    return [of_word(word(left, top, text)) for left, top, text in said]


@pytest.mark.parametrize(
    "said",
    [
        [(600, 1080, "2021年04月16日")],
        [(600, 1080, "2021"), (680, 1084, "年04"), (770, 1080, "月16日")],
        [(600, 1080, "2021"), (720, 1080, "04"), (800, 1080, "16"), (660, 1120, "年月日")],
        [(600, 1080, "2021"), (700, 1080, "0416")],
        [(600, 1080, "20210416")],
        [(600, 1080, "2021军04月16日")],
    ],
    ids=["in one", "in pieces", "letters below", "no letters", "in a row", "a letter misread"],
)
def test_numbers_on_one_line_make_a_date(said: list[tuple[float, float, str]]) -> None:
    found = dated(pieces(*said))

    assert found is not None
    assert found.day == date(2021, 4, 16)
    assert found.printed == "2021年04月16日"


def test_numerals_make_a_date() -> None:
    found = dated(pieces((600, 1080, "二〇一四年八月廿二日")))

    assert found is not None
    assert found.day == date(2014, 8, 22)
    assert found.is_in_numerals


@pytest.mark.parametrize(
    "said",
    [
        [(600, 1080, "2021"), (720, 1080, "04")],
        [(600, 1080, "2021"), (720, 1080, "1"), (760, 1080, "2"), (800, 1080, "05")],
        [(600, 1080, "2021"), (720, 1080, "13"), (800, 1080, "05")],
        [(600, 1080, "2021"), (720, 1180, "04"), (800, 1180, "16")],
    ],
    ids=["no day", "one number too many", "no month", "on two lines"],
)
def test_what_may_be_another_date_is_none(said: list[tuple[float, float, str]]) -> None:
    assert dated(pieces(*said)) is None


@pytest.mark.parametrize(
    ("said", "founded", "complete"),
    [
        ([(600, 1080, "2021年04月16日")], None, True),
        ([(600, 1080, "2021年04月6日")], "2018年05月09日", False),
        ([(600, 1080, "2021年4月6日")], "2018年05月09日", False),
        ([(600, 1080, "2021年4月16日")], "2018年05月09日", True),
        ([(600, 1080, "2021年1月16日")], "2018年05月09日", False),
        ([(600, 1080, "2021年4月6日")], "2018年5月9日", False),
        ([(600, 1080, "2021"), (720, 1080, "4"), (800, 1080, "6")], "2018年5月9日", True),
        ([(600, 1080, "2021"), (720, 1080, "4"), (800, 1080, "6")], "2018年05月09日", False),
    ],
    ids=[
        "padded",
        "mixed",
        "unlike the other",
        "no room",
        "room in the month",
        "a digit hidden",
        "apart",
        "apart, unlike",
    ],
)
def test_a_date_that_may_have_lost_a_digit_is_not_complete(
    said: list[tuple[float, float, str]], founded: str | None, complete: bool
) -> None:
    found = dated(pieces(*said))

    assert found is not None
    assert found.is_complete(founded) is complete


@given(st.dates(date(2000, 1, 1), date(2049, 12, 31)))
def test_a_printed_date_of_issue_is_read_back(day: date) -> None:
    said = f"{day.year}年{day.month:02d}月{day.day:02d}日"

    found = dated(pieces((600, 1080, said)))

    assert found is not None
    assert (found.day, found.printed) == (day, said)
