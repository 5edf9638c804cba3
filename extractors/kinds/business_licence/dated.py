"""A date whose numbers stand apart: the form prints 年 月 日, a printer adds the numbers later.

The two rarely share a line: numbers stand above the letters, below them, or over them. So the
numbers alone make the date: a year, and the two numbers that follow it on its own line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.kinds.business_licence import days
from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.runs import Run

_NUMERAL = "〇○零ОO一二三四五六七八九十廿卅"
_NUMBER = re.compile(rf"[0-9]+|[{_NUMERAL}]+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}|[一二][〇○零ОO九][〇○零ОO一二三四五六七八九]{2}")
_LETTER = re.compile(r"[年月日.\-/:]")
_OF_A_DATE = {8: (4, 6), 6: (4,)}
_OF_A_DAY = {4: (2,)}
"""Where rows of digits are cut, by their length: those that begin with a year, and others."""
_STRANGE = 2
"""So many other characters a piece may have: 年 under a number is read as anything."""
_LONGEST = 16
_GAP = 6.0
"""How many line heights may part a number from the next."""
_LEVEL = 0.7


@dataclass(frozen=True)
class Dated:
    """A date with the pieces that it is made of, and its numbers as they are printed.

    `is_apart` tells that each number is a piece of its own or all of them are one regular line,
    so that a digit of a number cannot have been lost in another.
    """

    day: date
    claim: Claim
    numbers: tuple[str, str, str]
    is_apart: bool

    @property
    def printed(self) -> str:
        """The numbers with the letters of the form between them."""
        return "{}年{}月{}日".format(*self.numbers)

    @property
    def is_in_numerals(self) -> bool:
        """Whether it is printed as 二〇一四年八月."""
        return not self.numbers[0].isdigit()

    def is_complete(self, other: str | None) -> bool:
        """Return whether no digit can be missing, given another date of the same paper.

        No month has two digits and begins with 3 or more. And a printer writes all dates alike:
        with two digits for each month, or with as many as it takes.
        """
        parts = self.numbers[1:]
        month, monthday = parts
        if len(monthday) == 2 and (len(month) == 2 or month in "3456789"):
            return True
        is_padded = any(part.startswith("0") for part in parts)
        others = re.findall(r"[年月]0?([0-9])(?=[月日])", other or "")
        elsewhere = other is not None and bool(re.search(r"[年月]0[0-9]", other))
        return self.is_apart and not is_padded and not elsewhere and bool(others)


@dataclass(frozen=True)
class _Number:
    """A number; `is_piece` when nothing else stands in its piece."""

    text: str
    run: Run
    is_piece: bool


def dated(runs: Sequence[Run]) -> Dated | None:
    """Return the date that numbers on one line make, or None."""
    numbers = [number for run in runs for number in _numbers(run)]
    for year in numbers:
        if _YEAR.match(year.text):
            found = _from(year, numbers)
            if found is not None:
                return found
    return None


def _numbers(run: Run) -> Iterator[_Number]:
    text = run.folded
    strange = len(_LETTER.sub("", _NUMBER.sub("", text)))
    if strange > _STRANGE or len(text) > _LONGEST:
        return
    for found in _NUMBER.finditer(text):
        for start, end in _split(found):
            part = run.cut(start, end)
            yield _Number(part.folded, part, is_piece=len(part.glyphs) == len(run.glyphs))


def _split(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a row of digits: a date without letters has four, two and two."""
    start, end = found.span()
    known = _OF_A_DATE if _YEAR.match(found[0]) else _OF_A_DAY
    for cut in (*known.get(end - start, ()), end - start):
        yield start, found.start() + cut
        start = found.start() + cut


def _from(year: _Number, numbers: Sequence[_Number]) -> Dated | None:
    """Return the date of a year and the two numbers after it, unless a third follows."""
    line = list(_line(year, numbers))
    if len(line) != 3:
        return None
    texts = (line[0].text, line[1].text, line[2].text)
    day = days.day("{}年{}月{}日".format(*texts))
    if day is None or texts[0].isdigit() is not texts[1].isdigit():
        return None
    whole = all(number.is_piece for number in line)
    return Dated(day, Claim(tuple(number.run for number in line)), texts, is_apart=whole)


def _line(year: _Number, numbers: Sequence[_Number]) -> Iterator[_Number]:
    """Yield a year and what follows it closely on its line."""
    height, edge = year.run.height, year.run.box.right
    yield year
    after = [
        number
        for number in numbers
        if abs(number.run.middle - year.run.middle) < _LEVEL * max(height, number.run.height)
        and number.run.box.left > year.run.box.left + height
    ]
    for number in sorted(after, key=lambda number: number.run.box.left):
        if number.run.box.left - edge > _GAP * height:
            return
        edge = number.run.box.right
        yield number
