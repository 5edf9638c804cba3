"""Labels as they are printed, where the picture tells more than the recogniser says.

A recogniser writes the dot behind a number as it likes. How much room it takes on the paper says
which one is printed: a full-width dot pushes the next character a whole character further.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from extractors.kinds.statement.rows import RawRow
from extractors.labels import as_printed
from extractors.tables.lines import Piece

_DOTTED = re.compile(r"^(\s*\d{1,2})\s*[.．]\s*(?=[^\d\s.．])")
_WIDE = 1.55
"""From the middle of a digit to that of the next Chinese character, in characters: 0.8 to 1.5
with a narrow dot between them, 1.6 to 2.0 with a wide one (of 190 labels of ten reports)."""
_HAN = "\u4e00"


def printed_label(row: RawRow) -> str:
    """Return the label of a row as printed."""
    label = as_printed(row.label)
    if not _DOTTED.match(label) or not row.labels:
        return label
    room = _room(row.labels[0])
    if room is None:
        return label
    return _DOTTED.sub(r"\1．" if room > _WIDE else r"\1.", label)


def _room(piece: Piece) -> float | None:
    """Return how far the first Chinese character is from the digit before it, in characters."""
    places = list(_places(piece))
    han = [at for text, at in places if text >= _HAN]
    digits = [at for text, at in places if text.isdigit()]
    pitch = median([after - before for before, after in pairwise(han)] or [0.0])
    before = [at for at in digits if han and at < han[0]]
    return (han[0] - before[-1]) / pitch if pitch > 0 and before else None


def _places(piece: Piece) -> Iterator[tuple[str, float]]:
    """Yield the recognised characters of a piece of one word, and where they stand in it."""
    if len(piece.words) == 1:
        width = piece.box.width
        for character in piece.words[0].characters:
            if character.at is not None and character.text:
                yield character.text, character.at * width
