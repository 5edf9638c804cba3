"""Two PDF readers, one text layer: where they disagree about its digits, the picture decides.

A font that names its glyphs wrongly, or characters drawn over each other, are decoded differently
by unlike programs. PDFium reads every page; pdfplumber (pdfminer) reads the few that amounts are
taken from once more. Only digits are compared, since spacing and order are each reader's own.
"""

import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import pdfplumber

from schemas.text import Page


def disagreeing(data: bytes, pages: Sequence[Page]) -> frozenset[int]:
    """Return the pages whose digits the two readers see differently.

    A file that pdfplumber cannot read has no second reader that agrees: all of its pages count.
    """
    numbers = [page.number for page in pages]
    if not numbers:
        return frozenset()
    try:
        seen = _seen(data, numbers)
    except Exception:  # noqa: BLE001  pdfminer raises whatever a broken file makes of it
        return frozenset(numbers)
    return frozenset(page.number for page in pages if seen.get(page.number) != _of(page))


def _seen(data: bytes, numbers: list[int]) -> dict[int, Counter[str]]:
    with pdfplumber.open(io.BytesIO(data), pages=numbers) as document:
        found = {}
        for page in document.pages:
            found[page.page_number] = _digits(character["text"] for character in page.chars)
            page.close()
        return found


def _of(page: Page) -> Counter[str]:
    return _digits(word.text for word in page.words)


def _digits(texts: Iterable[str]) -> Counter[str]:
    plain = unicodedata.normalize("NFKC", "".join(texts))
    return Counter(character for character in plain if character in "0123456789")
