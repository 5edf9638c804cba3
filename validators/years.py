"""Which columns belong together: a closing balance, the opening one, the flow and the year before.

What a statement prints beside its own column counts first; where no statement tells, the Chinese
accounting year does, which is the calendar year.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from schemas.statements import Context, Statement
from validators.spreads import Accounts, Period

_PAIRS = {Context.END: Context.BEGIN, Context.CURRENT: Context.PRIOR}


@dataclass(frozen=True)
class Years:
    """The calendar of the accounts of one entity."""

    accounts: Accounts

    def column(self, day: dt.date | None, context: Context) -> Period | None:
        """Return where to look for a figure of the period that ends on a day.

        None: nothing can be compared, since the prior column is of another length of time.
        """
        if day is None:
            return Period(None, context)
        if context in _PAIRS:
            return Period(day)
        if context is Context.BEGIN:
            return Period(self._opening.get(day) or _last_year_end(day))
        prior = self._prior.get(day) or year_before(day)
        return Period(prior) if prior == year_before(day) else None

    def months(self, day: dt.date | None) -> int | None:
        """Return how many months the flows of a period cover, None when no date tells.

        From the opening to the closing balance; a comparative column covers as many as the
        column that it is compared with.
        """
        if day is None:
            return None
        if day in self._opening:
            opening = self._opening[day]
            return (day.year - opening.year) * 12 + day.month - opening.month
        after = next((own for own, prior in self._prior.items() if prior == day), None)
        if after is not None and year_before(after) == day and after in self._opening:
            return self.months(after)
        return day.month

    @cached_property
    def _opening(self) -> dict[dt.date, dt.date]:
        """The opening day of every closing day."""
        return self._paired(Context.END)

    @cached_property
    def _prior(self) -> dict[dt.date, dt.date]:
        """The last day of the period that a flow is compared with."""
        return self._paired(Context.CURRENT)

    def _paired(self, context: Context) -> dict[dt.date, dt.date]:
        found: dict[dt.date, dt.date] = {}
        for statement in self._statements:
            own = [column.date for column in statement.columns if column.context is context]
            beside = [
                column.date
                for column in statement.columns
                if column.context is _PAIRS[context] and column.date
            ]
            for day in own:
                earlier = [other for other in beside if day and other < day]
                if day and earlier:
                    found.setdefault(day, max(earlier))
        return found

    @cached_property
    def _statements(self) -> tuple[Statement, ...]:
        """The statements, balance sheets among them, whose columns stand in the spreads."""
        sources = [
            source.statement
            for spread in self.accounts.spreads.values()
            for source in spread.sources.values()
        ]
        return tuple({id(statement): statement for statement in sources}.values())


def year_before(day: dt.date) -> dt.date:
    """Return the same day a year earlier.

    >>> year_before(dt.date(2024, 2, 29))
    datetime.date(2023, 2, 28)
    """
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _last_year_end(day: dt.date) -> dt.date:
    return dt.date(day.year - 1, 12, 31)
