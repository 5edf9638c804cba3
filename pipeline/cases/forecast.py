"""How much work stands before an application, from what past reviews took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pipeline.cases.desk import Desk
from pipeline.cases.states import DUE
from pipeline.ports import Application, Event, State

_LATEST: Final = 50
"""Reviews that the rates are taken from: enough to be steady, few enough to be of today."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What reading takes here, on the average of the latest reviews."""

    seconds_per_page: float
    pages_per_file: float

    def work(self, files: int) -> timedelta:
        """Return what reading so many files is expected to take."""
        return timedelta(seconds=self.seconds_per_page * self.pages_per_file * files)


def measured(desk: Desk) -> Rates | None:
    """Return the rates of the latest reviews, None before there is any."""
    return rates(list(_reviews(desk)))


def rates(reviews: Sequence[tuple[Event, Event, int]]) -> Rates | None:
    """Return the rates of reviews, given by their begins, their ends and their files."""
    pages = sum(ended.pages or 0 for _, ended, _ in reviews)
    files = sum(count for _, _, count in reviews)
    if pages == 0 or files == 0:
        return None
    seconds = sum((ended.at - begun.at).total_seconds() for begun, ended, _ in reviews)
    return Rates(seconds / pages, pages / files)


def ahead(queue: Sequence[Application], rates: Rates | None) -> dict[str, timedelta]:
    """Return what is expected to pass before each review is done, by application.

    `queue` is in the order in which it is worked off. As many reviews as are under way are taken
    to go on side by side.
    """
    if rates is None:
        return {}
    hands = max(1, sum(application.state is State.REVIEWING for application in queue))
    found, total = {}, timedelta(0)
    for application in queue:
        if application.state in DUE:
            total += rates.work(len(application.papers))
            found[application.id] = total / hands
    return found


def _reviews(desk: Desk) -> Iterator[tuple[Event, Event, int]]:
    for begun, ended in desk.applications.reviews(_LATEST):
        if ended.package_id is not None:
            package = desk.services.repository.package(ended.package_id)
            yield begun, ended, len(package.files)
