"""Dates and terms as licences print them, in digits or Chinese numerals."""

import re
from datetime import date

from schemas.licence import Term

_NUMERALS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "О": "0",
    "O": "0",
    "o": "0",
    "◯": "0",
}
_YEAR = r"[0-9〇零○ОOo◯一二三四五六七八九]{4}"
_PART = r"[0-9]{1,2}|[〇零一二三四五六七八九十廿卅]{1,3}"
_DAY = re.compile(rf"({_YEAR})\s*[年\-/.]\s*({_PART})\s*[月\-/.]\s*({_PART})日?")
_OPEN = re.compile(r"长期|永久|无固定期限|不约定期限|\*{2,}|-{2,}|9999年")
_EMPTY_DAY = re.compile(r"年月日?|^[/—－-]+$")
_FRAME = re.compile(r"[自从起至到止]|[,，、。.:：~\-—]")


def day(text: str) -> date | None:
    """Return the date that a text is, or None when it is anything else.

    >>> day("2018年05月09日")
    datetime.date(2018, 5, 9)
    >>> day("二〇一三年十月廿二日")
    datetime.date(2013, 10, 22)
    """
    found = _DAY.fullmatch(_compact(text))
    return _date(found) if found else None


def days(text: str) -> tuple[date, ...]:
    """Return every date within a text."""
    found = (_date(match) for match in _DAY.finditer(_compact(text)))
    return tuple(value for value in found if value)


def term(text: str) -> Term | None:
    """Return the term that a text is, or None when it is anything else.

    >>> term("自2015年01月12日至2065年01月11日").model_dump()
    '2015-01-12/2065-01-11'
    >>> term("长期").model_dump()
    '../..'
    """
    plain = _compact(text)
    found = days(plain)
    rest = _FRAME.sub("", _DAY.sub("", plain))
    if len(found) != len(_DAY.findall(plain)) or len(found) > 2:
        return None
    if len(found) == 2:
        ordered = not rest and found[0] <= found[1]
        return Term(start=found[0], end=found[1]) if ordered else None
    start = found[0] if found else None
    is_open = bool(_OPEN.fullmatch(rest)) or (
        start is not None and bool(_EMPTY_DAY.fullmatch(rest))
    )
    if is_open or (start and not rest and plain.endswith("至")):
        return Term(start=start, end=None)
    return None


def is_mixed(text: str) -> bool:
    """Return whether some months and days have a leading zero, and others only one digit.

    A printer writes a field in one way: of 2018年05月9日 a digit was lost.
    """
    parts = re.findall(r"[年月\-/.]([0-9]{1,2})(?![0-9])", _compact(text))
    return any(part.startswith("0") for part in parts) and any(len(part) == 1 for part in parts)


def is_blank(text: str) -> bool:
    """Return whether a text says that nothing stands there: asterisks, a dash, an empty date."""
    return bool(re.fullmatch(r"[*＊/—－\-_年月日至自无.\s]*", _compact(text)))


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("＊", "*").replace("★", "*")


def _date(found: re.Match[str]) -> date | None:
    year, month, monthday = (_number(part) for part in found.groups())
    try:
        return date(year, month, monthday)
    except ValueError:
        return None


def _number(text: str) -> int:
    """Return a year or a count; 十 stands for tens, 廿 for twenty.

    >>> _number("廿五"), _number("十"), _number("二〇一三"), _number("07")
    (25, 10, 2013, 7)
    """
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * int(_digits(tens) or 1) + int(_digits(ones) or 0)
    return int(_digits(text) or 0)


def _digits(text: str) -> str:
    return "".join(_NUMERALS.get(character, character) for character in text)
