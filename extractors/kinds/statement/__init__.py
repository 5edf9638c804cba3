"""Financial statements: found in a file, and read row by row from whatever it was made of."""

import functools
from collections.abc import Mapping, Sequence

from extractors.kinds.statement.build import statements_of
from extractors.kinds.statement.forms import agreed
from extractors.kinds.statement.ink import without_seal
from extractors.kinds.statement.scopes import scoped
from extractors.kinds.statement.segments import find_segments
from extractors.ocr.look import Looks
from extractors.tables.lines import lines_of
from schemas.statements import Statement
from schemas.text import Page, PageSource


def find_pages(texts: Mapping[int, str]) -> tuple[int, ...]:
    """Return the pages of a report that the three statements stand on, from its plain text."""
    found = find_segments({number: text.splitlines() for number, text in texts.items()})
    pages = {page for segment in found if segment.title.kind.is_statement for page in segment.pages}
    return tuple(sorted(pages))


def extract(pages: Sequence[Page], look: Looks | None = None) -> tuple[Statement, ...]:
    """Return every statement on the pages, in their order."""
    look = functools.lru_cache(maxsize=2)(look) if look else None
    seen = [without_seal(page, look(page.number) if look else None) for page in pages]
    lines = {page.number: lines_of(page) for page in seen}
    texts = {number: [line.text for line in found] for number, found in lines.items()}
    recognised = {page.number for page in pages if page.source is PageSource.OCR}
    found = [
        statement
        for segment in find_segments(texts, recognised)
        if segment.title.kind.is_statement
        for statement in statements_of(segment, lines, look)
    ]
    return scoped(agreed(found))
