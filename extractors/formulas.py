"""What the formulas of a workbook come to, beside what the workbook says that they do.

A workbook keeps the last result of every formula. One that was written by a program has none,
and one that was written over has another: such a result would not outlive the next look at the
file. Sums are worked out here, exactly; formulas with anything else in them are left alone.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter

Grid = dict[tuple[int, int], str]
"""Row and column, counted from 0, to text."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>(?:SUM|ROUND)(?=\())"
    r"|(?:(?:'(?P<quoted>[^']+)'|(?P<sheet>[\w\u4e00-\u9fff]+))!)?\$?(?P<column>[A-Z]{1,3})\$?"
    r"(?P<row>\d{1,7})(?::\$?(?P<column2>[A-Z]{1,3})\$?(?P<row2>\d{1,7}))?"
    r"|(?P<sign>[-+(),]))"
)
_HALF_CENT = Decimal("0.005")
_MOST_CELLS = 100_000
_DEEPEST = 40


class _NotASumError(Exception):
    """A formula has something in it that is not worked out here."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A formula whose result is missing (`said` empty) or another than the workbook says."""

    cell: str
    said: str
    computed: Decimal


def formulas_of(data: bytes) -> Mapping[str, Grid]:
    """Return the formulas of an XLSX file by sheet, none where it has none or is not whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            if not any(b"<f" in archive.read(part) for part in parts if part.endswith(".xml")):
                return {}
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, TypeError):
        return {}
    found: dict[str, Grid] = {}
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    place = (cell.row - 1, cell.column - 1)
                    found.setdefault(sheet.title, {})[place] = cell.value
    book.close()
    return found


@dataclass
class Calculator:
    """Works out the formulas of a workbook from the grids of its sheets."""

    grids: Mapping[str, Grid]
    formulas: Mapping[str, Grid]

    def faults(self) -> Iterator[Fault]:
        """Yield the formulas whose kept result is missing or is not what they come to."""
        for sheet, formulas in self.formulas.items():
            for (row, column), formula in formulas.items():
                said = self.grids.get(sheet, {}).get((row, column), "")
                computed = self.worth(sheet, formula)
                if computed is not None and not _is_same(said, computed):
                    address = f"{sheet}!{get_column_letter(column + 1)}{row + 1}"
                    yield Fault(address, said, computed)

    def worth(self, sheet: str, formula: str) -> Decimal | None:
        """Return what a formula comes to, None where it is more than a sum.

        >>> grid = {(0, 0): "1.10", (1, 0): "2.20"}
        >>> Calculator({"S": grid}, {}).worth("S", "=ROUND(SUM(A1:A2)-A1,2)")
        Decimal('2.20')
        """
        return self._worth(sheet, formula, _DEEPEST)

    def _worth(self, sheet: str, formula: str, depth: int) -> Decimal | None:
        try:
            return _Reader(self, sheet, formula, depth).whole()
        except _NotASumError:
            return None

    def amount(self, sheet: str, row: int, column: int, depth: int) -> Decimal:
        """Return what a cell says, or else what its formula comes to; empty and text are 0."""
        text = self.grids.get(sheet, {}).get((row, column), "")
        formula = self.formulas.get(sheet, {}).get((row, column))
        if not text and formula:
            if depth <= 0:
                raise _NotASumError
            found = self._worth(sheet, formula, depth - 1)
            if found is None:
                raise _NotASumError
            return found
        return _number(text) or Decimal(0)


class _Reader:
    """Reads one formula from left to right."""

    def __init__(self, book: Calculator, sheet: str, formula: str, depth: int) -> None:
        self._book = book
        self._sheet = sheet
        self._depth = depth
        self._ahead = list(_tokens(formula.removeprefix("=")))[::-1]

    def whole(self) -> Decimal:
        value = self._sum()
        if self._ahead:
            raise _NotASumError
        return value

    def _sum(self) -> Decimal:
        value = self._term()
        while self._next_is("+", "-"):
            sign = self._ahead.pop()["sign"]
            value = value + self._term() if sign == "+" else value - self._term()
        return value

    def _term(self) -> Decimal:
        if not self._ahead:
            raise _NotASumError
        token = self._ahead.pop()
        if token["number"]:
            return Decimal(token["number"])
        if token["name"]:
            return self._call(token["name"])
        if token["column"] and not token["column2"]:
            return sum(self._cells(token), Decimal(0))
        return self._signed(token["sign"])

    def _signed(self, sign: str | None) -> Decimal:
        if sign == "-":
            return -self._term()
        if sign == "+":
            return self._term()
        if sign != "(":
            raise _NotASumError
        value = self._sum()
        self._expect(")")
        return value

    def _call(self, name: str) -> Decimal:
        self._expect("(")
        values = [self._argument()]
        while self._next_is(","):
            self._ahead.pop()
            values.append(self._argument())
        self._expect(")")
        if name == "SUM":
            return sum(values, Decimal(0))
        if len(values) != 2 or not 0 <= values[1] <= 4:
            raise _NotASumError
        return values[0].quantize(Decimal(1).scaleb(-int(values[1])))

    def _argument(self) -> Decimal:
        if self._ahead and self._ahead[-1]["column2"]:
            return sum(self._cells(self._ahead.pop()), Decimal(0))
        return self._sum()

    def _cells(self, token: dict[str, str | None]) -> Iterator[Decimal]:
        sheet = token["quoted"] or token["sheet"] or self._sheet
        left, top = _place(token["column"], token["row"])
        right, bottom = _place(token["column2"] or token["column"], token["row2"] or token["row"])
        if (right - left + 1) * (bottom - top + 1) > _MOST_CELLS:
            raise _NotASumError
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield self._book.amount(sheet, row, column, self._depth)

    def _next_is(self, *signs: str) -> bool:
        return bool(self._ahead) and self._ahead[-1]["sign"] in signs

    def _expect(self, sign: str) -> None:
        if not self._next_is(sign):
            raise _NotASumError
        self._ahead.pop()


def _tokens(formula: str) -> Iterator[dict[str, str | None]]:
    at = 0
    text = formula.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _NotASumError
        yield match.groupdict()
        at = match.end()


def _place(column: str | None, row: str | None) -> tuple[int, int]:
    return column_index_from_string(column or "A") - 1, int(row or "1") - 1


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_same(said: str, computed: Decimal) -> bool:
    """Return whether a kept result is the computed one; text is the form's own affair."""
    if not said:
        return computed == 0
    number = _number(said)
    return number is None or abs(number - computed) < _HALF_CENT
