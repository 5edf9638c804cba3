"""Second looks at labels that were recognised as none that is known.

A label is never corrected by vocabulary: the vocabulary only chooses between what the recogniser
offers, another view of the same pixels or the runners-up of single characters.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

from extractors.kinds.statement.ink import red_share
from extractors.kinds.statement.rows import RawRow
from extractors.kinds.statement.second import SEALED, pictures
from extractors.ocr.look import Look, Looks, View
from extractors.tables.lines import Piece
from schemas.geometry import Box
from schemas.text import Character

Question = Callable[[str], bool]
"""Something asked of a printed label."""

_BEFORE, _AFTER = 1.2, 0.4
"""How much wider than the first reading a second one is, in heights of a line."""
_MOST_EXCHANGED = 2
_MOST_DOUBTFUL = 6
"""With more doubtful characters than this, anything could be made of a label."""


def labels_again(rows: Sequence[RawRow], look: Looks | None, knows: Question) -> list[RawRow]:
    """Return the rows with labels that only a second look at them makes known ones."""
    done = list(rows)
    for own, picture in pictures(rows, look):
        asked = [
            n
            for n in own
            if rows[n].cells and len(rows[n].labels) == 1 and not knows(rows[n].label)
        ]
        for n in asked:
            first = [c for word in rows[n].labels[0].words for c in word.characters]
            done[n] = _renamed(rows[n], _offered([first], knows))
        for views in ((View.LARGE, View.UNSEALED), (View.SMOOTH, View.UNSEALED)):
            asked = [n for n in asked if not knows(done[n].label)]
            boxes = [_box(rows[n].labels[0]) for n in asked]
            for n, line in zip(asked, _lines(boxes, picture, views), strict=True):
                done[n] = _renamed(rows[n], _offered([line], knows))
    return done


def _renamed(row: RawRow, label: str | None) -> RawRow:
    return replace(row, label=label) if label else row


def _box(piece: Piece) -> Box:
    box, height = piece.origin, piece.origin.height
    left = max(0.0, box.left - _BEFORE * height)
    return Box(left, box.top, box.right + _AFTER * height, box.bottom)


def _lines(
    boxes: Sequence[Box], picture: Look, views: tuple[View, View]
) -> list[Sequence[Character]]:
    """Return the characters in boxes, in the second view where a seal covers them."""
    found: list[Sequence[Character]] = [()] * len(boxes)
    sealed = [red_share(picture.pixels(box)) > SEALED for box in boxes]
    for view, wanted in zip(views, (False, True), strict=True):
        own = [n for n, is_sealed in enumerate(sealed) if is_sealed is wanted]
        lines = picture.again([boxes[n] for n in own], view) if own else ()
        for n, line in zip(own, lines, strict=True):
            found[n] = line.characters
    return found


def _offered(readings: Sequence[Sequence[Character]], knows: Question) -> str | None:
    """Return the known label that readings offer with the fewest runners-up, if it is one."""
    for count in range(_MOST_EXCHANGED + 1):
        known = {text for line in readings for text in _exchanged(line, count) if knows(text)}
        if known:
            return known.pop() if len(known) == 1 else None
    return None


def _exchanged(line: Sequence[Character], count: int) -> Iterator[str]:
    """Yield what a line says with `count` characters exchanged for runners-up."""
    doubtful = [n for n, character in enumerate(line) if character.alternatives]
    if len(doubtful) > _MOST_DOUBTFUL:
        doubtful = sorted(doubtful, key=lambda n: line[n].probability)[:_MOST_DOUBTFUL]
    for places in combinations(doubtful, count):
        for chosen in product(*(line[n].alternatives for n in places)):
            texts = [character.text for character in line]
            for n, other in zip(places, chosen, strict=True):
                texts[n] = other.text
            yield "".join(texts).strip()
