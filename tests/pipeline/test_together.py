from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from pipeline.database.together import Together


class Counter:
    """Serves, slowly the first time, and says whom it served together."""

    def __init__(self) -> None:
        self.served: list[list[int]] = []
        self.go, self.began = Event(), Event()

    def __call__(self, items: Sequence[int]) -> None:
        self.began.set()
        assert self.go.wait(10)
        if 13 in items:
            raise ValueError("no")
        self.served.append(sorted(items))


def test_those_who_come_while_another_is_served_are_served_at_once() -> None:
    counter = Counter()
    together = Together(counter)

    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(together.ask, 0)
        assert counter.began.wait(10)
        others = [pool.submit(together.ask, number) for number in range(1, 9)]
        while len(together._waiting) < 8:  # noqa: SLF001  all of them wait
            pass
        counter.go.set()
        for one in (first, *others):
            one.result()

    assert counter.served == [[0], list(range(1, 9))]


def test_who_is_not_served_is_told_and_the_next_one_is_served() -> None:
    counter = Counter()
    counter.go.set()
    together = Together(counter)

    with pytest.raises(ValueError, match="no"):
        together.ask(13)
    together.ask(1)

    assert counter.served == [[1]]


def test_an_interrupt_keeps_nobody_waiting() -> None:
    def interrupted(_: Sequence[int]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Together(interrupted).ask(1)
