"""The page pool of one machine: worker processes with one model each.

While no worker runs, a file of one page is read in this process, since a worker takes longer to
start than the page. Once workers run, no model is needed here any more: second readings are asked
of them as well.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, Protocol

from extractors.ocr.engine import Engine, Image, Line, Quad, SecondOpinion
from extractors.seen import Inline, LostPage, SeenPage, Upload
from pipeline.pages.crew import Crew
from pipeline.pages.lanes import Lane
from pipeline.pages.payload import Payload
from pipeline.pages.work import Find, Recognise, See, Task
from schemas.errors import DocumentError


@dataclass(frozen=True)
class Local:
    """Sees pages in worker processes, and small files in this one with an engine of its own."""

    crew: Crew
    make: Callable[[], Engine]

    def own(self) -> Engine | None:
        """Return the engine of this process while no worker runs: they take longer to start."""
        return None if self.crew.is_running else self.make()

    @property
    def window(self) -> int:
        """Pages of one document that are under way or wait to be taken: what bounds memory."""
        return 2 * self.crew.bounds.workers

    def see(self, upload: Upload, numbers: Iterable[int]) -> Generator[SeenPage | LostPage]:
        """Yield the pages asked for, in the order asked, reading ahead by the window."""
        left = iter(numbers)
        head = list(islice(left, 2))
        if len(head) < 2 and not self.crew.is_running:
            yield from Inline(self.make).see(upload, head)
            return
        lane, payload = Lane(), Payload.of(upload.data)
        bare = replace(upload, data=b"")
        waiting: deque[tuple[int, Future[Any]]] = deque()
        try:
            for number in chain(head, left):
                task = See(bare, number)
                job = self.crew.submit(lane, task, payload, f"page {number}")
                waiting.append((number, job))
                if len(waiting) >= self.window:
                    yield _taken(*waiting.popleft())
            while waiting:
                yield _taken(*waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()

    def ask(self, task: Task, data: bytes, what: str) -> Any:
        """Have a task done on some pixels and return what came of it."""
        return self.crew.submit(Lane(), task, Payload.of(data), what).result()

    def close(self) -> None:
        """End the workers; whoever waits for a page is told."""
        self.crew.close()


def _taken(number: int, future: "Future[Any]") -> SeenPage | LostPage:
    try:
        seen: SeenPage = future.result()
    except DocumentError as error:
        return LostPage(number, error)
    return seen


class Pool(Protocol):
    """What an engine needs of a pool: its workers, or the engine that is used instead of them."""

    def own(self) -> Engine | None:
        """Return the engine of this process, None where workers are to be asked."""
        ...

    def ask(self, task: Task, data: bytes, what: str) -> Any:
        """Have a task done on some pixels and return what came of it."""
        ...


@dataclass(frozen=True)
class PooledEngine:
    """An engine whose model is that of the workers, or of this process while there are none.

    One that `starts` them asks workers from the first: it is for much work at once.
    """

    pool: Pool
    fingerprint: str
    device: str
    starts: bool = False

    def find(self, image: Image) -> tuple[Quad, ...]:
        """Return the corners of every line of text on a page."""
        own = self._own()
        if own is not None:
            return own.find(image)
        found: tuple[Quad, ...] = self._ask(Find(image.shape), [image], "a second look")
        return found

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Recognise pictures of one line each, in the order given."""
        own = self._own() if images else None
        if own is not None:
            return own.recognise(images)
        return self._lines(images, again=False)

    def reconsider(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Recognise pictures of one line each with the other recogniser, in the order given."""
        own = self._own() if images else None
        if isinstance(own, SecondOpinion):
            return own.reconsider(images)
        return self._lines(images, again=True)

    def _own(self) -> Engine | None:
        return None if self.starts else self.pool.own()

    def _lines(self, images: Sequence[Image], *, again: bool) -> tuple[Line, ...]:
        if not images:
            return ()
        task = Recognise(tuple(image.shape for image in images), again)
        lines: tuple[Line, ...] = self._ask(task, images, "a second reading")
        return lines

    def _ask(self, task: Find | Recognise, images: Sequence[Image], what: str) -> Any:
        return self.pool.ask(task, b"".join(image.tobytes() for image in images), what)
