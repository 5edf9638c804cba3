"""Cells of a workbook: typed, formatted, and never a formula that a paper wrote."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from pipeline.export.rows import plain
from pipeline.export.text import clean
from schemas.fields import Field, FieldState

MONEY: Final = "#,##0.00;[Red]-#,##0.00;0.00"
DASH: Final = '#,##0.00;[Red]-#,##0.00;"—"'
"""For what is printed as a dash: the cell is 0, so that sums work, and shows the dash."""

_HEAD: Final = PatternFill("solid", fgColor="DDE6F0")
_DOUBT: Final = PatternFill("solid", fgColor="FFE9A8")
_DIFFERS: Final = PatternFill("solid", fgColor="D9EAD3")
_FORMULA: Final = ("=", "+", "-", "@")
_LONGEST: Final = 32_000
_DIGITS: Final = 15
"""A spreadsheet keeps no more of a number; what has more is written as text."""


class Pen:
    """Writes on one sheet."""

    def __init__(self, sheet: Any) -> None:
        """Take the sheet."""
        self.sheet = sheet

    def text(self, row: int, column: int, value: str | None, *, bold: bool = False) -> Any:
        """Write text as text, whatever it begins with."""
        cell = self.sheet.cell(row, column)
        if value:
            cell.value = clean(value)[:_LONGEST]
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(_FORMULA)
        if bold:
            cell.font = Font(bold=True)
        return cell

    def number(self, row: int, column: int, value: Decimal | int, style: str = MONEY) -> Any:
        """Write a number, as text where a spreadsheet would round it."""
        if not fits(value):
            return self.text(row, column, format(value, "f"))
        cell = self.sheet.cell(row, column, value)
        cell.number_format = style
        return cell

    def formula(self, row: int, column: int, text: str, style: str = MONEY) -> Any:
        """Write a formula of our own making."""
        cell = self.sheet.cell(row, column, f"={text}")
        cell.number_format = style
        return cell

    def day(self, row: int, column: int, value: date) -> Any:
        """Write a date."""
        cell = self.sheet.cell(row, column, value)
        cell.number_format = "yyyy-mm-dd"
        return cell

    def value(self, row: int, column: int, value: object) -> Any:
        """Write a value as what it is: an amount, a date, or text."""
        match value:
            case Decimal():
                return self.number(row, column, value)
            case date():
                return self.day(row, column, value)
            case _:
                return self.text(row, column, plain(value))

    def head(self, row: int, labels: Iterable[str]) -> None:
        """Write a row of headings."""
        for column, label in enumerate(labels, start=1):
            cell = self.text(row, column, label, bold=True)
            cell.fill = _HEAD
            cell.alignment = Alignment(horizontal="center" if column > 1 else "left")

    def widths(self, *widths: int) -> None:
        """Set the widths of the first columns."""
        for column, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width


def fits(value: Decimal | int) -> bool:
    """Return whether a spreadsheet keeps a number exactly.

    >>> fits(Decimal("1234567890123.45")), fits(Decimal("12345678901234.56"))
    (True, False)
    """
    return len(Decimal(value).normalize().as_tuple().digits) <= _DIGITS


def shade(cell: Any, *remarks: str, doubtful: bool) -> None:
    """Colour a cell: yellow for what nobody stands behind, green for what is only remarkable."""
    cell.fill = _DOUBT if doubtful else _DIFFERS
    told = "\n".join(remark for remark in remarks if remark)
    if told:
        cell.comment = Comment(clean(told), "zishen", width=320, height=90)


def doubt(fields: Sequence[Field[Any]]) -> str:
    """Say where a value stands and why it is not accepted; nothing where it is."""
    return "\n".join(_doubt(field) for field in fields if not field.accepted)


def _doubt(field: Field[Any]) -> str:
    place = f"第{field.provenance.page}页 " if field.provenance else ""
    if field.state is FieldState.UNREADABLE:
        return f"{place}未读出，请查看影像。"
    sure = "" if field.confidence is None else f"，识别置信度{field.confidence:.2f}"
    return f"{place}未采信：原文“{field.raw or ''}”{sure}，未被勾稽关系证明。"
