"""Web pages that a bank or a tax bureau exports under the name of a workbook, as one grid.

Excel opens such a file like any other, so that nobody knows that it is none. Tables are read row
by row, text outside of them as rows of its own; nothing is fetched and no script is run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from extractors.grids import Grid
from extractors.intake import Limits
from schemas.errors import TooLargeError

_UNSEEN: Final = frozenset({"script", "style", "title", "xml"})
_CELLS: Final = frozenset({"td", "th"})
_BLOCKS: Final = frozenset({"p", "div", "h1", "h2", "h3", "h4", "center", "caption", "li"})
_WIDEST: Final = 16_384
_LONGEST: Final = 10_000


@dataclass
class _Cell:
    texts: list[str] = field(default_factory=list)
    across: int = 1
    down: int = 1

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


@dataclass
class _Table:
    """A table that is open: its present row, and how far cells reach down, by column."""

    row: list[_Cell] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)


def grid(text: str, limits: Limits) -> Grid:
    """Return the text of a web page by row and column.

    Raises:
        TooLargeError: it has more cells than the limits allow.

    >>> grid("<h1>利润表</h1><table><tr><td colspan=2>项目<td>金额</table>", Limits())
    {(0, 0): '利润表', (1, 0): '项目', (1, 2): '金额'}
    """
    reader = _Reader(limits)
    reader.feed(text)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.found: Grid = {}
        self._limits = limits
        self._rows = 0
        self._unseen = 0
        self._tables: list[_Table] = []
        self._free = _Cell()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._end_text()
            self._tables.append(_Table())
        elif tag == "tr":
            self._end_row()
        elif tag in _CELLS and self._tables:
            told = dict(attrs)
            across, down = (_number(told.get(name)) for name in ("colspan", "rowspan"))
            cell = _Cell(across=min(across, _WIDEST), down=min(down, _LONGEST))
            self._tables[-1].row.append(cell)
        elif tag in _BLOCKS:
            self._end_text()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "tr":
            self._end_row()
        elif tag == "table" and self._tables:
            self._end_row()
            self._tables.pop()
        elif tag in _BLOCKS:
            self._end_text()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            row = self._tables[-1].row if self._tables else []
            (row[-1] if row else self._free).texts.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()
        self._end_text()

    def _end_text(self) -> None:
        """Put text outside of any cell into a row of its own."""
        if self._tables and self._tables[-1].row:
            return
        if self._free.text:
            self._put(0, self._free.text)
            self._rows += 1
        self._free = _Cell()

    def _end_row(self) -> None:
        if not self._tables or not self._tables[-1].row:
            return
        table = self._tables[-1]
        for column, cell in _placed(table):
            self._put(column, cell.text)
        table.row = []
        self._rows += 1

    def _put(self, column: int, text: str) -> None:
        if text and column < _WIDEST:
            self.found[self._rows, column] = text
        if len(self.found) > self._limits.max_sheet_cells:
            limit = self._limits.max_sheet_cells
            raise TooLargeError("cells", len(self.found), limit=limit)


def _placed(table: _Table) -> Iterator[tuple[int, _Cell]]:
    """Yield the cells of a row with their columns, past the cells that reach down into it."""
    above = {column: left for column, left in table.taken.items() if left > 0}
    table.taken = {column: left - 1 for column, left in above.items()}
    column = 0
    for cell in table.row:
        while column in above:
            column += 1
        yield column, cell
        if cell.down > 1:
            reached = range(column, column + cell.across)
            table.taken |= dict.fromkeys(reached, cell.down - 1)
        column += cell.across


def _number(text: str | None) -> int:
    """Return how many rows or columns a cell covers; one where that is not well said."""
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 6 else 1
