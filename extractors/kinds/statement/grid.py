"""Amount columns: where the numbers of a statement stand below each other, and under what.

Ruled and borderless tables alike: columns are the ranges that the amounts of a page cover, named
by the words above them. A page without a heading takes over the columns of the page before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from extractors.amounts import parse
from extractors.kinds.statement.dates import printed_date
from extractors.labels import clean, simplified
from extractors.tables.lines import Line, Piece, is_strong

_NOTE = re.compile(r"^(?:附注|注释|注|附注编号|附注号|NOTES?)(?:[一二三四五六七八九十]+)?$")
_LINE_NO = re.compile(r"^(?:行次|行号|序号|LINENO\.?)$")
_LABEL = re.compile(
    r"^(?:项目|资产|负债(?:和|及|与)?.{0,20}权益(?!.*[总合]计).*|负债及权益|报表项目|会计科目|ITEMS?|ASSETS)$"
)
_AMOUNT = re.compile(
    r"(?:期末|年末|年初|期初|上年末|本期|上期|本年|上年|去年|本月|当月|本季|累计|同期|发生额|余额|金额"
    r"|合并|母公司|本公司|报告期|^(?:非?限定性|合计)$)"
)
_PART_OF_DATE = re.compile(r"^\(?\d{1,2}月(?:\d{1,2}日)?\)?$|^\(?\d{1,2}月?[-—至]\d{1,2}月\)?$")
"""The second line of a heading: 12月31日 below 2024年, （7-9月） below 本期金额."""
_UNIT = re.compile(
    r"(?:RMB|HK\$|US\$|CNY|人民币|港币)?['’]?(?:000|MILLION|[百千万亿]*[元圆]|[百千万亿]*港元)",
    re.IGNORECASE,
)
"""The second or third line of a heading in Hong Kong: RMB'000 below 2024, beside Notes."""
_OTHER = re.compile(r"增减|变动|比例|幅度|%|编制|单位|法定|负责人")
_NEAR = 90.0
_MOST_INTEGER = 999
_LONGEST_HEADING = 25


class Role(StrEnum):
    """What a column holds."""

    AMOUNT = "amount"
    NOTE = "note"
    LINE_NO = "line_no"


@dataclass(frozen=True, slots=True)
class Range:
    """A column of a page: its range, what is printed above it, and what it holds.

    `named` tells whether its heading says what it holds.
    """

    left: float
    right: float
    header: str = ""
    role: Role = Role.AMOUNT

    @property
    def centre(self) -> float:
        """The middle of it."""
        return (self.left + self.right) / 2

    def overlap(self, left: float, right: float) -> float:
        """Return the length that it shares with a range."""
        return max(0.0, min(self.right, right) - max(self.left, left))


def is_heading(line: Line) -> bool:
    """Return whether a line names columns: it has no amounts, and words of a heading."""
    if any(is_strong(piece.text) for piece in line.pieces):
        return False
    texts = [_plain(piece) for piece in line.pieces]
    named = sum(_is_named(text) or _UNIT.fullmatch(text) is not None for text in texts)
    labelled = any(_LABEL.match(text) for text in texts)
    if labelled:
        return len(texts) > 1
    return named >= 2 and all(len(text) < _LONGEST_HEADING for text in texts)


def _is_named(text: str) -> bool:
    if _NOTE.match(text) or _LINE_NO.match(text):
        return True
    if len(text) > 30 or _OTHER.search(text):
        return False
    return bool(_AMOUNT.search(text)) or _is_bare_date(text)


def _is_bare_date(text: str) -> bool:
    if _PART_OF_DATE.match(text):
        return True
    rest = re.sub(r"[\d年月日度半第季上〇零○一二三四五六七八九十.\-/—至()]", "", text)
    return printed_date(text) is not None and len(rest) < 3


def _plain(piece: Piece) -> str:
    return simplified(clean(piece.text))


def is_number(piece: Piece) -> bool:
    """Return whether a piece is an amount or a mark for none."""
    return parse(piece.text) is not None and bool(piece.text.strip())


def ranges(body: Sequence[Line], headings: Sequence[Line]) -> tuple[Range, ...]:
    """Return the columns of one page from its rows and its heading, from left to right.

    Sure amounts make columns; dashes and small integers only where they stand below a heading
    of their own, or count the rows.
    """
    pieces = [piece for line in body for piece in line.pieces if is_number(piece)]
    sure = _clusters(piece for piece in pieces if is_strong(piece.text))
    rest = [piece for piece in pieces if not _stands_in(sure, piece)]
    named = _named(sure, headings)
    for cluster in _clusters(rest):
        _add(named, cluster)
    found = (_with_role(column, body) for column in named)
    return tuple(column for column in found if column)


def _stands_in(columns: Sequence[Range], piece: Piece) -> bool:
    return any(column.overlap(piece.box.left, piece.box.right) > 0 for column in columns)


def _add(columns: list[Range], cluster: Range) -> None:
    """Add a range of dashes and integers: to the heading above it, or as a column of its own."""
    shared = [n for n, c in enumerate(columns) if c.overlap(cluster.left, cluster.right) > 0]
    if not shared:
        columns.append(cluster)
        columns.sort(key=lambda column: column.left)
    elif len(shared) == 1:
        column = columns[shared[0]]
        left, right = min(column.left, cluster.left), max(column.right, cluster.right)
        columns[shared[0]] = replace(column, left=left, right=right)


def _clusters(pieces: Iterable[Piece]) -> list[Range]:
    """Return the ranges that numbers cover, one below the other."""
    found: list[Range] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.left):
        if found and piece.box.left < found[-1].right:
            found[-1] = replace(found[-1], right=max(found[-1].right, piece.box.right))
        else:
            found.append(Range(piece.box.left, piece.box.right))
    return found


def _named(clusters: list[Range], headings: Sequence[Line]) -> list[Range]:
    columns = list(clusters)
    for line in headings:
        over = _over_groups(columns, [p for p in line.pieces if _is_of_amounts(_plain(p))])
        for piece in sorted(line.pieces, key=lambda piece: _is_beside(_plain(piece))):
            text = _plain(piece)
            if not _is_named(text):
                continue
            places = over.get(piece) or ([] if _is_beside(text) else _below(columns, piece))
            for place in places:
                columns[place] = replace(columns[place], header=columns[place].header + text)
            if not places:
                columns.append(Range(piece.box.left, piece.box.right, text))
                columns.sort(key=lambda column: column.left)
    return columns


def _is_beside(text: str) -> bool:
    return bool(_NOTE.match(text) or _LINE_NO.match(text))


def _is_of_amounts(text: str) -> bool:
    return _is_named(text) and not _is_beside(text)


def _over_groups(columns: list[Range], pieces: Sequence[Piece]) -> dict[Piece, list[int]]:
    """Return the columns below headings that stand in the middle over two or more each.

    So are 合并 and 母公司 set over their periods, or the periods over 合并 and 母公司.
    """
    places = [place for place, column in enumerate(columns) if not _is_beside(column.header)]
    size, rest = divmod(len(places), len(pieces) or 1)
    if len(pieces) < 2 or size < 2 or rest:
        return {}
    groups = [places[at : at + size] for at in range(0, len(places), size)]
    for piece, group in zip(pieces, groups, strict=True):
        middle = piece.box.centre[0]
        if not columns[group[0]].left <= middle <= columns[group[-1]].right:
            return {}
    return dict(zip(pieces, groups, strict=True))


def _below(columns: list[Range], piece: Piece) -> list[int]:
    """Return the columns that a heading stands over: all that it spans, or the nearest."""
    left, right = piece.slot
    spanned = [place for place, column in enumerate(columns) if column.overlap(left, right) > 0]
    if spanned:
        return spanned
    middle = piece.box.centre[0]
    near = [
        (abs(column.centre - middle), place)
        for place, column in enumerate(columns)
        if not column.header and abs(column.centre - middle) < _NEAR
    ]
    return [min(near)[1]] if near else []


def _with_role(column: Range, body: Sequence[Line]) -> Range | None:
    """Tell what a column holds, by its heading or else by its numbers; None for stray numbers."""
    if _NOTE.match(column.header):
        return replace(column, role=Role.NOTE)
    if _LINE_NO.match(column.header):
        return replace(column, role=Role.LINE_NO)
    if column.header:
        return column
    texts = [piece.text for piece in pieces_in(column, body) if is_number(piece)]
    if any(is_strong(text) for text in texts):
        return column
    counting = [int(text) for text in texts if text.isdigit() and int(text) <= _MOST_INTEGER]
    if len(counting) < len(texts) or not counting:
        return None
    rising = counting == sorted(counting) and len(set(counting)) == len(counting)
    return replace(column, role=Role.LINE_NO if rising and len(counting) > 2 else Role.NOTE)


def pieces_in(column: Range, lines: Sequence[Line]) -> Iterator[Piece]:
    """Yield the pieces that stand in a column."""
    for line in lines:
        for piece in line.pieces:
            if column.overlap(piece.box.left, piece.box.right) > 0:
                yield piece


def place_of(columns: Sequence[Range], piece: Piece) -> int | None:
    """Return the column that a piece stands in, None when it stands in no single one."""
    left, right = piece.slot
    inside = [place for place, c in enumerate(columns) if left <= c.centre <= right]
    if len(inside) == 1:
        return inside[0]
    if len(inside) > 1:
        left, right = piece.box.left, piece.box.right
    shared = [(c.overlap(left, right), place) for place, c in enumerate(columns)]
    best, place = max(shared, default=(0.0, 0))
    if best > 0:
        return place
    return None


def _is_near(column: Range, other: Range) -> bool:
    return abs(column.right - other.right) < _NEAR


def carried(columns: Sequence[Range], before: Sequence[Range]) -> tuple[Range, ...]:
    """Return the columns of a page without a heading, named by those of the page before.

    As many columns are the same columns; otherwise each is the one that it stands below.
    """
    if not columns:
        return tuple(before)
    if len(columns) == len(before) and all(map(_is_near, columns, before)):
        pairs = zip(columns, before, strict=True)
        return tuple(replace(c, header=b.header, role=b.role) for c, b in pairs)
    placed = {}
    for column in columns:
        shared = [(b.overlap(column.left, column.right), place) for place, b in enumerate(before)]
        best, place = max(shared, default=(0.0, 0))
        if best > 0 and place not in placed:
            placed[place] = column
    return tuple(
        replace(b, left=min(b.left, placed[p].left), right=max(b.right, placed[p].right))
        if p in placed
        else b
        for p, b in enumerate(before)
    )


def reordered(columns: Sequence[Range], before: Sequence[Range]) -> tuple[Range, ...]:
    """Return the columns of a page in the order of the page before, which has the same headings.

    Nothing where they are not the same ones.
    """
    own = {column.header: column for column in columns if column.role is Role.AMOUNT}
    wanted = [column.header for column in before if column.role is Role.AMOUNT]
    if sorted(own) != sorted(wanted) or "" in own:
        return ()
    rest = [column for column in columns if column.role is not Role.AMOUNT]
    return (*rest, *(own[header] for header in wanted))
