"""One form for every page: lines of pieces, whatever the page was read from.

A piece is what stands in one place of a line: a label, a number. In a ruled table or a workbook
it is a cell; elsewhere it is the words that stand close together.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.amounts import closed, parse
from extractors.tables.skew import LEVEL, Flattening, flattening
from extractors.tables.union import DisjointSet
from schemas.geometry import Box
from schemas.text import Cell, Page, PageSource, Table, Word

_STRONG = re.compile(
    r"[-(<《△▲¥￥$]*\s*\d{1,3}(?:,\d{3})+(?:\.\d+)?[)>》-]?|[-(<¥￥$]*\d+\.\d{2}[)>-]?"
)
_INNER = re.compile(
    r"(?<![\d,.（(])[-－—(（]?\d{1,3}(?:[,，]\d{3})+(?:[.．]\d{1,2})?[)）]?(?![\d,.])"
)
_TALLEST = 6
"""More rows than this under one cell are a side heading, no row that was broken."""
_WIDE = 0.9
"""Words nearer than this share of the letter height are one piece."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one place of a line.

    `box` is where it stands after the page was straightened, `origin` where on the page as it
    was read; `slot` is the horizontal range that belongs to it: its cell where there are
    rulings. `parts` are its words, one of several lines in a cell included.
    """

    text: str
    box: Box
    origin: Box
    slot: tuple[float, float]
    words: tuple[Word, ...] = ()
    reference: str | None = None

    @property
    def weakest(self) -> float | None:
        """The lowest probability of a recognised character in it."""
        found = [word.weakest for word in self.words if word.weakest is not None]
        return min(found, default=None)


@dataclass(frozen=True, slots=True)
class Line:
    """The pieces of one line, from left to right; `ruled` when it is a row of a drawn table."""

    page: Page
    pieces: tuple[Piece, ...]
    top: float
    bottom: float
    ruled: bool
    straight: Flattening = LEVEL

    @property
    def text(self) -> str:
        """The pieces, parted by tabulators."""
        return "\t".join(piece.text for piece in self.pieces)

    @property
    def middle(self) -> float:
        """The height at which it stands on the page."""
        return (self.top + self.bottom) / 2


def is_strong(text: str) -> bool:
    """Return whether a text can be nothing but an amount, because of its separators."""
    return _STRONG.fullmatch(closed(text.replace("，", ",")).strip()) is not None


def lines_of(page: Page) -> tuple[Line, ...]:
    """Return the lines of a page from top to bottom, rows of tables among them."""
    used = {id(word) for table in page.tables for cell in table.cells for word in cell.words}
    free = [word for word in page.words if id(word) not in used]
    lines = [line for table in page.tables for line in _table_lines(page, table)]
    lines += _free_lines(page, free)
    return tuple(sorted(lines, key=lambda line: line.middle))


def _table_lines(page: Page, table: Table) -> Iterator[Line]:
    """Yield the rows of a table.

    Shading and underlines draw lines between the lines of one row; the cells that go across
    them tell what is one row.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    for group in _tall_rows(table):
        bands = [rows[row] for row in group if row in rows]
        merged = _merged(bands) if len(bands) > 1 else None
        if merged:
            yield _table_line(page, [cell for band in bands for cell in band], merged)
            continue
        for band in bands:
            pieces = [p for cell in band if cell.text.strip() for p in _cell_pieces(cell)]
            if pieces:
                yield _table_line(page, band, pieces)


def _tall_rows(table: Table) -> list[list[int]]:
    """Return the rows of the grid, those that a cell spans together."""
    sets = DisjointSet(table.rows)
    for cell in table.cells:
        if 1 < cell.row_span <= _TALLEST:
            for row in range(cell.row + 1, cell.row + cell.row_span):
                sets.union(row, cell.row)
    groups: dict[int, list[int]] = {}
    for row in range(table.rows):
        groups.setdefault(sets.find(row), []).append(row)
    return list(groups.values())


def _merged(bands: Sequence[Sequence[Cell]]) -> list[Piece] | None:
    """Return the pieces of rows that are one, None when a column has two numbers in them."""
    merged: list[Piece] = []
    for band in bands:
        for piece in (p for cell in band if cell.text.strip() for p in _cell_pieces(cell)):
            place = next((n for n, m in enumerate(merged) if m.slot == piece.slot), None)
            if place is None:
                merged.append(piece)
            elif parse(merged[place].text) is not None or parse(piece.text) is not None:
                return None
            else:
                merged[place] = _one(merged[place], piece)
    return merged or None


def _one(above: Piece, below: Piece) -> Piece:
    return Piece(
        text=above.text + below.text,
        box=above.box | below.box,
        origin=above.origin | below.origin,
        slot=above.slot,
        words=above.words + below.words,
        reference=above.reference,
    )


def _table_line(page: Page, cells: Sequence[Cell], pieces: Sequence[Piece]) -> Line:
    return Line(
        page=page,
        pieces=tuple(sorted(pieces, key=lambda piece: piece.box.left)),
        top=min(cell.box.top for cell in cells),
        bottom=max(cell.box.bottom for cell in cells),
        ruled=True,
    )


def _cell_pieces(cell: Cell) -> Iterator[Piece]:
    """Yield what stands in a cell: one piece, or more where columns have no line between them."""
    slot = (cell.box.left, cell.box.right)
    if not cell.words:
        yield Piece(cell.text, cell.box, cell.box, slot, reference=cell.reference)
        return
    rows = _rows(cell.words, [word.box for word in cell.words])
    groups = [group for row in rows for group in _grouped(row)]
    if len(rows) > 1 and not any(len(_grouped(row)) > 1 for row in rows):
        groups = [[pair for row in rows for pair in row]]
    for group in groups:
        piece = _piece(group)
        own = slot if len(groups) == 1 else piece.slot
        yield Piece(piece.text, piece.box, piece.origin, own, piece.words, cell.reference)


def _free_lines(page: Page, words: Sequence[Word]) -> Iterator[Line]:
    """Yield the lines of words that stand in no table."""
    parts = [part for word in words for part in _parts(word)]
    boxes = [part.box for part in parts]
    straight = flattening(boxes) if page.source is PageSource.OCR else LEVEL
    for row in _rows(parts, [straight.box(box) for box in boxes]):
        pieces = tuple(_piece(group) for group in _grouped(row))
        yield Line(
            page=page,
            pieces=pieces,
            top=min(piece.box.top for piece in pieces),
            bottom=max(piece.box.bottom for piece in pieces),
            ruled=False,
            straight=straight,
        )


_Placed = tuple[Word, Box]


def _rows(words: Sequence[Word], boxes: Sequence[Box]) -> list[list[_Placed]]:
    """Return words with their straightened boxes, line by line.

    Single letters come last: specks and the letters of a seal would pull lines together.
    """
    placed = sorted(zip(words, boxes, strict=True), key=lambda pair: pair[1].centre[1])
    rows: list[list[_Placed]] = []
    for pair in (pair for pair in placed if len(pair[0].text) > 1):
        if rows and _is_beside(rows[-1], pair[1]):
            rows[-1].append(pair)
        else:
            rows.append([pair])
    for pair in (pair for pair in placed if len(pair[0].text) <= 1):
        beside = [row for row in rows if _is_beside(row, pair[1])]
        if beside:
            min(beside, key=lambda row: _distance(row, pair[1])).append(pair)
        else:
            rows.append([pair])
    rows.sort(key=_middle)
    return [sorted(row, key=lambda pair: pair[1].left) for row in rows]


def _middle(row: list[_Placed]) -> float:
    return sum(placed.centre[1] for _, placed in row) / len(row)


def _distance(row: list[_Placed], box: Box) -> float:
    return abs(box.centre[1] - _middle(row))


def _is_beside(row: list[_Placed], box: Box) -> bool:
    height = median(placed.height for _, placed in row)
    return _distance(row, box) < 0.5 * max(min(height, box.height), 0.6 * height)


def _grouped(row: list[_Placed]) -> list[list[_Placed]]:
    """Part a line where the gaps are wide, and around every number."""
    groups: list[list[_Placed]] = []
    for pair in row:
        if groups and _is_joined(groups[-1][-1], pair):
            groups[-1].append(pair)
        else:
            groups.append([pair])
    return groups


def _is_joined(before: _Placed, after: _Placed) -> bool:
    (left, left_box), (right, right_box) = before, after
    height = min(left_box.height, right_box.height)
    gap = right_box.left - left_box.right
    if any(is_strong(word.text) or _is_dash(word.text) for word in (left, right)):
        return gap < 0.1 * height and not (is_strong(left.text) and is_strong(right.text))
    return gap < _WIDE * height


def _is_dash(text: str) -> bool:
    amount = parse(text)
    return amount is not None and amount.is_blank


def _piece(group: list[_Placed]) -> Piece:
    box, origin = group[0][1], group[0][0].box
    for word, placed in group[1:]:
        box, origin = box | placed, origin | word.box
    words = tuple(word for word, _ in group)
    return Piece(
        text=functools.reduce(_spaced, (word.text for word in words)),
        box=box,
        origin=origin,
        slot=(box.left, box.right),
        words=words,
    )


def _spaced(text: str, word: str) -> str:
    """Return a text with one more word; between Latin words there is a space."""
    ends = text[-1:] + word[:1]
    return f"{text} {word}" if ends.isascii() and ends.isalpha() else text + word


def _parts(word: Word) -> Iterable[Word]:
    """Part a recognised line in which a label and a number, or two numbers, ran together."""
    matches = list(_INNER.finditer(word.text))
    if not matches or (len(matches) == 1 and not _around(word.text, matches[0])):
        return (word,)
    cuts = sorted({0, len(word.text)} | {edge for match in matches for edge in match.span()})
    spans = [(a, b) for a, b in pairwise(cuts) if word.text[a:b].strip()]
    return tuple(_part(word, start, end) for start, end in spans)


def _around(text: str, match: re.Match[str]) -> str:
    return (text[: match.start()] + text[match.end() :]).strip()


def _part(word: Word, start: int, end: int) -> Word:
    widths = [2.0 if ord(char) > 0x2E80 else 1.0 for char in word.text]
    unit = word.box.width / sum(widths)
    left = word.box.left + unit * sum(widths[:start])
    right = left + unit * sum(widths[start:end])
    whole = len(word.characters) == len(word.text)
    return Word(
        text=word.text[start:end].strip(),
        box=Box(left, word.box.top, right, word.box.bottom),
        confidence=word.confidence,
        characters=word.characters[start:end] if whole else word.characters,
    )
