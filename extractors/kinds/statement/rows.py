"""Rows of one table: a label, notes beside it, and what stands in every column.

A label may run over several lines, with the amounts beside any of them, and over a page break.
Lines are joined where the labels together make one that is known, or where a bracket that one
opens is closed by the next.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.kinds.statement.grid import Range, Role, is_number, place_of
from extractors.kinds.statement.ink import Ink
from extractors.labels import Vocabulary, clean
from extractors.tables.lines import Line, Piece, is_strong
from schemas.text import PageSource

_NOTE = re.compile(
    r"^[（(]?[一二三四五六七八九十]+[)）]?[、.．（(]+[\d一二三四五六七八九十、.．（()）]*$"
    r"|^[（(]?\d{1,3}[)）]?(?:[、,，.]\d{1,3}|[（(]\d{1,2}[)）])*$|^附?注释?[\d一二三四五六七八九十、.（()）]+$"
)
_TRAILING_NOTE = re.compile(
    r"[（(]?[一二三四五六七八九十]+[)）]?[、.．][（(]?\d{1,3}[)）]?$|\d{1,3}(?:[（(]\d{1,2}[)）])?$"
)
_FURNITURE = re.compile(
    r"^第?\d{1,4}页?(?:[/共]+\d{1,4}页?)?$|^[-—]\d{1,4}[-—]$|^\d{1,4}/\d{1,4}$|^(?:19|20)\d\d年?年度报告"
    r"|.*(?:年度报告|季度报告|报告全文|审计报告|财务报表附注|半年度报告)(?:全文|正文|摘要)?\d*$"
    r"|.{4,30}(?:有限公司|有限责任公司)$|.*(?:金额)?单位[:：均].*"
    r"|(?:(?:RMB|HK\$|US\$|CNY|人民[币幣]|港)?['’]?(?:000|[Mm]illion|[百千万萬亿億]*[元圆圓]))+$"
)
_ASIDE = re.compile(r"[-(（]?[\d,.]+[)）]?[%％]|[¥￥$]|RMB")
_MOST_JOINED = 4
_LINE_GAP = 1.3


@dataclass(frozen=True, slots=True)
class Second:
    """What a second look at a cell gave: a reading, ink beside the first one, a seal over it."""

    piece: Piece | None = None
    ink: Ink = field(default_factory=Ink)
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as printed, before its label is understood.

    Of a label that a page break cuts, `labels` are the pieces on the page of the amounts.
    `amounts` are the amount columns of that page; `cells` has the pieces of each by its place,
    and `again` what a second look at the place gave. `certain` is False where it had to be
    guessed which label the amounts belong to.
    """

    line: Line
    label: str
    labels: tuple[Piece, ...]
    amounts: tuple[Range, ...]
    cells: dict[int, tuple[Piece, ...]] = field(default_factory=dict)
    again: dict[int, Second] = field(default_factory=dict)
    note: str | None = None
    line_no: str | None = None
    certain: bool = True
    bottom: float = 0.0

    @property
    def height(self) -> float:
        """The height of its letters."""
        pieces = self.labels or tuple(piece for cell in self.cells.values() for piece in cell)
        words = [word.box.height for piece in pieces for word in piece.words]
        return min(words, default=0.0) or max(self.line.bottom - self.line.top, 1.0)


def raw_row(line: Line, columns: Sequence[Range]) -> RawRow | None:
    """Return what a line says, None when nothing in it belongs to a table."""
    amounts = [column for column in columns if column.role is Role.AMOUNT]
    cells: dict[int, list[Piece]] = {}
    before: list[Piece] = []
    for piece in line.pieces:
        place = place_of(amounts, piece)
        inside = bool(before or cells) and not _is_label(piece, amounts)
        if place is not None and (inside or is_number(piece)):
            cells.setdefault(place, []).append(piece)
        else:
            before.append(piece)
    stray = [piece for piece in before if is_strong(piece.text)]
    before = [
        piece
        for place, piece in enumerate(before)
        if piece not in stray and not (place and _is_aside(piece, line, amounts))
    ]
    labels = [
        piece
        for place, piece in enumerate(before)
        if not _is_beside_label(piece, columns, is_first=place == 0)
    ]
    beside = [p for p in before if p not in labels]
    if not labels and not cells:
        return None
    numbers = {role: _joined(beside, columns, role) for role in (Role.NOTE, Role.LINE_NO)}
    return RawRow(
        line=line,
        label="".join(piece.text for piece in labels).strip(),
        labels=tuple(labels),
        amounts=tuple(amounts),
        cells={place: tuple(found) for place, found in cells.items()},
        note=numbers[Role.NOTE],
        line_no=numbers[Role.LINE_NO],
        certain=not stray,
        bottom=line.bottom,
    )


def _is_aside(piece: Piece, line: Line, amounts: Sequence[Range]) -> bool:
    """Return whether a piece behind the first is neither of the label nor of the amounts.

    Shares, remarks right of the amounts, the sign of a currency before them.
    """
    text = "".join(piece.text.split())
    if _ASIDE.fullmatch(text) or _is_speck(piece, line):
        return True
    return bool(amounts) and piece.box.left > max(column.right for column in amounts)


def _is_speck(piece: Piece, line: Line) -> bool:
    """Return whether a piece is a lone letter of a picture: of a seal, as a rule."""
    recognised = line.page.source is PageSource.OCR
    return recognised and len(piece.text.strip()) == 1 and not is_number(piece)


def _is_label(piece: Piece, amounts: Sequence[Range]) -> bool:
    """Return whether a text that reaches into the amounts begins left of them all."""
    return not amounts or piece.box.left < amounts[0].left - 5


def _is_beside_label(piece: Piece, columns: Sequence[Range], *, is_first: bool) -> bool:
    """Return whether a piece is a note or a line number rather than a part of the label."""
    if _is_note(piece):
        return True
    beside = [column for column in columns if column.role is not Role.AMOUNT]
    return not is_first and len(piece.text) <= 12 and place_of(beside, piece) is not None


def _is_note(piece: Piece) -> bool:
    return _NOTE.match("".join(piece.text.split())) is not None


def _joined(beside: Sequence[Piece], columns: Sequence[Range], role: Role) -> str | None:
    """Return the note or line number: by its column, or as a note where it stands in none."""
    others = [column for column in columns if column.role is not Role.AMOUNT]
    texts = []
    for piece in beside:
        place = place_of(others, piece)
        found = others[place].role if place is not None else Role.NOTE
        if found is role:
            texts.append(piece.text.strip())
    return "".join(texts) or None


def is_furniture(line: Line) -> bool:
    """Return whether a line is a page number or the running title of a report."""
    if line.ruled or any(is_strong(piece.text) for piece in line.pieces):
        return False
    text = "".join(clean(piece.text) for piece in line.pieces)
    return not text or _FURNITURE.match(text) is not None


def joined_rows(rows: Sequence[RawRow], vocabulary: Vocabulary, statement: str) -> list[RawRow]:
    """Join the lines of labels that were broken."""
    joiner = _Joiner(vocabulary, statement)
    rows = [joiner.without_note(row) for row in rows]
    joined: list[RawRow] = []
    at = 0
    while at < len(rows):
        count = joiner.count(rows[at : at + _MOST_JOINED])
        joined.append(_together(joiner.with_parted_notes(rows[at : at + count])))
        at += count
    return joined


@dataclass(frozen=True, slots=True)
class _Joiner:
    vocabulary: Vocabulary
    statement: str

    def without_note(self, row: RawRow) -> RawRow:
        """Part a label from the number of a note that ran together with it."""
        parted = _without_note(row)
        return parted if not self._knows(row.label) and self._knows(parted.label) else row

    def with_parted_notes(self, rows: Sequence[RawRow]) -> Sequence[RawRow]:
        """Part a broken label from a note that ran together with its first line."""
        first = _without_note(rows[0])
        whole = first.label + "".join(row.label for row in rows[1:])
        return (first, *rows[1:]) if self._knows(whole) else rows

    def count(self, rows: Sequence[RawRow]) -> int:
        """Return how many rows from the first are one."""
        for count in range(len(rows), 1, -1):
            if self._is_one(rows[:count]):
                return count
        return 1

    def _is_one(self, rows: Sequence[RawRow]) -> bool:
        labels = [row.label for row in rows if row.label]
        filled = sum(bool(row.cells) for row in rows)
        if filled > 1 or not labels or not all(map(_may_join, rows, rows[1:])):
            return False
        if len(labels) == 1:
            return len(rows) == 2 and not rows[0].cells and not rows[1].label
        whole = "".join(labels)
        if self._knows(whole) or self._knows(_without_note(rows[0]).label + "".join(labels[1:])):
            return not (self._knows(labels[0]) and self._knows(labels[-1]))
        if len(rows) == 2 and _closes(*labels):
            return True
        return self._is_misread(labels, whole)

    def _is_misread(self, labels: Sequence[str], whole: str) -> bool:
        """Return whether the whole is a known label with one letter misread."""
        return bool(self.vocabulary.candidates(self.statement, whole)) and not any(
            self.vocabulary.candidates(self.statement, label) for label in labels
        )

    def _knows(self, label: str) -> bool:
        return self.vocabulary.knows(self.statement, label)


def _without_note(row: RawRow) -> RawRow:
    match = None if row.note else _TRAILING_NOTE.search(row.label)
    if match is None:
        return row
    return replace(row, label=row.label[: match.start()].strip(), note=match[0])


def _closes(first: str, second: str) -> bool:
    """Return whether the second label closes a bracket that the first leaves open."""
    one, two = clean(first), clean(second)
    return one.count("(") > one.count(")") and two.count(")") > two.count("(")


def _may_join(above: RawRow, below: RawRow) -> bool:
    """Return whether two rows can be lines of one: close to each other, or at a page break."""
    if above.line.page.number != below.line.page.number:
        return True
    if above.line.ruled and below.line.ruled:
        return True
    return below.line.top - above.bottom < _LINE_GAP * max(above.height, below.height)


def _together(rows: Sequence[RawRow]) -> RawRow:
    if len(rows) == 1:
        return rows[0]
    filled = next((row for row in rows if row.cells), rows[0])
    note = next((row.note for row in rows if row.note), None)
    number = next((row.line_no for row in rows if row.line_no), None)
    page = filled.line.page.number
    beside = [row for row in rows if row.line.page.number == page]
    return replace(
        filled,
        label="".join(row.label for row in rows),
        labels=tuple(piece for row in beside for piece in row.labels),
        note=note,
        line_no=number,
        certain=all(row.certain for row in rows) and len([row for row in rows if row.label]) > 1,
        bottom=rows[-1].bottom,
    )
