"""What the amount columns of a statement speak of: contexts, dates and ids."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.kinds.statement.dates import printed_date, printed_months
from extractors.labels import clean, simplified
from schemas.documents import DocumentKind
from schemas.statements import Column, Context, Scope
from schemas.taxonomy import TaxonomyName, load

_PRIOR_PART = "_prior"
UNREAD = "column_"
"""How the id of a column begins whose heading does not say what it is."""
_CHANGE = re.compile(r"增减|变动(?!表)|比例|幅度|%")
_CUMULATIVE = ("本年累计", "累计金额", "累计数", "年初至", "年初到")
_PRIOR_WORDS = ("上年", "上期", "去年", "上一年", "上季", "前期")
_REPORT_PERIOD = ("本报告期", "报告期金额")
_MONTH_WORDS = ("本月", "当月")
_QUARTER_WORDS = ("本季", "本期(7-9月)", "第三季度", "第二季度", "第四季度")
_FUNDS = (("非限定性", "_unrestricted"), ("限定性", "_restricted"))
_UNSPECIFIC = frozenset({"金额", "余额", "数额", "合计", "人民币元"})
"""Headings that say nothing where there are several columns, and all where there is one."""


@dataclass(frozen=True, slots=True)
class Period:
    """A column before it has an id: what its heading says.

    One with a `suffix` is not the period as a whole: the year before of a month or quarter, the
    restricted or unrestricted funds of a non-profit.
    """

    header: str
    context: Context | None
    date: dt.date | None
    suffix: str = ""


_PARTS = frozenset({Context.MONTH, Context.QUARTER})
_OTHER = {
    Context.END: Context.BEGIN,
    Context.BEGIN: Context.END,
    Context.CURRENT: Context.PRIOR,
    Context.PRIOR: Context.CURRENT,
}
"""What the second of two columns speaks of, by what the first does."""


def columns_of(
    headers: Sequence[str], kind: DocumentKind, date: dt.date | None, taxonomy: TaxonomyName
) -> tuple[Column, ...]:
    """Return the columns of one statement and scope, with ids that are unique in it.

    `date` is the one below the title, for headings that name none.
    """
    if kind is DocumentKind.BALANCE_SHEET:
        periods = _only(_balances(headers, date, taxonomy), Context.END, date)
    else:
        periods = _only(_paired(_flows(headers, date, taxonomy)), Context.CURRENT, date)
    alike = _alike(periods, kind)
    seen: Counter[str] = Counter()
    columns = []
    for number, period in enumerate(periods, start=1):
        is_told = period.context is not None and period not in alike
        name = period.context.value if period.context and is_told else f"{UNREAD}{number}"
        context = period.context if is_told and not period.suffix else None
        name += period.suffix
        seen[name] += 1
        unique = name if seen[name] == 1 else f"{name}_{seen[name]}"
        columns.append(Column(id=unique, label=period.header, context=context, date=period.date))
    return tuple(columns)


def _only(periods: list[Period], context: Context, date: dt.date | None) -> list[Period]:
    """Return the one column of a statement as that of the day or period below its title."""
    if len(periods) != 1 or periods[0].context or date is None:
        return periods
    if simplified(clean(periods[0].header)) not in _UNSPECIFIC:
        return periods
    return [replace(periods[0], context=context, date=date)]


def _paired(periods: list[Period]) -> list[Period]:
    """Return the periods, the year before of a month or quarter told from that of the whole.

    Where 上年同期 and 上年年初至报告期末 stand beside 本报告期, the first is of the same length.
    """
    parts = [p for p in periods if p.context in _PARTS and not p.suffix]
    priors = [p for p in periods if p.context is Context.PRIOR]
    short = [p for p in priors if not any(word in p.header for word in _CUMULATIVE)]
    if len(parts) != 1 or len(priors) != 2 or len(short) != 1:
        return periods
    paired = replace(short[0], context=parts[0].context, suffix=_PRIOR_PART)
    return [paired if period is short[0] else period for period in periods]


def _alike(periods: Sequence[Period], kind: DocumentKind) -> list[Period]:
    """Return the columns that nothing tells from another one of them.

    A balance sheet may print 期初余额 beside 上年年末余额, which are the same day.
    """
    told = Counter((period.context, period.date, period.suffix) for period in periods)
    labels = Counter(period.header for period in periods)
    return [
        period
        for period in periods
        if told[period.context, period.date, period.suffix] > 1
        and (labels[period.header] > 1 or kind is not DocumentKind.BALANCE_SHEET)
    ]


def by_elimination(columns: tuple[Column, ...], headings: str) -> tuple[Column, ...]:
    """Return two columns with the one whose heading was not read taken for the other period.

    Its id still says that it was not: no amount in it is ever accepted, while sums may bind it
    for repairs. Where the `headings` speak of changes, it may be a column of these.
    """
    unread = [column for column in columns if not column.context]
    if len(columns) != 2 or len(unread) != 1 or _CHANGE.search(headings):
        return columns
    other = _OTHER.get(next(column.context for column in columns if column.context))
    if not unread[0].id.startswith(UNREAD):
        return columns
    return tuple(
        column if column.context else column.model_copy(update={"context": other})
        for column in columns
    )


def unmistakable(columns: Sequence[Column]) -> frozenset[str]:
    """Return the ids of the columns whose heading is understood and is no other column's."""
    whole = [column for column in columns if column.context]
    told = Counter((column.context, column.date) for column in whole)
    labels = Counter(column.label for column in columns)
    return frozenset(
        column.id
        for column in columns
        if not column.id.startswith(UNREAD)
        and told[column.context, column.date] < 2
        and labels[column.label] == 1
    )


def scopes_of(headers: Sequence[str], scopes: Sequence[Scope]) -> tuple[Scope, ...]:
    """Return whose figures every column has.

    A table with two scopes names them above the columns; where the names cannot be placed, the
    first half is the group's.
    """
    if len(scopes) < 2 and not _has_both(headers):
        return tuple(scopes[0] for _ in headers)
    told = [_scope_in(header) for header in headers]
    if all(told):
        return tuple(scope for scope in told if scope)
    half = len(headers) // 2
    return tuple(Scope.CONSOLIDATED if n < half else Scope.PARENT for n in range(len(headers)))


def _has_both(headers: Sequence[str]) -> bool:
    told = {_scope_in(header) for header in headers}
    return {Scope.CONSOLIDATED, Scope.PARENT} <= told


def _scope_in(header: str) -> Scope | None:
    if "合并" in header and "公司" not in header:
        return Scope.CONSOLIDATED
    return Scope.PARENT if "公司" in header and "合并" not in header else None


def _balances(headers: Sequence[str], date: dt.date | None, taxonomy: TaxonomyName) -> list[Period]:
    words = load(taxonomy).contexts["balance_sheet"]
    dates = [printed_date(header) for header in headers]
    latest = max((day for day in dates if day), default=None)
    periods = []
    for header, day in zip(headers, dates, strict=True):
        context = _by_word(header, words)
        if context is None and day and latest:
            context = Context.END if day == latest else Context.BEGIN
        periods.append(Period(header, context, day or _balance_day(context, date)))
    return periods


def _balance_day(context: Context | None, date: dt.date | None) -> dt.date | None:
    """Return the day of a column that names none: that below the title, or the last year's end."""
    if date is None or context is None:
        return None
    return date if context is Context.END else dt.date(date.year - 1, 12, 31)


def _by_word(header: str, words: dict[Context, tuple[str, ...]]) -> Context | None:
    """Return the context whose longest word stands in the heading."""
    text = simplified(clean(header))
    found = [
        (len(word), context)
        for context, known in words.items()
        for word in map(clean, known)
        if "<" not in word and word in text
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _flows(headers: Sequence[str], date: dt.date | None, taxonomy: TaxonomyName) -> list[Period]:
    texts = [simplified(clean(header)) for header in headers]
    dates = [printed_date(header) for header in headers]
    months = [printed_months(header) for header in headers]
    latest = max((day for day in dates if day), default=None)
    longest = max((count for count in months if count), default=None)
    cumulative = any(word in text for text in texts for word in _CUMULATIVE)
    periods = []
    for text, day, count in zip(texts, dates, months, strict=True):
        is_prior = _is_prior(text, day, latest)
        is_short = bool(count and longest and count < longest)
        part = _part(text, cumulative=cumulative, is_short=is_short)
        context = part or (Context.PRIOR if is_prior else _current(text, day, taxonomy))
        default = _year_before(date) if date and is_prior else date
        suffix = _PRIOR_PART if part and is_prior else ""
        fund = next((name for word, name in _FUNDS if word in text), "")
        periods.append(Period(text, context, day or default, suffix + fund))
    return periods


def _is_prior(text: str, day: dt.date | None, latest: dt.date | None) -> bool:
    if any(word in text for word in _PRIOR_WORDS):
        return True
    return bool(day and latest and day.year < latest.year)


def _part(text: str, *, cumulative: bool, is_short: bool) -> Context | None:
    """Return the context of a column that has only a part of the time since the year began."""
    if any(word in text for word in _CUMULATIVE):
        return None
    if any(word in text for word in _MONTH_WORDS):
        return Context.MONTH
    if is_short or any(word in text for word in _QUARTER_WORDS):
        return Context.QUARTER
    if cumulative and any(word in text for word in _REPORT_PERIOD):
        return Context.QUARTER
    return Context.MONTH if cumulative and text.startswith("本期") else None


def _current(text: str, day: dt.date | None, taxonomy: TaxonomyName) -> Context | None:
    if day or any(word in text for word in (*_CUMULATIVE, *_REPORT_PERIOD)):
        return Context.CURRENT
    found = _by_word(text, load("cas").contexts["flow"])
    return found or _by_word(text, load(taxonomy).contexts["flow"])


def _year_before(date: dt.date) -> dt.date:
    day = 28 if (date.month, date.day) == (2, 29) else date.day
    return date.replace(year=date.year - 1, day=day)
