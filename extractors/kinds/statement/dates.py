"""Dates and periods as statements print them, in Chinese and English."""

import datetime as dt
import re
from calendar import monthrange

from extractors.labels import clean

_DIGITS = {char: str(n) for n, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_CHINESE_YEAR = re.compile(r"[〇零○一二三四五六七八九]{4}(?=年)")
_CHINESE_NUMBER = re.compile(r"([二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日])")
_NAMES = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER"
_ENGLISH = re.compile(rf"(\d{{1,2}})({'|'.join(_NAMES.split())}),?(\d{{4}})")
_DAY = re.compile(
    r"(\d{4})(?P<mark>[年./-])(\d{1,2})(?:(?<!年\d)(?<!年\d\d)(?P=mark)|月)(\d{1,2})日?"
)
_MONTHS = re.compile(r"(\d{4})[年./-](?:(\d{1,2})月?[-—–~至到](?:\d{4}年)?)?(\d{1,2})月")
_SPAN = re.compile(r"(?<!\d)(\d{1,2})月?[-—–~至到](?:\d{4}年)?(\d{1,2})月")
_QUARTER = re.compile(r"(\d{4})年?第?([一二三四1-4])季度")
_HALF = re.compile(r"(\d{4})年?(?:上?半年|1H)")
_YEAR = re.compile(r"(\d{4})年度?|^((?:19|20)\d{2})$")


def printed_date(text: str) -> dt.date | None:
    """Return the date or the last day of the period that a text names, the latest of several.

    >>> printed_date("2024 年 1—6 月"), printed_date("2023年度")
    (datetime.date(2024, 6, 30), datetime.date(2023, 12, 31))
    >>> printed_date("As at 31 December 2024") == printed_date("二零二四年十二月三十一日")
    True
    """
    plain = _in_digits(text)
    days = [_day(int(y), int(m), int(d)) for y, _, m, d in _DAY.findall(plain)]
    ends = [_month_end(int(y), int(m)) for y, _, m in _MONTHS.findall(plain)] if not days else []
    found = [day for day in days + ends if day]
    return max(found) if found else _named_end(plain)


def _named_end(plain: str) -> dt.date | None:
    """Return the last day of a quarter, half-year or year."""
    if match := _QUARTER.search(plain):
        number = "一二三四".find(match[2]) + 1 or int(match[2])
        return _month_end(int(match[1]), 3 * number)
    if match := _HALF.search(plain):
        return _month_end(int(match[1]), 6)
    match = _YEAR.search(plain)
    return _month_end(int(match[1] or match[2]), 12) if match else None


def printed_months(text: str) -> int | None:
    """Return how many months the period in a text has, None when it does not say."""
    plain = _in_digits(text)
    if match := _SPAN.search(plain):
        return int(match[2]) - int(match[1]) + 1
    if _MONTHS.search(plain):
        return 1
    if _QUARTER.search(plain):
        return 3
    if _HALF.search(plain):
        return 6
    return 12 if re.search(r"\d{4}年度", plain) else None


def _in_digits(text: str) -> str:
    """Return a text without spaces, with Chinese numerals and English dates as 2024年12月31日."""
    plain = _CHINESE_YEAR.sub(lambda year: "".join(_DIGITS[c] for c in year[0]), clean(text))
    plain = _CHINESE_NUMBER.sub(lambda number: str(_number(number[0])), plain)
    return _ENGLISH.sub(
        lambda day: f"{day[3]}年{_NAMES.split().index(day[2]) + 1}月{day[1]}日", plain.upper()
    )


def _number(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    units = int(_DIGITS[ones]) if ones else 0
    return (int(_DIGITS[tens]) if tens else 1) * 10 + units if ten else units


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> dt.date | None:
    if not (1 <= month <= 12 and dt.MINYEAR <= year <= dt.MAXYEAR):
        return None
    return dt.date(year, month, monthrange(year, month)[1])
