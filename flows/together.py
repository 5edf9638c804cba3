"""Several things at once in one flow: threads that wait while others do the work."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from pipeline import wiring

Item = TypeVar("Item")
Result = TypeVar("Result")


def together(do: Callable[[Item], Result], items: Iterable[Item], *, at_once: int) -> list[Result]:
    """Do something with every item, so many at once, and return the results in order.

    Each is done in the context of the caller: its run, its deadline, its log lines. The first
    error of the order passes, once what was begun has ended. When the run is stopped, the page
    pool is closed, so that nobody waits for a page any more.
    """
    if at_once == 1:
        return [do(item) for item in items]
    executor = ThreadPoolExecutor(at_once, thread_name_prefix="flow")
    try:
        waiting: list[Future[Result]] = [
            executor.submit(copy_context().run, do, item) for item in items
        ]
        return [future.result() for future in waiting]
    except Exception:
        executor.shutdown(cancel_futures=True)
        raise
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        wiring.services().close()
        raise
    finally:
        executor.shutdown()
