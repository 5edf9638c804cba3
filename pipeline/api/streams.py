"""Events sent as they happen.

A stream that breaks off is taken up where it ended, by the number of the last event; it ends by
itself after a while, so that none outlives what it is for.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from time import monotonic
from typing import Final

from fastapi.sse import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from pipeline.ports import Notice

Look = Callable[[int], Sequence[tuple[int, Notice]]]
"""Returns what happened after a number, each with its own."""

_POLL_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 600.0
_RETRY_MILLISECONDS: Final = 2000


async def told(look: Look, after: int) -> AsyncIterator[ServerSentEvent]:
    """Yield what happened after a number, and then what happens."""
    until = monotonic() + _LONGEST_SECONDS
    yield ServerSentEvent(comment="zishen", retry=_RETRY_MILLISECONDS)
    while monotonic() < until:
        found = await run_in_threadpool(look, after)
        for number, notice in found:
            after = number
            yield ServerSentEvent(
                raw_data=notice.model_dump_json(), event=notice.type, id=str(number)
            )
        if not found:
            await asyncio.sleep(_POLL_SECONDS)
