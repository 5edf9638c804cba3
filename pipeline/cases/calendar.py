"""The hours that count towards a deadline."""

import functools
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError

from schemas.calendar import WorkCalendar
from schemas.errors import ConfigError, SettingsError
from schemas.policy import PolicyTable, Service
from schemas.tables import read_model

CHINA: Final = timezone(timedelta(hours=8))
"""Days begin and end in China, wherever the server stands."""
_DAY: Final = timedelta(days=1)
_MOST_DAYS: Final = 3660
_NOTICE_DAYS: Final = 60
"""The State Council tells the holidays of a year in the November before it."""

IsWorked = Callable[[date], bool]


class CalendarEndsError(ConfigError):
    """The calendar of business days ends soon: deadlines beyond it would count holidays."""

    code = "calendar.ends"

    def __init__(self, last: date) -> None:
        """Say which day is the last that it knows."""
        super().__init__(f"no holidays are known after {last}")
        self.last = last


def is_counted(service: Service, calendar: WorkCalendar) -> IsWorked:
    """Return which days count by a policy: all of them, or business days."""
    return calendar.is_worked if service.calendar == "business_days" else _always


def between(start: datetime, end: datetime, is_worked: IsWorked) -> timedelta:
    """Return the counted time from one moment to a later one; a counted day counts whole."""
    if is_worked is _always:
        return max(end - start, timedelta(0))
    counted = timedelta(0)
    while start < end:
        until = min(_midnight_after(start), end)
        if is_worked(start.astimezone(CHINA).date()):
            counted += until - start
        start = until
    return counted


def later(start: datetime, wanted: timedelta, is_worked: IsWorked) -> datetime:
    """Return the moment by which so much counted time has passed.

    Nothing wanted is no time at all. Where it would take more than ten years, the calendar has no
    day that counts, and ten years are what is returned.
    """
    if is_worked is _always or wanted <= timedelta(0):
        return start + wanted
    for _ in range(_MOST_DAYS):
        if is_worked(start.astimezone(CHINA).date()):
            left = _midnight_after(start) - start
            if wanted <= left:
                return start + wanted
            wanted -= left
        start = _midnight_after(start)
    return start


def load_calendar(file: Path | None) -> WorkCalendar:
    """Return the calendar of a file, or that of zishen, which has the holidays of China.

    A file that extends it adds its own days.

    Raises:
        SettingsError: the file cannot be read or is no calendar.
    """
    return _built_in() if file is None else _of_file(file)


def days_left(table: PolicyTable, calendar: WorkCalendar, today: date) -> int | None:
    """Return for how many more days holidays are known.

    None where nobody has to know them: no product counts business days, or the calendar names no
    holiday at all.
    """
    services = [table.service, *(product.service for product in table.products)]
    is_used = any(one is not None and one.calendar == "business_days" for one in services)
    last = calendar.last_day
    return (last - today).days if is_used and last is not None else None


def refuse_if_it_ends(left: int | None, calendar: WorkCalendar) -> None:
    """Say in time that the holidays of the next year have to be added.

    Raises:
        CalendarEndsError: they are needed, and known for less than the 60 days that are left when
            the notice of the next year comes out.
    """
    if left is not None and left < _NOTICE_DAYS and calendar.last_day is not None:
        raise CalendarEndsError(calendar.last_day)


def _built_in() -> WorkCalendar:
    return read_model("calendar.yaml", WorkCalendar)


@functools.cache
def _of_file(file: Path) -> WorkCalendar:
    try:
        found = WorkCalendar.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise SettingsError(f"{file} is no calendar: {type(error).__name__}") from error
    return found if found.extends is None else _built_in().joined(found)


def _midnight_after(moment: datetime) -> datetime:
    there = moment.astimezone(CHINA)
    return datetime.combine(there.date() + _DAY, time(), CHINA)


def _always(_day: date) -> bool:
    return True
