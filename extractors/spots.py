"""A few amounts of every statement page that has text, looked at as a person sees them.

A text layer can say anything: its letters can be hidden, stand elsewhere than what is drawn, or
be named wrongly by a font of the file's own, and all programs that read it agree on that. Only
the picture tells. Some amounts are rendered and recognised; a page where one is not what the
layer says is read as a picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.ocr.engine import Engine, Line
from extractors.ocr.look import Look, View
from extractors.pdf import POINTS_PER_INCH, PdfFile
from extractors.tables.lines import is_strong
from schemas.text import Page, Word

_SPOTS = 3
_FEWEST_DIGITS = 4
_DPI = 150
_MARGIN = 1.0
"""Points around a word; with more, a sign beside it would be read with it."""
_SURE = 0.9


def contradicted(document: PdfFile, pages: Sequence[Page], engine: Engine) -> frozenset[int]:
    """Return the pages whose picture shows other amounts than their text layer says.

    What looks different is looked at once more, larger, before it counts.
    """
    spots = [spot for page in pages for spot in _spots(document, page, engine)]
    crops = [spot.look.pixels(spot.word.box, margin=_MARGIN) for spot in spots]
    lines = engine.recognise(crops) if crops else ()
    doubtful = [spot for spot, line in zip(spots, lines, strict=True) if _differs(spot.word, line)]
    return frozenset(spot.page for spot in doubtful if _differs_again(spot))


@dataclass(frozen=True)
class _Spot:
    """An amount of a text layer, and the picture of the page that it is on."""

    page: int
    word: Word
    look: Look


def _spots(document: PdfFile, page: Page, engine: Engine) -> list[_Spot]:
    """Return some amounts of a page, from its top to its bottom."""
    amounts = [word for word in page.words if is_strong(word.text) and _is_long(word)]
    if not amounts:
        return []
    look = Look(document.render(page.number, _DPI), engine, POINTS_PER_INCH / _DPI)
    step = max(1, len(amounts) // _SPOTS)
    return [_Spot(page.number, word, look) for word in amounts[step // 2 :: step][:_SPOTS]]


def _is_long(word: Word) -> bool:
    return len(_digits(word.text)) >= _FEWEST_DIGITS


def _differs_again(spot: _Spot) -> bool:
    (line,) = spot.look.again([spot.word.box], View.LARGE, margin=_MARGIN)
    return _differs(spot.word, line)


def _differs(word: Word, line: Line) -> bool:
    """Return whether a picture surely shows other digits than a word has, or nothing at all."""
    if not line.text.strip():
        return True
    return _digits(line.text) != _digits(word.text) and line.weakest >= _SURE


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
