"""A few amounts of every statement page that has text, looked at as a person sees them.

A text layer can say anything: its letters can be hidden, stand elsewhere than what is drawn, or
be named wrongly by a font of the file's own, and all programs that read it agree on that. Only
the picture tells. Some amounts are rendered and recognised; a page where one is not what the
layer says is read as a picture.
"""

from collections.abc import Sequence

from extractors.ocr.engine import Engine, Line
from extractors.ocr.look import Look, View
from extractors.pdf import PdfFile
from extractors.tables.lines import is_strong
from schemas.text import Page, Word

_SPOTS = 5
_FEWEST_DIGITS = 4
_DPI = 200
_MARGIN = 1.0
"""Points around a word: a sign beside it would be read as another word's."""
_SURE = 0.9


def contradicted(document: PdfFile, pages: Sequence[Page], engine: Engine) -> frozenset[int]:
    """Return the pages whose picture shows other amounts than their text layer says."""
    return frozenset(page.number for page in pages if _lies(document, page, engine))


def _lies(document: PdfFile, page: Page, engine: Engine) -> bool:
    words = _spots(page)
    if not words:
        return False
    look = Look(document.render(page.number, _DPI), engine, 72 / _DPI)
    first = look.again([word.box for word in words], margin=_MARGIN)
    doubtful = [word for word, line in zip(words, first, strict=True) if _differs(word, line)]
    second = look.again([word.box for word in doubtful], View.LARGE, margin=_MARGIN)
    return any(map(_differs, doubtful, second))


def _spots(page: Page) -> list[Word]:
    """Return some amounts of a page, from its top to its bottom, of as many digits as may be."""
    amounts = [word for word in page.words if is_strong(word.text) and _is_long(word)]
    step = max(1, len(amounts) // _SPOTS)
    return amounts[step // 2 :: step][:_SPOTS]


def _is_long(word: Word) -> bool:
    return len(_digits(word.text)) >= _FEWEST_DIGITS



def _differs(word: Word, line: Line) -> bool:
    """Return whether a picture surely shows other digits than a word has, or nothing at all."""
    if not line.text.strip():
        return True
    return _digits(line.text) != _digits(word.text) and line.weakest >= _SURE


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
