"""Reviews what was submitted, one application at a time, beside the server that takes them in.

One thread does all the reading, since a model belongs to one process and never runs under
threads. What waits stands in the database and nowhere else: a server that starts goes on with
whatever was submitted and not decided. Several servers share the work: whoever begins a review
holds a lease on it, and the review of one that died is begun again when its lease runs out.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

import structlog

from pipeline import dispatch
from pipeline.cases.carry import carry_over
from pipeline.cases.desk import Desk
from pipeline.cases.leases import Holder
from pipeline.cases.refused import Refused
from pipeline.ports import Application, Event, Step
from pipeline.stages.package import review
from pipeline.stages.services import Services
from schemas.decisions import Outcome
from schemas.errors import ConfigError, TransientError, ZishenError
from schemas.records import Record

_log = structlog.get_logger()

_POLL_SECONDS: Final = 2.0
"""How soon delayed reviews and those taken in by other servers are noticed."""
_STOP_SECONDS: Final = 5.0
_FIRST_DELAY: Final = timedelta(seconds=5)
_LONGEST_DELAY: Final = timedelta(minutes=5)
_MOST_DEATHS: Final = 3
"""How often the process may die over one submission before it is left alone."""


class Verdict(NamedTuple):
    """What a review came to."""

    revision: int
    outcome: Outcome
    pages: int | None = None


Review = Callable[[str], Verdict]


def review_with(services: Services) -> Review:
    """Return what reviews a package: a Prefect flow where a server is named, else this process."""

    def here(package_id: str) -> Verdict:
        record = review(package_id, services)
        return Verdict(record.revision, record.decision.outcome, pages_of(record))

    def under_prefect(package_id: str) -> Verdict:
        with dispatch.opened(services.settings) as runs:
            reviewed = runs.review(package_id)
        assert reviewed.revision is not None  # noqa: S101  an error would have passed
        assert reviewed.outcome is not None  # noqa: S101
        record = services.repository.record(package_id, reviewed.revision)
        return Verdict(reviewed.revision, reviewed.outcome, pages_of(record) if record else None)

    return here if services.settings.prefect.api_url is None else under_prefect


def pages_of(record: Record) -> int:
    """Return how many pages were read for a record."""
    return sum(reading.pages for reading in record.dossier.readings)


class Reviewer:
    """The one thread that reviews in this process."""

    def __init__(self, desk: Desk, review: Review) -> None:
        """Begin with nothing running."""
        self._desk, self._review = desk, review
        self._held = Holder(desk)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reviewer", daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether reviews go on."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to review."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more; a review that is under way is left to whoever comes next."""
        self._stopping.set()
        self._desk.work.set()
        self._thread.join(_STOP_SECONDS)
        if self._thread.is_alive():
            self._held.let_go()

    def step(self) -> bool:
        """Review the application whose deadline is first; return whether there was one."""
        application = self._desk.applications.due(self._desk.services.clock.now())
        if application is None or application.package_id is None:
            return False
        if self._deaths(application) >= _MOST_DEATHS:
            self._end(application, Step.FAILED, code=ZishenError.code)
        else:
            begun = self._begin(application)
            if begun is not None:
                self._attempt(begun, application.package_id)
        return True

    def _deaths(self, application: Application) -> int:
        """Return how often a review was begun and not ended since it last was to be begun."""
        steps = [event.step for event in self._desk.applications.events(application.id)]
        begins = [n for n, step in enumerate(steps) if step in {Step.SUBMITTED, Step.DELAYED}]
        return steps[max(begins, default=0) :].count(Step.REVIEWING)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._desk.work.clear()
            try:
                busy = self.step()
            except Exception as error:  # noqa: BLE001  the database may come back
                _log.warning("reviewer.troubled", kind=type(error).__name__, exc_info=error)
                busy = False
            if not busy:
                self._desk.work.wait(_POLL_SECONDS)

    def _begin(self, application: Application) -> Application | None:
        """Say that the review begins, and take the lease; None where somebody else was faster."""
        begun = application.model_copy(update={"attempts": application.attempts + 1})
        event = self._event(Step.REVIEWING, begun)
        try:
            won = self._desk.advance(application, begun, event, self._held.taken())
        except Refused:  # withdrawn since it was due
            return None
        return begun if won else None

    def _attempt(self, begun: Application, package_id: str) -> None:
        log = _log.bind(application=begun.id, package=package_id)
        try:
            with self._held.kept(begun.id):
                verdict = self._review(package_id)
        except (TransientError, ConfigError) as error:
            log.warning("application.delayed", code=error.code, exc_info=error)
            self._end(begun, Step.DELAYED, code=error.code)
        except Exception as error:  # a bug in one review stops no other
            log.exception("application.failed", kind=type(error).__name__)
            code = error.code if isinstance(error, ZishenError) else ZishenError.code
            self._end(begun, Step.FAILED, code=code)
        else:
            self._end(begun, Step.DECIDED, verdict=verdict)
            carry_over(self._desk, begun.id)

    def _end(
        self,
        begun: Application,
        step: Step,
        *,
        verdict: Verdict | None = None,
        code: str | None = None,
    ) -> None:
        """Keep how a review ended; nothing where that review is no longer the one that counts.

        It was withdrawn, other papers came since, or the lease ran out and another has begun it.
        """
        due = None
        if step is Step.DELAYED:
            delay = min(_FIRST_DELAY * 2 ** min(begun.attempts - 1, 16), _LONGEST_DELAY)
            due = self._desk.services.clock.now() + delay

        def change(now: Application) -> tuple[Application, Event] | None:
            if (now.package_id, now.attempts) != (begun.package_id, begun.attempts):
                return None
            event = self._event(step, now, verdict, code)
            return now.model_copy(update={"due_at": due}), event

        try:
            self._desk.change(begun.id, change)
        except Refused as refused:
            _log.info("application.gone", application=begun.id, code=refused.code)

    def _event(
        self,
        step: Step,
        application: Application,
        verdict: Verdict | None = None,
        code: str | None = None,
    ) -> Event:
        return Event(
            step=step,
            at=self._desk.services.clock.now(),
            package_id=application.package_id,
            revision=verdict.revision if verdict else None,
            outcome=verdict.outcome if verdict else None,
            code=code,
            pages=verdict.pages if verdict else None,
        )
