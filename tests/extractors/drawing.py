"""Draws small pages of an invented company: texts at positions, as a text layer has them."""

from collections.abc import Sequence
from decimal import Decimal

from extractors.kinds.statement import extract
from schemas.fields import Field
from schemas.geometry import Box
from schemas.statements import Statement
from schemas.text import Cell, Character, Page, PageSource, Table, Word

HEIGHT = 10.0
PITCH = 16.0

Place = tuple[float, str]
"""Where a text begins; a negative position is where it ends, as numbers are set flush right."""


def width_of(text: str) -> float:
    return sum(HEIGHT if ord(char) > 0x2E80 else HEIGHT / 2 for char in text)


def word(text: str, at: float, top: float, *, recognised: float | None = None) -> Word:
    left = at if at >= 0 else -at - width_of(text)
    characters = tuple(Character(text=char, probability=recognised or 1.0) for char in text)
    return Word(
        text=text,
        box=Box(left, top, left + width_of(text), top + HEIGHT),
        confidence=recognised,
        characters=characters if recognised else (),
    )


def page(
    lines: Sequence[Sequence[Place]],
    *,
    number: int = 1,
    recognised: float | None = None,
    falls: float = 0.0,
) -> Page:
    """Return a page without rulings; with `recognised` it is one that was read from a picture.

    `falls` is how far a line falls for each point to the right.
    """
    words = []
    for row, line in enumerate(lines):
        for at, text in line:
            drawn = word(text, at, 40 + row * PITCH, recognised=recognised)
            down = falls * drawn.box.centre[0]
            box = drawn.box._replace(top=drawn.box.top + down, bottom=drawn.box.bottom + down)
            words.append(drawn.model_copy(update={"box": box}))
    return Page(
        document="test",
        number=number,
        width=600,
        height=800,
        source=PageSource.OCR if recognised else PageSource.TEXT_LAYER,
        reader="test",
        words=tuple(words),
    )


def table(
    rows: Sequence[Sequence[str]], ends: Sequence[float], *, label_at: float = 40.0
) -> list[list[Place]]:
    """Return the lines of a table: labels flush left, the other columns flush right at `ends`."""
    lines = []
    for label, *cells in rows:
        line: list[Place] = [(label_at, label)] if label else []
        line += [(-end, cell) for end, cell in zip(ends, cells, strict=False) if cell]
        lines.append(line)
    return lines


def sheet(rows: Sequence[Sequence[str]], *, number: int = 1) -> Page:
    """Return a sheet of a workbook."""
    cells = tuple(
        Cell(
            row=row,
            column=column,
            text=text,
            box=Box(column * 100, row * 20, column * 100 + 100, row * 20 + 20),
            reference=f"Sheet1!{'ABCDEFGHIJ'[column]}{row + 1}",
        )
        for row, values in enumerate(rows)
        for column, text in enumerate(values)
        if text
    )
    columns = max(map(len, rows))
    whole = Box(0, 0, columns * 100, len(rows) * 20)
    return Page(
        document="test",
        number=number,
        width=whole.width,
        height=whole.height,
        source=PageSource.SHEET,
        reader="test",
        tables=(Table(box=whole, rows=len(rows), columns=columns, cells=cells),),
        sheet="Sheet1",
    )


HEAD: list[list[Place]] = [
    [(200, "合并资产负债表")],
    [(220, "2024年12月31日")],
    [(40, "编制单位：甲示例有限公司"), (400, "单位：元")],
]
BALANCE = [
    ["项目", "附注", "期末余额", "年初余额"],
    ["流动资产："],
    ["货币资金", "五、1", "1,234.50", "1,000.00"],
    ["应收账款", "五、2", "20.00", "—"],
    ["存货", "", "3,000.00", "(2,000.00)"],
    ["流动资产合计", "", "4,254.50", "-1,000.00"],
]
ENDS = [250.0, 350.0, 450.0]


def only(pages: Sequence[Page]) -> Statement:
    (statement,) = extract(pages)
    return statement


def field(statement: Statement, item: str, column: str) -> Field[Decimal]:
    row = next(row for row in statement.rows if row.item == item)
    return row.values[column]


def values(statement: Statement, column: str) -> dict[str, str]:
    return {
        row.item or row.label: str(found.value)
        for row in statement.rows
        if (found := row.values.get(column)) and found.value is not None
    }
