"""The sheet of the ratios: formulas over the sheets of the spreads, so that each can be traced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from pipeline.export.cells import Pen, shade
from pipeline.export.spreads import Places
from pipeline.export.words import NOTES, REASONS, word
from schemas.expressions import Expression, Name, Number
from schemas.ratios import RatioEntry, ratio_table
from validators.figures import Figure
from validators.ratios import Note, Ratio, ratios_of
from validators.spreads import Accounts

_STYLES: Final = {None: "0.0000", "days": "0.0", "amount": "#,##0.00;[Red]-#,##0.00"}
_FIRST_COLUMN: Final = 3


class UntraceableError(Exception):
    """A figure stands nowhere as a number, so that the ratio is written as a value."""


@dataclass(frozen=True)
class _Column:
    """The ratios of one period: where they stand, and where their figures do."""

    letter: str
    rows: dict[str, int]
    ratios: dict[str, Ratio]
    places: Places

    def formula(self, ratio: Ratio) -> str:
        """Return the formula of a ratio.

        Raises:
            UntraceableError: a figure is not on the sheets.
        """
        return self._text(ratio_table().formulas[ratio.id], ratio)

    def _text(self, formula: Expression, ratio: Ratio) -> str:
        if isinstance(formula, Number):
            return format(formula.value, "f")
        if isinstance(formula, Name):
            return self._named(formula.id, ratio)
        parts = [self._text(operand, ratio) for operand in formula.operands]
        if formula.operator in {"max", "min", "abs"}:
            return f"{formula.operator.upper()}({','.join(parts)})"
        return f"({formula.operator.join(parts)})" if len(parts) > 1 else f"(-{parts[0]})"

    def _named(self, name: str, ratio: Ratio) -> str:
        other = self.ratios.get(name)
        if other is not None and other.value is not None:
            return f"{self.letter}{self.rows[name]}"
        if name in ratio_table().formulas:
            return self._text(ratio_table().formulas[name], ratio)
        (figure,) = (figure for figure in ratio.figures if figure.name == name)
        return self._figure(figure, ratio)

    def _figure(self, figure: Figure, ratio: Ratio) -> str:
        if figure.cell is None:
            return "0"
        address = self.places.address((figure.kind, figure.item, figure.period))
        if address is None:
            raise UntraceableError(figure.name)
        annualised = Note.ANNUALISED in ratio.notes and figure.is_flow
        return f"({address}*12/{ratio.months})" if annualised else address


def write_ratios(sheet: Any, accounts: Sequence[tuple[Accounts, Places]]) -> None:
    """Write the ratios of every entity and scope, one block below the other."""
    pen, row = Pen(sheet), 1
    for one, places in accounts:
        row = _write_block(pen, row, one, places) + 2
    most = max((len(one.periods) for one, _ in accounts), default=0)
    pen.widths(30, 28, *(18 for _ in range(most)))
    sheet.freeze_panes = "C1"


def _write_block(pen: Pen, top: int, accounts: Accounts, places: Places) -> int:
    """Write a block and return its last row."""
    entries = ratio_table().ratios
    found = list(ratios_of(accounts))
    pen.text(
        top, 1, f"{accounts.entity or '编制单位未读出'}　{word(accounts.scope.value)}", bold=True
    )
    days = [period.label or "日期未读出" for period in accounts.periods]
    pen.head(top + 1, ["比率", "代码", *days])
    rows = {entry.id: top + 2 + number for number, entry in enumerate(entries)}
    for entry in entries:
        pen.text(rows[entry.id], 1, entry.name)
        pen.text(rows[entry.id], 2, entry.id)
    for number, period in enumerate(accounts.periods, start=_FIRST_COLUMN):
        own = {ratio.id: ratio for ratio in found if ratio.period == period.date}
        column = _Column(get_column_letter(number), rows, own, places)
        for entry in entries:
            _write_ratio(pen, number, column, entry)
    return max(rows.values())


def _write_ratio(pen: Pen, number: int, column: _Column, entry: RatioEntry) -> None:
    ratio, row = column.ratios[entry.id], column.rows[entry.id]
    if ratio.value is None:
        cell = pen.text(row, number, REASONS[ratio.reason] if ratio.reason else None)
        cell.font = Font(italic=True, color="888888")
        return
    cell = _traced(pen, (row, number), column, ratio, _STYLES[entry.unit])
    notes = [NOTES[note].format(months=ratio.months) for note in sorted(ratio.notes)]
    if ratio.unsure:
        shade(cell, *notes, _unaccepted(ratio.figures), doubtful=True)
    elif notes:
        shade(cell, *notes, doubtful=False)


def _traced(pen: Pen, at: tuple[int, int], column: _Column, ratio: Ratio, style: str) -> Any:
    try:
        return pen.formula(*at, column.formula(ratio), style)
    except UntraceableError:
        return pen.number(*at, ratio.value or Decimal(0), style)


def _unaccepted(figures: Iterable[Figure]) -> str:
    items = dict.fromkeys(figure.item for figure in figures if not figure.accepted)
    return f"含未采信数据：{'、'.join(items)}" if items else ""
