"""A process that dies at a named point, and the next one on the same data folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cases.desk import Desk, NewApplication
from tests.cases.conftest import Clock, desk_of, hand_in
from tests.cli.papers import COMPLETE, PaperReader, make_services


class KilledError(BaseException):
    """The process is gone, and nothing is cleaned up."""


Patch = Callable[[pytest.MonkeyPatch], None]


def at(owner: object, name: str, *, after: bool, when: Callable[..., bool]) -> Patch:
    """Return what kills the process once, before or after a call."""

    def patch(patches: pytest.MonkeyPatch) -> None:
        real, lives = getattr(owner, name), [1]

        def deadly(*given: object, **named: object) -> object:
            if not lives or not when(*given):
                return real(*given, **named)
            result = real(*given, **named) if after else None
            lives.pop()
            raise KilledError(result)

        patches.setattr(owner, name, deadly)

    return patch


def always(*_: object) -> bool:
    return True


@contextmanager
def started(data: Path, clock: Clock) -> Iterator[Desk]:
    """Start a process on a data folder, as far as that goes within one."""
    services = replace(make_services(data, PaperReader()), clock=clock)
    desk = desk_of(services)
    try:
        yield desk
    finally:
        services.close()


def handed_over(desk: Desk, papers: Path) -> str:
    """Do what a portal does, which tries again with the same key after an error."""
    application = desk.open("bank-app", NewApplication(), "LN-1")
    hand_in(desk, application.id, COMPLETE, papers)
    desk.submit(application.id)
    return application.id
