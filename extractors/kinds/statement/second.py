"""Second looks at recognised amounts: under seals, weak, malformed, cut short, without a sum.

A first reading drops pale minus signs, and a seal truncates numbers, both with high confidence:
the pixels beside every recognised amount are searched for ink that the reading leaves out, which
costs a thousandth of a second. What is in doubt is recognised once more in another view, and so
is what no sum of the form confirms, since nothing else could ever prove or repair it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.amounts import closed, parse
from extractors.kinds.statement.choice import certainty
from extractors.kinds.statement.ink import Ink, ink_beside, red_share
from extractors.kinds.statement.rows import RawRow, Second
from extractors.kinds.statement.settled import Cell
from extractors.ocr.look import Look, Looks, View, unsealed
from extractors.tables.lines import Piece, is_strong
from schemas.geometry import Box
from schemas.text import Word

SEALED = 0.02
"""Share of red ink in a place from which on it is read without the red."""
_WEAK = 0.8
_MARGIN = 6.0
_TIGHT, _ROOMY = 0.55, 0.65
"""Half the height of a crop, in heights of a recognised line: neighbouring lines stay out."""
_BEFORE, _AFTER = 1.2, 0.4
"""How much wider than the first reading a second one is, in heights of a line: for a sign."""
_FAR, _BEYOND = 2.5, 1.5
"""How far beside a reading ink is looked for, in heights of a line."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell, what was seen of it, and where and how to read it again (None: it need not be)."""

    row: int
    column: int
    seen: Second
    box: Box
    view: View | None


def looked_again(rows: Sequence[RawRow], look: Looks | None, sure: frozenset[Cell]) -> list[RawRow]:
    """Return the rows with what a second look at their recognised cells gave.

    `sure` are the cells that a sum confirms: they are read again only where they are weak.
    """
    done = list(rows)
    for own, picture in pictures(rows, look):
        places = [place for n in own for place in _places(n, rows[n], picture, sure)]
        for place in _read_again(places, picture):
            row = done[place.row]
            done[place.row] = replace(row, again={**row.again, place.column: place.seen})
    return done


def pictures(rows: Sequence[RawRow], look: Looks | None) -> Iterator[tuple[list[int], Look]]:
    """Yield every page picture with the numbers of the rows on it."""
    for number in dict.fromkeys(row.line.page.number for row in rows):
        picture = look(number) if look else None
        if picture is not None:
            yield [n for n, row in enumerate(rows) if row.line.page.number == number], picture


def _places(number: int, row: RawRow, picture: Look, sure: frozenset[Cell]) -> Iterator[_Place]:
    for column in range(len(row.amounts)):
        whole = _box(row, column)
        sealed = red_share(picture.pixels(whole)) > SEALED
        pieces = row.cells.get(column, ())
        if not pieces and not sealed:
            continue
        ink = _ink(row, column, picture, sealed=sealed)
        seen = Second(ink=ink, sealed=sealed)
        if (number, column) in sure and not _is_weak(pieces[0]):
            yield _Place(number, column, seen, whole, None)
        elif sealed:
            yield _Place(number, column, seen, whole, View.UNSEALED)
        elif ink.outside or len(pieces) > 1:
            yield _Place(number, column, seen, whole, View.LARGE)
        else:
            view = View.LARGE if _has_digit(pieces[0].text) else None
            yield _Place(number, column, seen, _beside(row, pieces[0]), view)


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _is_weak(piece: Piece) -> bool:
    amount = parse(piece.text)
    sure = certainty(piece)
    return amount is None or not amount.sound or (sure is not None and sure < _WEAK)


def _ink(row: RawRow, column: int, picture: Look, *, sealed: bool) -> Ink:
    """Return what stands beside the one reading of a cell; nothing where there is not one."""
    pieces = row.cells.get(column, ())
    if len(pieces) != 1 or not _has_digit(pieces[0].text):
        return Ink()
    box = pieces[0].box
    left, right = _between(row, column, box)
    left, right = (
        max(left, box.left - _FAR * box.height),
        min(right, box.right + _BEYOND * box.height),
    )
    pixels = picture.pixels(row.line.straight.origin(Box(left, box.top, right, box.bottom)))
    pixels = unsealed(pixels) if sealed else pixels
    scale = pixels.shape[1] / max(right - left, 1.0)
    return ink_beside(pixels, (box.left - left) * scale, (box.right - left) * scale, pieces[0].text)


def _between(row: RawRow, column: int, box: Box) -> tuple[float, float]:
    """Return the range that is left to a cell by the columns and the pieces beside it."""
    own = row.amounts[column]
    others = [other for place, other in enumerate(row.amounts) if place != column]
    left = [other.right for other in others if other.right <= own.left]
    left += [piece.box.right for piece in row.line.pieces if piece.box.right <= box.left]
    right = [other.left for other in others if other.left >= own.right]
    return max(left, default=0.0), min(right, default=row.line.page.width)


def _beside(row: RawRow, piece: Piece) -> Box:
    box, height = piece.box, piece.box.height
    others = [
        p.box.right for p in row.line.pieces if p is not piece and p.box.right <= box.left + 1
    ]
    left = max([box.left - _BEFORE * height, *others])
    middle, half = box.centre[1], _TIGHT * height
    wide = Box(left, middle - half, box.right + _AFTER * height, middle + half)
    return row.line.straight.origin(wide)


def _box(row: RawRow, column: int) -> Box:
    """Return the place of a cell on the page: the range of its column, the height of its row.

    The amounts beside it tell the height best: a label may run over two lines.
    """
    amounts = [p for cell in row.cells.values() for p in cell if is_strong(p.text)]
    own_line = [p for p in row.line.pieces if p in row.labels]
    pieces = amounts or own_line or row.labels or row.cells[min(row.cells)]
    middle = sum(piece.box.centre[1] for piece in pieces) / len(pieces)
    half = _ROOMY * min(piece.box.height for piece in pieces)
    own = row.amounts[column]
    others = [other for place, other in enumerate(row.amounts) if place != column]
    left = max([own.left - 2 * _MARGIN, *(o.right for o in others if o.right <= own.left)])
    right = min([own.right + _MARGIN, *(o.left for o in others if o.left >= own.right)])
    return row.line.straight.origin(Box(left, middle - half, right, middle + half))


def _read_again(places: Sequence[_Place], picture: Look) -> Iterator[_Place]:
    """Yield the places with the second readings of those that want one."""
    for view in dict.fromkeys(place.view for place in places):
        seen = [place for place in places if place.view is view]
        if view is None:
            yield from seen
            continue
        lines = picture.again([place.box for place in seen], view)
        for place, line in zip(seen, lines, strict=True):
            if line.text.strip():
                word = Word(text=line.text, box=place.box, characters=line.characters)
                slot = (place.box.left, place.box.right)
                piece = Piece(closed(line.text), place.box, place.box, slot, (word,))
                yield replace(place, seen=replace(place.seen, piece=piece))
            else:
                yield place
