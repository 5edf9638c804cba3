"""Second readings of amounts, and the runner-up readings that a repair may choose from.

A seal truncates numbers and hides them, with high confidence: whatever stands under red ink is
looked at again in the red channel. What is faint or malformed is looked at again enlarged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from extractors.amounts import Amount, closed, parse
from extractors.kinds.statement.rows import RawRow
from extractors.ocr.engine import Image
from extractors.ocr.look import Look, Looks, View
from extractors.tables.lines import Piece, is_strong
from schemas.fields import Candidate
from schemas.geometry import Box
from schemas.text import Word

_RED = 40
"""How much more red than green and blue a pixel of a seal is."""
_SEALED = 0.02
_WEAK = 0.9
_MANY_DIGITS = 5
_CLEAR = 0.5
_MARGIN = 6.0
_MOST = 8


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell to look at again."""

    row: int
    column: int
    box: Box
    view: View


def looked_again(rows: Sequence[RawRow], look: Looks | None) -> list[RawRow]:
    """Return the rows with a second reading of every cell whose first one is in doubt."""
    done = list(rows)
    if look is None:
        return done
    for number in dict.fromkeys(row.line.page.number for row in rows):
        picture = look(number)
        if picture is None:
            continue
        own = [n for n, row in enumerate(rows) if row.line.page.number == number]
        places = [place for n in own for place in _doubtful(n, rows[n], picture)]
        for place, piece in _readings(places, picture):
            row = done[place.row]
            done[place.row] = replace(row, again={**row.again, place.column: piece})
    return done


def _doubtful(number: int, row: RawRow, picture: Look) -> Iterator[_Place]:
    for column in range(len(row.amounts)):
        box = _box(row, column)
        if _is_sealed(picture.pixels(box)):
            yield _Place(number, column, box, View.RED)
        elif column in row.cells and _is_weak(row.cells[column]):
            yield _Place(number, column, box, View.LARGE)


def _is_weak(pieces: tuple[Piece, ...]) -> bool:
    if len(pieces) > 1:
        return True
    amount = parse(pieces[0].text)
    weakest = pieces[0].weakest
    return amount is None or not amount.sound or (weakest is not None and weakest < _WEAK)


def _box(row: RawRow, column: int) -> Box:
    """Return the place of a cell on the page: the range of its column, the height of its row."""
    own_line = [p for p in row.line.pieces if p in row.labels or is_strong(p.text)]
    pieces = own_line or row.labels or row.cells[min(row.cells)]
    middle = sum(piece.box.centre[1] for piece in pieces) / len(pieces)
    half = 0.8 * min(piece.box.height for piece in pieces)
    own = row.amounts[column]
    others = [other for place, other in enumerate(row.amounts) if place != column]
    left = max([own.left - 2 * _MARGIN, *(o.right for o in others if o.right <= own.left)])
    right = min([own.right + _MARGIN, *(o.left for o in others if o.left >= own.right)])
    return row.line.straight.origin(Box(left, middle - half, right, middle + half))


def _is_sealed(pixels: Image) -> bool:
    blue, green, red = (pixels[:, :, channel].astype(np.int16) for channel in range(3))
    return float(np.mean(red - np.maximum(blue, green) > _RED)) > _SEALED


def _readings(places: Sequence[_Place], picture: Look) -> Iterator[tuple[_Place, Piece]]:
    for view in dict.fromkeys(place.view for place in places):
        seen = [place for place in places if place.view is view]
        lines = picture.again([place.box for place in seen], view)
        for place, line in zip(seen, lines, strict=True):
            if line.text.strip():
                word = Word(text=line.text, box=place.box, characters=line.characters)
                slot = (place.box.left, place.box.right)
                yield place, Piece(closed(line.text), place.box, place.box, slot, (word,))


def better(first: tuple[Piece, ...], second: Piece | None) -> bool:
    """Return whether the second reading is to be taken for the cell.

    Where the first gave nothing or no well-formed number, and where the first is the second cut
    short, as a seal does it.
    """
    if second is None or not _is_amount(second):
        return False
    if len(first) != 1:
        return True
    before, after = first[0].text.strip(), second.text.strip()
    amount = parse(before)
    if amount is None:
        return True
    if not is_strong(after):
        return False
    if not amount.is_blank and not amount.sound:
        return True
    digits, more = _digits(before), _digits(after)
    return len(more) > len(digits) > 0 and (more.endswith(digits) or more.startswith(digits))


def _is_amount(piece: Piece) -> bool:
    """Return whether a reading is an amount: by its separators or by many clear digits."""
    if is_strong(piece.text.strip()):
        return True
    many = len(_digits(piece.text)) >= _MANY_DIGITS
    return many and parse(piece.text) is not None and (piece.weakest or 0.0) > _CLEAR


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def candidates(taken: Piece, other: Piece | None, scale: Decimal) -> tuple[Candidate[Decimal], ...]:
    """Return what else the pixels may show: the other reading, and runner-up characters."""
    found: dict[Decimal, Candidate[Decimal]] = {}
    own = parse(taken.text)
    second = parse(other.text) if other else None
    if other and _is_usable(second) and second and second.value is not None:
        value = second.value * scale
        text = other.text.strip()
        found[value] = Candidate[Decimal](value=value, raw=text, source="second_reading")
    for text, probability in _exchanged(taken):
        amount = parse(text)
        if _is_usable(amount) and amount and amount.value is not None:
            value = amount.value * scale
            option = Candidate[Decimal](
                value=value, raw=text, source="alternative", probability=probability
            )
            found.setdefault(value, option)
    if own and own.value is not None:
        found.pop(own.value * scale, None)
    return tuple(found.values())[:_MOST]


def _is_usable(amount: Amount | None) -> bool:
    return amount is not None and amount.sound and not amount.is_blank


def _exchanged(piece: Piece) -> list[tuple[str, float]]:
    """Return the text with one character exchanged for a runner-up, the most likely first."""
    if len(piece.words) != 1 or len(piece.words[0].characters) != len(piece.words[0].text):
        return []
    text = piece.words[0].text
    options = [
        (text[:place] + option.text + text[place + 1 :], option.probability)
        for place, character in enumerate(piece.words[0].characters)
        for option in character.alternatives
    ]
    return sorted(options, key=lambda option: -option[1])
