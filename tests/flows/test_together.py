"""Several things at once: in order, bounded, in the context of the caller."""

import contextvars
import threading
from collections.abc import Iterator

import pytest

from flows.together import together
from pipeline import wiring

here: contextvars.ContextVar[str] = contextvars.ContextVar("here")


class Hall:
    """Counts who is in it."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self._lock = threading.Lock()
        self._together = threading.Barrier(2)

    def visit(self, number: int) -> tuple[int, str]:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self._together.wait(10)
        with self._lock:
            self.inside -= 1
        return number, here.get("nowhere")


def test_results_come_in_order_from_no_more_threads_than_allowed() -> None:
    hall = Hall()
    here.set("a run")

    results = together(hall.visit, range(6), at_once=2)

    assert results == [(number, "a run") for number in range(6)]
    assert hall.most == 2


def test_one_at_a_time_stays_in_the_thread_of_the_caller() -> None:
    threads = together(lambda _: threading.get_ident(), range(3), at_once=1)

    assert set(threads) == {threading.get_ident()}


def test_the_first_error_passes_and_what_has_not_begun_is_not() -> None:
    begun: list[int] = []

    def do(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise KeyError(number)

    with pytest.raises(KeyError):
        together(do, range(200), at_once=2)
    assert len(begun) < 200


def test_a_run_that_is_stopped_closes_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = threading.Event()

    class Services:
        def close(self) -> None:
            closed.set()

    monkeypatch.setattr(wiring, "services", Services)

    def stopped() -> Iterator[int]:
        yield 0
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        together(lambda _: closed.wait(10), stopped(), at_once=2)
    assert closed.is_set()
