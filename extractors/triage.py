"""Which pages of a long scan are worth reading in full.

An audit report has a hundred pages of notes for ten that matter. A page is read in full when its
top shows a title that is wanted, when it goes on with the table of a page that was, or when its
top cannot be read: in doubt a page is read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import layoutparser as lp

from extractors import classify, layout
from extractors.kinds.statement.titles import title_of
from extractors.ocr import lines
from extractors.ocr.engine import Engine, Image
from schemas.documents import DocumentKind
from schemas.text import Word

_TOP = 0.35
"""The share of a page's height in which its title stands."""
_TABLE = 0.25
"""The share of a page that the table of a statement covers at least when it goes on."""
_LEGIBLE = 0.8
_FEW = 3

FindBlocks = Callable[[Image], lp.Layout]


@dataclass
class Triage:
    """Looks at the pages of one document in their order."""

    engine: Engine
    blocks: FindBlocks
    _is_inside: bool = field(default=False, init=False)

    def wants(self, page: Image) -> bool:
        """Return whether a page is worth reading in full."""
        top = page[: round(page.shape[0] * _TOP)]
        words = lines.read(self.engine, top, self.engine.find(top))
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
