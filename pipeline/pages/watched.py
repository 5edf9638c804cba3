"""Pages as they are counted: whichever pool sees them."""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass

import structlog

from extractors.seen import LostPage, SeenPage, Sees, Upload
from pipeline.observe import metrics

_log = structlog.get_logger()


def _nothing() -> None:
    """Close nothing: there is no pool."""


@dataclass(frozen=True)
class Watched:
    """Passes pages on and counts them; `shut` ends the pool that sees them."""

    sees: Sees
    shut: Callable[[], None] = _nothing

    def see(self, upload: Upload, numbers: Iterable[int]) -> Generator[SeenPage | LostPage]:
        """Yield the pages asked for."""
        with closing(self.sees.see(upload, numbers)) as pages:
            for page in pages:
                _count(page)
                yield page

    def close(self) -> None:
        """End the pool; whoever waits for a page is told."""
        self.shut()


def _count(page: SeenPage | LostPage) -> None:
    if isinstance(page, LostPage):
        metrics.LOST_PAGES.labels(page.error.code).inc()
        _log.warning("page.lost", page=page.number, code=page.error.code)
    else:
        metrics.PAGES.labels(page.device, page.page.reader).inc()
        _log.debug("page.read", page=page.page.number, device=page.device)
