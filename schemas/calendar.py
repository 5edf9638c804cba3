"""Which days a bank works: the model of schemas/data/calendar.yaml."""

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from schemas.base import Model

_SATURDAY = 5


class Holiday(Model):
    """Days in a row on which nobody works, both ends included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            message = "a holiday ends before it begins"
            raise ValueError(message)
        return self


class WorkCalendar(Model):
    """What differs from working on Monday to Friday."""

    extends: Literal["china"] | None = None
    """`china` adds the days of a file to those that zishen knows; without it they stand alone."""
    free: tuple[Holiday, ...] = ()
    """Public holidays 法定节假日, the days that are moved to them included."""
    worked: tuple[date, ...] = ()
    """Weekend days that are worked in exchange 调休."""

    @property
    def last_day(self) -> date | None:
        """The end of the last year that it says anything of: the State Council tells whole years.

        None for a calendar that names no day, and so promises none.
        """
        told = [*self.worked, *(holiday.last for holiday in self.free)]
        return date(max(told).year, 12, 31) if told else None

    def joined(self, other: "WorkCalendar") -> "WorkCalendar":
        """Return a calendar with the days of both."""
        return WorkCalendar(free=self.free + other.free, worked=self.worked + other.worked)

    def is_worked(self, day: date) -> bool:
        """Return whether a day is a business day."""
        if day in self.worked:
            return True
        is_free = any(holiday.first <= day <= holiday.last for holiday in self.free)
        return day.weekday() < _SATURDAY and not is_free
