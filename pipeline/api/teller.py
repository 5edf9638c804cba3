"""Says applications to a caller: where they stand, what is known of their papers, what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.api.views.applications import ApplicationView, ClockView, Summary, packages_of
from pipeline.api.views.applications import TimelineEntry as Entry
from pipeline.api.views.files import Completeness, FileView, Uploaded, files_view, pending_view
from pipeline.api.words import STATES
from pipeline.cases import clock
from pipeline.cases.desk import Desk
from pipeline.cases.glances import Glances
from pipeline.ports import Application, State
from pipeline.stages.intake import Paper
from schemas.errors import PolicyError
from schemas.messages import Language
from validators.applicant import applicant_list
from validators.policy import load_policy

_WAITING = frozenset({State.SUBMITTED, State.REVIEWING, State.DELAYED})


@dataclass(frozen=True)
class Teller:
    """Answers in one language."""

    desk: Desk
    glances: Glances
    lang: Language

    def application(self, application_id: str) -> ApplicationView:
        """Say where an application stands."""
        standing = self.desk.standing(application_id)
        now, record, events = standing.application, standing.record, standing.events
        looks = self.glances.known(standing.papers)
        files = files_view(standing.papers, looks, self.lang, standing.submitted)
        rules = self.desk.rules(now)
        timing = clock.read(events, rules, self.desk.services.clock.now())
        return ApplicationView(
            **Summary.of(now).model_dump(),
            text=STATES[now.state].text(self.lang),
            outcome=record.decision.outcome if record else None,
            owed=applicant_list(record.findings, self.lang) if record else (),
            pending=pending_view(files, self.lang) if now.state in _WAITING else (),
            files=files,
            package_id=now.package_id,
            revision=record.revision if record else None,
            packages=packages_of(events),
            completeness=self._completeness(now, files),
            clock=ClockView.of(timing),
            timeline=tuple(Entry.of(event, self.lang) for event in events),
        )

    def uploaded(self, application: Application, papers: Sequence[Paper]) -> Uploaded:
        """Say what came of an upload, having looked at it for a moment."""
        looks = self.glances.at(papers)
        files = files_view(papers, looks, self.lang)
        now = self.desk.applications.get(application.id) or application
        every = files_view(now.papers, {**self.glances.known(now.papers), **looks}, self.lang)
        return Uploaded(
            files=files,
            completeness=self._completeness(now, every),
            pending=pending_view(files, self.lang),
        )

    def _completeness(self, now: Application, files: Sequence[FileView]) -> Completeness:
        """Hold files against the product; one that is no longer there asks for nothing."""
        try:
            required = load_policy(now.product, self.desk.services.policies).required
        except PolicyError:
            required = ()
        return Completeness.of(required, files)
