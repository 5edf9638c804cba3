"""Two-sided balance sheets: assets left, liabilities and equity right, parted before all else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.kinds.statement.grid import is_heading, is_number
from extractors.kinds.statement.segments import rows_of
from extractors.tables.lines import Line, Piece
from schemas.documents import DocumentKind

_FEWEST = 3
"""Labels right of the amounts that make a second side."""


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of a statement on one page, parted into heading and rows."""

    above: tuple[Line, ...]
    body: tuple[Line, ...]

    @property
    def headings(self) -> tuple[Line, ...]:
        """The lines that name columns."""
        return tuple(line for line in self.above if is_heading(line))


def sides_of(kind: DocumentKind, parts: Sequence[Part]) -> list[list[Part]]:
    """Return the table, or its two sides, as parts by page; the left side comes first."""
    cuts = [_cut(kind, part) for part in parts]
    found = [cut for cut in cuts if cut is not None]
    if not found:
        return [list(parts)]
    left, right = [], []
    for part, cut in zip(parts, cuts, strict=True):
        at = found[0] if cut is None else cut
        left.append(_side(part, at, is_right=False))
        right.append(_side(part, at, is_right=True))
    return [left, right]


def _cut(kind: DocumentKind, part: Part) -> float | None:
    """Return where the second side begins: at the leftmost label right of amounts."""
    labels = [
        piece
        for line in part.body
        for piece in _after_first(line)
        if not is_number(piece) and rows_of(kind, [piece.text])
    ]
    if len(labels) < _FEWEST:
        return None
    return min(piece.slot[0] for piece in labels) - 1


def _after_first(line: Line) -> tuple[Piece, ...]:
    return line.pieces[1:]


def _side(part: Part, cut: float, *, is_right: bool) -> Part:
    def kept(lines: Sequence[Line]) -> tuple[Line, ...]:
        sides = (
            (line, tuple(p for p in line.pieces if (p.box.left >= cut) is is_right))
            for line in lines
        )
        return tuple(replace(line, pieces=pieces) for line, pieces in sides if pieces)

    return Part(above=kept(part.above), body=kept(part.body))
