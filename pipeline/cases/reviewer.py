"""Reviews what was submitted, one application at a time, beside the server that takes them in.

One thread does all the reading, since a model belongs to one process and never runs under
threads. What waits stands in the database and nowhere else: a server that starts goes on with
whatever was submitted and not decided.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

import structlog

from pipeline import dispatch
from pipeline.cases.desk import Desk
from pipeline.cases.refused import Refused
from pipeline.ports import Application, Event, State, Step
from pipeline.stages.package import review
from pipeline.stages.services import Services
from schemas.decisions import Outcome
from schemas.errors import ConfigError, TransientError, ZishenError

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


Review = Callable[[str], Verdict]


def review_with(services: Services) -> Review:
    """Return what reviews a package: a Prefect flow where a server is named, else this process."""

    def here(package_id: str) -> Verdict:
        record = review(package_id, services)
        return Verdict(record.revision, record.decision.outcome)

    def under_prefect(package_id: str) -> Verdict:
        with dispatch.opened(services.settings) as runs:
            reviewed = runs.review(package_id)
        assert reviewed.revision is not None  # noqa: S101  an error would have passed
        assert reviewed.outcome is not None  # noqa: S101
        return Verdict(reviewed.revision, reviewed.outcome)

    return here if services.settings.prefect.api_url is None else under_prefect


class Reviewer:
    """The one thread that reviews."""

    def __init__(self, desk: Desk, review: Review) -> None:
        """Begin with nothing running."""
        self._desk, self._review = desk, review
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
        """Take no more; a review that is under way is picked up by the next start."""
        self._stopping.set()
        self._desk.work.set()
        self._thread.join(_STOP_SECONDS)

    def step(self) -> bool:
        """Review the application that has waited longest; return whether there was one."""
        application = self._desk.applications.due(self._desk.services.clock.now())
        if application is None or application.package_id is None:
            return False
        if self._deaths(application) >= _MOST_DEATHS:
            self._end(application, State.FAILED, code=ZishenError.code)
        elif self._begin(application):
            self._attempt(application, application.package_id)
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

    def _begin(self, application: Application) -> bool:
        """Say that the review begins, unless the application was changed since it was due."""
        after = application.model_copy(
            update={
                "state": State.REVIEWING,
                "attempts": application.attempts + 1,
                "sequence": application.sequence + 1,
            }
        )
        event = self._event(Step.REVIEWING, after)
        return self._desk.applications.advance(after, event)

    def _attempt(self, application: Application, package_id: str) -> None:
        log = _log.bind(application=application.id, package=package_id)
        try:
            verdict = self._review(package_id)
        except (TransientError, ConfigError) as error:
            log.warning("application.delayed", code=error.code, exc_info=error)
            self._end(application, State.DELAYED, code=error.code)
        except Exception as error:  # a bug in one review stops no other
            log.exception("application.failed", kind=type(error).__name__)
            code = error.code if isinstance(error, ZishenError) else ZishenError.code
            self._end(application, State.FAILED, code=code)
        else:
            self._end(application, State.DECIDED, verdict=verdict)

    def _end(
        self,
        reviewed: Application,
        state: State,
        *,
        verdict: Verdict | None = None,
        code: str | None = None,
    ) -> None:
        """Keep how a review ended; nothing where it was withdrawn or other papers came since."""
        due = None
        if state is State.DELAYED:
            delay = min(_FIRST_DELAY * 2 ** min(reviewed.attempts, 16), _LONGEST_DELAY)
            due = self._desk.services.clock.now() + delay

        def change(now: Application) -> tuple[Application, Event] | None:
            if now.package_id != reviewed.package_id:
                return None
            event = self._event(Step(state.value), now, verdict, code)
            return now.model_copy(update={"state": state, "due_at": due}), event

        try:
            self._desk.change(reviewed.id, change)
        except Refused as refused:
            _log.info("application.gone", application=reviewed.id, code=refused.code)

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
        )
