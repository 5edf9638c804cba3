"""Does at once what several threads ask for at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class _Asked(Generic[Item]):
    """What somebody waits for: `answer` says whether to serve everybody, or that it is done."""

    item: Item
    answer: Future[bool] = field(default_factory=Future)


class Together(Generic[Item]):
    """Whoever comes while others are served waits, and is served with all who wait by then.

    Nobody serves more than once: the first of those who came meanwhile is the next to serve.
    """

    def __init__(self, serve: Callable[[Sequence[Item]], None]) -> None:
        """Serve with a function that does everything it is given, or nothing and raises."""
        self._serve = serve
        self._lock = Lock()
        self._waiting: list[_Asked[Item]] = []
        self._is_serving = False

    def ask(self, item: Item) -> None:
        """Return when the item is served, or raise what came between."""
        asked = _Asked(item)
        with self._lock:
            self._waiting.append(asked)
            is_first, self._is_serving = not self._is_serving, True
        if is_first or asked.answer.result():
            self._serve_all(asked)

    def _serve_all(self, server: _Asked[Item]) -> None:
        """Serve all who wait, then let the next one do so."""
        with self._lock:
            those, self._waiting = self._waiting, []
        others = [asked for asked in those if asked is not server]
        try:
            self._serve([asked.item for asked in those])
        except BaseException as error:
            for asked in others:
                asked.answer.set_exception(error)
            raise
        else:
            for asked in others:
                asked.answer.set_result(False)
        finally:
            self._hand_over()

    def _hand_over(self) -> None:
        with self._lock:
            following = self._waiting[:1]
            self._is_serving = bool(following)
        for asked in following:
            asked.answer.set_result(True)
