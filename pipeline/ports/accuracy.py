"""What persons found in what the machine read, and how long cases took, as counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from pipeline.ports.applications import Application, Step
from schemas.decisions import Outcome


class Checked(NamedTuple):
    """Values of one name and of about the same confidence that persons have looked at.

    `threshold` is the highest of those the page knows that their confidence reaches, in
    thousandths; -1 where they were read as text and have none.
    """

    name: str
    threshold: int
    seen: int
    wrong: int
    accepted: int
    accepted_wrong: int


class Milestone(NamedTuple):
    """What happened to an application, as far as its time is counted by it."""

    application_id: str
    step: Step
    at: datetime
    outcome: Outcome | None


class Tally(Protocol):
    """Counts over the latest cases of branches; `branches` None is all of them."""

    def keep(self, application_id: str, counts: Sequence[Checked]) -> None:
        """Keep the counts of a decided case; a second time changes nothing."""
        ...

    def uncounted(
        self, branches: frozenset[str] | None, latest: int, limit: int
    ) -> Sequence[Application]:
        """Return cases that a person has decided and whose counts are not kept yet."""
        ...

    def cases(self, branches: frozenset[str] | None, latest: int) -> tuple[int, int]:
        """Return how many cases there are, and of how many counts are kept."""
        ...

    def totals(self, branches: frozenset[str] | None, latest: int) -> Sequence[Checked]:
        """Return the sums of what is kept, by name and threshold."""
        ...

    def milestones(self, branches: frozenset[str] | None, latest: int) -> Iterator[Milestone]:
        """Yield what happened to the cases, in that order."""
        ...
