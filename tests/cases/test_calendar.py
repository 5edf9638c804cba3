"""Counted hours: every one, or those of business days."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cases.calendar import (
    CHINA,
    CalendarEndsError,
    between,
    days_left,
    is_counted,
    later,
    load_calendar,
    refuse_if_it_ends,
)
from schemas.calendar import Holiday, WorkCalendar
from schemas.errors import SettingsError
from schemas.policy import Service
from validators.policy import built_in

EVERY = is_counted(Service(), load_calendar(None))
WORKED = is_counted(Service(calendar="business_days"), load_calendar(None))

moments = st.timedeltas(timedelta(0), timedelta(days=500)).map(
    lambda after: datetime(2026, 1, 1, tzinfo=CHINA) + after
)
spans = st.timedeltas(timedelta(0), timedelta(days=30))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 16), True),  # a Friday
        (date(2026, 10, 17), False),  # a Saturday
        (date(2026, 10, 1), False),  # 国庆节, a Thursday
        (date(2026, 10, 10), True),  # the Saturday worked for it
        (date(2026, 2, 23), False),  # the last day of 春节, a Monday
        (date(2027, 10, 1), True),  # a year whose notice is not out
    ],
)
def test_business_days_are_those_of_the_notice(day: date, worked: bool) -> None:
    assert load_calendar(None).is_worked(day) is worked


def test_a_friday_afternoon_goes_on_on_monday() -> None:
    friday = datetime(2026, 10, 16, 18, tzinfo=CHINA)

    assert later(friday, timedelta(hours=24), WORKED) == datetime(2026, 10, 19, 18, tzinfo=CHINA)
    assert later(friday, timedelta(hours=24), EVERY) == datetime(2026, 10, 17, 18, tzinfo=CHINA)


@given(moments, spans, st.sampled_from([EVERY, WORKED]))
def test_counting_and_adding_are_inverse(
    start: datetime, wanted: timedelta, counts: object
) -> None:
    end = later(start, wanted, counts)  # type: ignore[arg-type]

    assert between(start, end, counts) == wanted  # type: ignore[arg-type]


@given(moments, spans, spans)
def test_counting_in_two_parts_is_counting_once(
    start: datetime, one: timedelta, two: timedelta
) -> None:
    middle, end = start + one, start + one + two

    assert between(start, end, WORKED) == between(start, middle, WORKED) + between(
        middle, end, WORKED
    )
    assert between(start, end, WORKED) <= end - start


def test_a_calendar_without_a_day_ends_the_search() -> None:
    never = WorkCalendar(free=(Holiday(first=date(2000, 1, 1), last=date(2100, 1, 1)),))
    counted = is_counted(Service(calendar="business_days"), never)

    found = later(datetime(2026, 1, 1, tzinfo=CHINA), timedelta(hours=1), counted)

    assert found.year == 2036


@pytest.mark.parametrize("text", ["free: [", "worked: [someday]", "free: [{first: 2026-01-02}]"])
def test_a_file_that_is_no_calendar_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(text)

    with pytest.raises(SettingsError):
        load_calendar(file)


def test_a_bank_has_a_calendar_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text("free: [{first: 2026-10-16, last: 2026-10-16}]")

    assert not load_calendar(file).is_worked(date(2026, 10, 16))


def test_a_bank_adds_a_year_to_the_days_that_are_known(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text("extends: china\nfree: [{first: 2027-01-01, last: 2027-01-03}]")

    calendar = load_calendar(file)

    assert not calendar.is_worked(date(2026, 10, 1))
    assert not calendar.is_worked(date(2027, 1, 1))
    assert calendar.last_day == date(2027, 12, 31)


def test_a_calendar_that_ends_is_told_when_the_next_notice_is_out() -> None:
    calendar = WorkCalendar(free=(Holiday(first=date(2026, 10, 1), last=date(2026, 10, 7)),))
    table = built_in().model_copy(update={"service": Service(calendar="business_days")})
    spring, december = (days_left(table, calendar, date(2026, month, 1)) for month in (3, 12))

    refuse_if_it_ends(spring, calendar)

    assert (spring, december) == (305, 30)
    with pytest.raises(CalendarEndsError, match="2026-12-31"):
        refuse_if_it_ends(december, calendar)


def test_nobody_is_told_of_a_calendar_that_nobody_needs() -> None:
    business = built_in().model_copy(update={"service": Service(calendar="business_days")})

    assert days_left(built_in(), load_calendar(None), date(2027, 1, 1)) is None
    assert days_left(business, WorkCalendar(), date(2027, 1, 1)) is None
