"""Which pages of a long scan are worth reading in full.

An audit report has a hundred pages of notes for ten that matter. A page is read in full when its
top shows a title that is wanted, when it goes on with the table of a page that was, or when its
top cannot be read: in doubt a page is read. Tops hang on nothing before them, so that several are
read at once where a pool does it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field

import layoutparser as lp

from extractors import classify, layout
from extractors.kinds.statement.titles import title_of
from extractors.ocr import lines
from extractors.ocr.engine import Engine, Image
from schemas.documents import DocumentKind
from schemas.errors import DocumentError
from schemas.text import Word

_TOP = 0.35
"""The share of a page's height in which its title stands."""
_TABLE = 0.25
"""The share of a page that the table of a statement covers at least when it goes on."""
_LEGIBLE = 0.8
_FEW = 3

FindBlocks = Callable[[Image], lp.Layout]
Top = tuple[Word, ...] | None
"""The words at the top of a page, None where it could not be drawn or read."""


@dataclass
class Triage:
    """Looks at the pages of one document in their order."""

    engine: Engine
    blocks: FindBlocks
    _is_inside: bool = field(default=False, init=False)

    def wanted(self, pages: Iterable[Image | None], at_once: int) -> Iterator[bool]:
        """Yield for each page whether it is worth reading in full; so many tops are read at once.

        One that could not be drawn, or whose top could not be read, is: whoever reads it says what
        is wrong with it.
        """
        for page, top in _ahead(self._top, pages, at_once):
            yield page is None or top is None or self._wants(page, top)

    def _top(self, page: Image | None) -> Top:
        if page is None:
            return None
        top = page[: round(page.shape[0] * _TOP)]
        try:
            return lines.read(self.engine, top, self.engine.find(top))
        except DocumentError:
            return None

    def _wants(self, page: Image, words: tuple[Word, ...]) -> bool:
        self._is_inside = (
            not _is_legible(words) or _is_titled(words) or (self._is_inside and self._goes_on(page))
        )
        return self._is_inside

    def _goes_on(self, page: Image) -> bool:
        return layout.share_of(self.blocks(page), "table", page) >= _TABLE


def _is_titled(words: tuple[Word, ...]) -> bool:
    if any(title_of(word.text) for word in words):
        return True
    text = "\n".join(word.text for word in words)
    return "营业执照" in text or classify.page_kind_of_text(text) is not DocumentKind.UNKNOWN


def _is_legible(words: tuple[Word, ...]) -> bool:
    """Return whether the top of a page was read well enough to say that it has no title."""
    sure = [word for word in words if (word.confidence or 0) >= _LEGIBLE]
    return len(words) >= _FEW and len(sure) >= len(words) / 2


def _ahead(
    do: Callable[[Image | None], Top], pages: Iterable[Image | None], at_once: int
) -> Iterator[tuple[Image | None, Top]]:
    """Yield each page with what comes of it, in order; the next ones are under way by then.

    Each is done in the context of the caller, which says by when it is wanted.
    """
    if at_once == 1:
        yield from ((page, do(page)) for page in pages)
        return
    waiting: deque[tuple[Image | None, Future[Top]]] = deque()
    with ThreadPoolExecutor(at_once, thread_name_prefix="skim") as threads:
        for page in pages:
            waiting.append((page, threads.submit(copy_context().run, do, page)))
            if len(waiting) == at_once:
                first, top = waiting.popleft()
                yield first, top.result()
        for first, top in waiting:
            yield first, top.result()
