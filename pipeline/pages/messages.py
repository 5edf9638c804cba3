"""What a worker process and its parent say to each other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.pages.payload import Payload


class Work(Protocol):
    """What a worker does, with the model that it holds."""

    @property
    def device(self) -> str:
        """What it runs on."""
        ...

    def do(self, task: Any, payload: Payload) -> object:
        """Return what comes of a task; any exception goes to who asked."""
        ...


Make = Callable[[], Work]
"""Makes the work in the worker; it is pickled by its name, so it stands in a module."""


@dataclass(frozen=True)
class Call:
    """A task and the key of its payload, whose handle follows when the worker has it not yet."""

    task: object
    key: int
    is_followed: bool


@dataclass(frozen=True)
class Answer:
    """What came of a task, or the error, and how much memory the worker has by now."""

    value: object = None
    error: Exception | None = None
    rss_mib: int = 0
