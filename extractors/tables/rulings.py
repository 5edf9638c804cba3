"""Ruled tables: from straight lines on a page to a grid of cells with the words in them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extractors.tables.union import DisjointSet
from schemas.geometry import Box
from schemas.text import Cell, Table, Word

_THIN = 2.5
_SHORTEST = 6.0
_NEAR = 3.0
"""Lines nearer than this are one line drawn twice."""
_COVERED = 0.6
"""The share of an edge that has to be drawn for it to part two cells."""


class Ruling(NamedTuple):
    """A straight line on a page, as the thin box that it covers, in points."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_horizontal(self) -> bool:
        """Whether it runs across the page and is long enough to part cells."""
        return self.bottom - self.top < _THIN and self.right - self.left > _SHORTEST

    @property
    def is_vertical(self) -> bool:
        """Whether it runs down the page."""
        return self.right - self.left < _THIN and self.bottom - self.top > _SHORTEST


class _Span(NamedTuple):
    """A line at a position, from start to end along the other axis."""

    at: float
    start: float
    end: float


def ruled_tables(rulings: Iterable[Ruling], words: Sequence[Word]) -> tuple[Table, ...]:
    """Return the tables that the rulings of a page draw, with the words in their cells.

    A table has at least two rows; one without lines between its columns has a single column.
    """
    across, down = [], []
    for ruling in rulings:
        if ruling.is_horizontal:
            across.append(_Span((ruling.top + ruling.bottom) / 2, ruling.left, ruling.right))
        elif ruling.is_vertical:
            down.append(_Span((ruling.left + ruling.right) / 2, ruling.top, ruling.bottom))
    groups = _connected(_joined(across), _joined(down))
    tables = [_table(horizontal, vertical, words) for horizontal, vertical in groups]
    return tuple(sorted((table for table in tables if table), key=lambda table: table.box.top))


def _joined(spans: list[_Span]) -> list[_Span]:
    """Join pieces of one line; cells are often drawn one by one."""
    joined: list[_Span] = []
    for span in sorted(spans):
        index = _continued_by(joined, span)
        if index is None:
            joined.append(span)
        else:
            other = joined[index]
            joined[index] = _Span(other.at, min(other.start, span.start), max(other.end, span.end))
    return joined


def _continued_by(joined: list[_Span], span: _Span) -> int | None:
    """Return the place of the line that a piece belongs to; the lines are in order."""
    for index in range(len(joined) - 1, -1, -1):
        other = joined[index]
        if span.at - other.at > _NEAR:
            return None
        if span.start <= other.end + _NEAR and other.start <= span.end + _NEAR:
            return index
    return None


def _connected(across: list[_Span], down: list[_Span]) -> list[tuple[list[_Span], list[_Span]]]:
    """Return the lines of each table: those that touch each other, directly or through others."""
    sets = DisjointSet(len(across) + len(down))
    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if _touches(row, column):
                sets.union(i, len(across) + j)
    groups: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for index in range(len(across) + len(down)):
        group = groups.setdefault(sets.find(index), ([], []))
        if index < len(across):
            group[0].append(across[index])
        else:
            group[1].append(down[index - len(across)])
    return list(groups.values())


def _touches(row: _Span, column: _Span) -> bool:
    return (
        row.start - _NEAR <= column.at <= row.end + _NEAR
        and column.start - _NEAR <= row.at <= column.end + _NEAR
    )


def _positions(values: Iterable[float]) -> list[float]:
    positions: list[float] = []
    for value in sorted(values):
        if not positions or value - positions[-1] > _NEAR:
            positions.append(value)
    return positions


def _table(across: list[_Span], down: list[_Span], words: Sequence[Word]) -> Table | None:
    ys = _positions(span.at for span in across)
    xs = _positions([span.at for span in down] + _open_sides(across, down))
    if len(ys) < 3 or len(xs) < 2:
        return None
    cells = _cells(xs, ys, across, down)
    inside = _placed(cells, xs, ys, words)
    return Table(
        box=Box(xs[0], ys[0], xs[-1], ys[-1]),
        rows=len(ys) - 1,
        columns=len(xs) - 1,
        cells=tuple(_filled(cell, xs, ys, inside.get(cell, [])) for cell in sorted(set(cells))),
    )


def _open_sides(across: list[_Span], down: list[_Span]) -> list[float]:
    """Return the ends of the rows where a table has no line at its left or right side."""
    if not across:
        return []
    left, right = min(span.start for span in across), max(span.end for span in across)
    sides = []
    if all(span.at > left + _NEAR for span in down):
        sides.append(left)
    if all(span.at < right - _NEAR for span in down):
        sides.append(right)
    return sides


class _Extent(NamedTuple):
    """The grid squares of a cell: first row and column, and those past its end."""

    row: int
    column: int
    row_end: int
    column_end: int


def _cells(
    xs: list[float], ys: list[float], across: list[_Span], down: list[_Span]
) -> list[_Extent]:
    """Return the cell of every grid square, row by row; squares without a line between are one."""
    columns, rows = len(xs) - 1, len(ys) - 1
    sets = DisjointSet(rows * columns)
    lines = {index: [s for s in down if abs(s.at - x) <= _NEAR] for index, x in enumerate(xs)}
    beams = {index: [s for s in across if abs(s.at - y) <= _NEAR] for index, y in enumerate(ys)}
    for row in range(rows):
        for column in range(columns):
            square = row * columns + column
            if column and not _is_drawn(lines[column], ys[row], ys[row + 1]):
                sets.union(square, square - 1)
            if row and not _is_drawn(beams[row], xs[column], xs[column + 1]):
                sets.union(square, square - columns)
    members: dict[int, list[int]] = {}
    for square in range(rows * columns):
        members.setdefault(sets.find(square), []).append(square)
    extents = {root: _extent(squares, columns) for root, squares in members.items()}
    return [extents[sets.find(square)] for square in range(rows * columns)]


def _extent(squares: list[int], columns: int) -> _Extent:
    at_rows = [square // columns for square in squares]
    at_columns = [square % columns for square in squares]
    return _Extent(min(at_rows), min(at_columns), max(at_rows) + 1, max(at_columns) + 1)


def _is_drawn(spans: list[_Span], start: float, end: float) -> bool:
    drawn = sum(max(0.0, min(span.end, end) - max(span.start, start)) for span in spans)
    return drawn >= _COVERED * (end - start)


def _placed(
    cells: list[_Extent], xs: list[float], ys: list[float], words: Sequence[Word]
) -> dict[_Extent, list[Word]]:
    inside: dict[_Extent, list[Word]] = {}
    for word in words:
        x, y = word.box.centre
        column, row = bisect_right(xs, x) - 1, bisect_right(ys, y) - 1
        if 0 <= column < len(xs) - 1 and 0 <= row < len(ys) - 1:
            inside.setdefault(cells[row * (len(xs) - 1) + column], []).append(word)
    return inside


def _filled(cell: _Extent, xs: list[float], ys: list[float], words: list[Word]) -> Cell:
    return Cell(
        row=cell.row,
        column=cell.column,
        row_span=cell.row_end - cell.row,
        column_span=cell.column_end - cell.column,
        text="".join(word.text for word in words),
        box=Box(xs[cell.column], ys[cell.row], xs[cell.column_end], ys[cell.row_end]),
        words=tuple(words),
    )
