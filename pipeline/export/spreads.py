"""The sheets of the spreads: a statement's periods side by side, its totals as formulas."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from openpyxl.utils import get_column_letter

from pipeline.export.cells import DASH, MONEY, Pen, doubt, fits, shade
from pipeline.export.words import word
from schemas.fields import FieldState
from schemas.statements import StatementKind
from schemas.taxonomy import load
from validators.addition import Terms
from validators.papers import money
from validators.spreads import Accounts, Cell, Mark, Period, Spread

HEAD_ROW: Final = 4
_FIRST_COLUMN: Final = 3

Place = tuple[StatementKind, str, Period]


@dataclass
class Places:
    """Where the figures of one entity stand in the workbook, for formulas of other sheets."""

    found: dict[Place, str] = field(default_factory=dict)

    def address(self, place: Place) -> str | None:
        """Return a reference with the name of the sheet; None for what is not there as a number."""
        return self.found.get(place)


@dataclass(frozen=True)
class _Sheet:
    pen: Pen
    spread: Spread
    rows: dict[str, int]
    columns: dict[Period, str]


def write_spreads(accounts: Accounts, new_sheet: Callable[[str], Any]) -> Places:
    """Write a sheet for each statement of an entity and return where its figures are."""
    places = Places()
    for kind, spread in accounts.spreads.items():
        sheet = new_sheet(f"{word(accounts.scope.value)}{word(kind.value)}")
        _write(_laid_out(Pen(sheet), spread), accounts, places)
    return places


def _laid_out(pen: Pen, spread: Spread) -> _Sheet:
    rows = {line.item: HEAD_ROW + n for n, line in enumerate(spread.lines, start=1)}
    letters = map(get_column_letter, range(_FIRST_COLUMN, _FIRST_COLUMN + len(spread.periods)))
    return _Sheet(pen, spread, rows, dict(zip(spread.periods, letters, strict=True)))


def _write(sheet: _Sheet, accounts: Accounts, places: Places) -> None:
    pen, spread = sheet.pen, sheet.spread
    pen.text(1, 1, f"{word(accounts.scope.value)}{word(spread.kind.value)}", bold=True)
    pen.text(2, 1, f"{accounts.entity or '编制单位未读出'}　币种 {accounts.currency}　单位：元")
    pen.text(3, 1, "黄色：未采信，见批注　绿色：与另一份报表不同，见批注　合计为公式")
    pen.head(HEAD_ROW, ["项目", "代码", *(_heading(period) for period in spread.periods)])
    totals = {item.id for item in load("cas").items if item.kind == "total"}
    for line in spread.lines:
        pen.text(sheet.rows[line.item], 1, line.label, bold=line.item in totals)
        pen.text(sheet.rows[line.item], 2, line.item)
        for period in spread.periods:
            cell = spread.cell(line.item, period)
            if cell is not None and _write_cell(sheet, cell, line.item, period):
                title = pen.sheet.title.replace("'", "''")
                address = f"'{title}'!{sheet.columns[period]}{sheet.rows[line.item]}"
                places.found[spread.kind, line.item, period] = address
    pen.widths(42, 30, *(20 for _ in spread.periods))
    pen.sheet.freeze_panes = pen.sheet.cell(HEAD_ROW + 1, _FIRST_COLUMN)


def _heading(period: Period) -> str:
    return period.label if period.date else word(period.label)


def _write_cell(sheet: _Sheet, cell: Cell, item: str, period: Period) -> bool:
    """Write a figure and return whether formulas can use it."""
    row = sheet.rows[item]
    column = _FIRST_COLUMN + list(sheet.columns).index(period)
    terms = sheet.spread.terms(item, period)
    if cell.value is None:
        written = sheet.pen.text(row, column, "？" if cell.fields else None)
    elif terms is not None and fits(cell.value) and _all_fit(sheet.spread, terms, period):
        written = sheet.pen.formula(row, column, _sum(sheet, terms, period))
    else:
        written = sheet.pen.number(row, column, cell.value, _style(cell))
    remarks = list(_remarks(sheet.spread, cell, item, period))
    if remarks or not cell.accepted:
        shade(written, doubt(cell.fields), *remarks, doubtful=_is_doubtful(cell))
    return cell.value is not None and fits(cell.value)


def _style(cell: Cell) -> str:
    return DASH if all(field.state is FieldState.BLANK for field in cell.fields) else MONEY


def _is_doubtful(cell: Cell) -> bool:
    return not cell.accepted or cell.mark is Mark.CONFLICT


def _all_fit(spread: Spread, terms: Terms, period: Period) -> bool:
    values = spread.amounts[period]
    return all(fits(value) for item, _ in terms if (value := values[item]) is not None)


def _sum(sheet: _Sheet, terms: Terms, period: Period) -> str:
    """Return the sum of rows, neighbours of one sign as a range.

    A row between two terms that is no term (其中) breaks the range.
    """
    signed = sorted((sheet.rows[item], sign) for item, sign in terms)
    letter = sheet.columns[period]
    parts = []
    for (sign, _), group in groupby(
        enumerate(signed), key=lambda pair: (pair[1][1], pair[1][0] - pair[0])
    ):
        rows = [row for _, (row, _) in group]
        first, last = f"{letter}{rows[0]}", f"{letter}{rows[-1]}"
        block = first if len(rows) == 1 else f"SUM({first}:{last})"
        parts.append(("+" if sign > 0 else "-") + block)
    return "".join(parts).removeprefix("+")


def _remarks(spread: Spread, cell: Cell, item: str, period: Period) -> Iterator[str]:
    if any(field.repaired for field in cell.fields):
        yield "经勾稽关系修正：原读“{}”。".format("、".join(f.raw or "" for f in cell.fields))
    for other in cell.others:
        said = "重述前" if cell.mark is Mark.RESTATED else "另一份报表"
        day = other.source.reported.isoformat() if other.source.reported else "日期不明"
        value = "未读出" if other.value is None else money(other.value)
        yield f"{said}（{day}）：{value}"
    gaps = [found.difference for found in spread.sums[period] if found.total == item]
    if gaps and all(gaps):
        yield f"合计与各行之和相差 {money(min(gaps, key=abs))}。"
