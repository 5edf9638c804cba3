"""What can be done with an application, whoever asks and however the answer is said.

An application is changed by one rule: read it, work out how it stands afterwards, and keep that
unless somebody else was faster, in which case it is worked out again.
"""

import hashlib
import json
import re
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import ConfigDict
from pydantic import Field as Default

from pipeline.cases import clock, states
from pipeline.cases.calendar import load_calendar
from pipeline.cases.names import legible
from pipeline.cases.refused import Refused
from pipeline.ports import (
    ApiKeys,
    Application,
    Applications,
    AuditTrail,
    Event,
    Lease,
    Ruling,
    State,
    Step,
)
from pipeline.stages.intake import Paper, take_papers
from pipeline.stages.services import Services
from schemas.base import Model
from schemas.documents import Package, RefusedFile, SourceFile
from schemas.errors import PolicyError
from schemas.records import Record
from validators.policy import load_policy, products

Change = Callable[[Application], tuple[Application, Event] | None]

PRINTED: Final = r"^[^\x00-\x1f\x7f]+$"
"""Text without what no database takes and no screen shows."""

_TRIES: Final = 20
_ONCE: Final = frozenset(State) - {State.DRAFT, State.FAILED}
"""Where submitting the same papers again changes nothing."""
_REASON: Final = re.compile(r"[a-z][a-z0-9_.]{0,63}")


class NewApplication(Model):
    """What is to be said of an application before its papers come."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {"product": "sme_small", "applied_on": "2026-10-15", "reference": "LN-2026-0042"}
            ]
        },
    )

    product: Annotated[str, Default(max_length=64)] | None = None
    """Loan product, which decides what papers are needed; else that of the installation."""
    applied_on: Annotated[date, Default(ge=date(2000, 1, 1), le=date(2100, 1, 1))] | None = None
    """Day of the application, from which the age of papers counts; else today in China."""
    reference: Annotated[str, Default(max_length=128, pattern=PRINTED)] | None = None
    """Your own number for it. No names of people, please."""


@dataclass(frozen=True)
class Standing:
    """An application, what happened to it, and what its latest submission came to."""

    application: Application
    events: Sequence[Event]
    package: Package | None
    record: Record | None

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers; a file that turned out bad in the review counts as refused."""
        found = self.record.dossier.package.refused if self.record else ()
        refused: dict[str, Paper] = {file.sha256: file for file in found}
        return tuple(refused.get(paper.sha256, paper) for paper in self.application.papers)

    @property
    def submitted(self) -> frozenset[str]:
        """The hashes of the papers of the latest submission."""
        return hashes_of(self.package) if self.package else frozenset()


@dataclass(frozen=True)
class Desk:
    """Takes applications in; `work` is set when there is something to review."""

    services: Services
    applications: Applications
    keys: ApiKeys
    audit: AuditTrail
    work: threading.Event = field(default_factory=threading.Event)

    def open(
        self,
        owner: str,
        new: NewApplication,
        idempotency_key: str | None,
        *,
        branch: str = "",
        application_id: str | None = None,
    ) -> Application:
        """Open an application, or return the one that the same request opened before."""
        product = new.product or self.services.settings.product
        if product not in products(self.services.policies):
            raise Refused("api.unknown_product")
        now = self.services.clock.now()
        application = Application(
            id=application_id or uuid.uuid4().hex,
            owner=owner,
            branch=branch,
            reference=new.reference,
            product=product,
            applied_on=new.applied_on or now.date(),
            made_at=now,
        )
        kept = self.applications.open(application, idempotency_key)
        asked = (product, new.applied_on or kept.applied_on, new.reference)
        if (kept.product, kept.applied_on, kept.reference) != asked:
            raise Refused("api.idempotency_conflict")
        return kept

    def standing(self, application_id: str) -> Standing:
        """Return where an application stands."""
        application = self._get(application_id)
        package_id, repository = application.package_id, self.services.repository
        return Standing(
            application,
            self.applications.events(application_id),
            repository.package(package_id) if package_id else None,
            repository.record(package_id) if package_id else None,
        )

    def add(self, application: Application, paths: Sequence[Path]) -> tuple[Paper, ...]:
        """Keep the files of an upload and return what they are; what is known already stays."""
        return self.keep(application.id, take_papers(paths, self.services))

    def keep(self, application_id: str, taken: Sequence[Paper]) -> tuple[Paper, ...]:
        """Let files that are kept already be papers of an application; known ones stay."""
        papers = tuple(paper.model_copy(update={"name": legible(paper.name)}) for paper in taken)
        most = self.services.settings.api.max_files

        def change(now: Application) -> tuple[Application, Event] | None:
            known = {paper.sha256 for paper in now.papers}
            added = tuple(paper for paper in papers if paper.sha256 not in known)
            if len(now.papers) + len(added) > most:
                raise Refused("api.too_many_files")
            after = now.model_copy(update={"papers": (*now.papers, *added)})
            return (after, self._event(Step.PAPERS_ADDED)) if added else None

        self.change(application_id, change)
        return papers

    def take_back(self, application_id: str, sha256: str) -> None:
        """Leave a file out of the next submission."""

        def change(now: Application) -> tuple[Application, Event]:
            left = tuple(paper for paper in now.papers if paper.sha256 != sha256)
            if len(left) == len(now.papers):
                raise Refused("api.not_found")
            after = now.model_copy(update={"papers": left})
            return after, self._event(Step.PAPER_TAKEN_BACK)

        self.change(application_id, change)

    def submit(self, application_id: str) -> None:
        """Let the papers that are there be reviewed; the same ones are reviewed once."""

        def change(now: Application) -> tuple[Application, Event] | None:
            if not now.papers:
                raise Refused("api.nothing_to_submit")
            package = package_of(now)
            if now.package_id == package.id and now.state in _ONCE:
                return None
            self.services.repository.add_package(package)
            after = now.model_copy(
                update={
                    "package_id": package.id,
                    "attempts": 0,
                    "due_at": self.services.clock.now(),
                }
            )
            return after, self._event(Step.SUBMITTED, package_id=package.id)

        self.change(application_id, change)
        self.work.set()

    def withdraw(self, application_id: str) -> None:
        """Let nothing more happen to an application."""
        if self._get(application_id).state is not State.WITHDRAWN:
            self.change(application_id, lambda now: (now, self._event(Step.WITHDRAWN)))

    def cancel(self, application_id: str) -> None:
        """Take a submission back whose review came to nothing yet; the papers stay.

        A review that is under way ends unheard.
        """

        def change(now: Application) -> tuple[Application, Event]:
            events = self.applications.events(application_id)
            heard = (e.package_id for e in reversed(events) if e.step is Step.DECIDED)
            after = now.model_copy(update={"package_id": next(heard, None)})
            return after, self._event(Step.CANCELLED, package_id=now.package_id)

        if self._get(application_id).state is not State.DRAFT:
            self.change(application_id, change)

    def decide(
        self,
        application_id: str,
        *,
        by: str,
        ruling: Ruling,
        reason_code: str,
        revision: int | None = None,
    ) -> None:
        """Keep what a person decides of a case that waits for one; it is final.

        Four eyes: who corrected what was read, in any submission, does not approve it. `revision`
        is the record that the person has seen; where there is a newer one, nothing is decided.

        Raises:
            Refused: it waits for no decision, the reason is no code, the record is no longer the
                latest, or the person's own work would be approved.
        """
        if _REASON.fullmatch(reason_code) is None:
            raise Refused("api.invalid_request")

        def change(now: Application) -> tuple[Application, Event]:
            events = self.applications.events(application_id)
            if ruling is Ruling.APPROVED and by in _correctors(events):
                raise Refused("api.own_work")
            latest = self._revision(now)
            if revision is not None and revision != latest:
                raise Refused("api.busy")
            event = Event(
                step=Step(ruling.value),
                at=self.services.clock.now(),
                package_id=now.package_id,
                revision=latest,
                code=reason_code,
                by=by,
            )
            return now.model_copy(update={"ruling": ruling}), event

        self.change(application_id, change)

    def record(
        self, application_id: str, package_id: str | None = None, revision: int | None = None
    ) -> Record:
        """Return a record of an application, the latest unless told."""
        application = self._get(application_id)
        wanted = package_id or application.package_id
        events = self.applications.events(application_id)
        if wanted is None or wanted not in {event.package_id for event in events}:
            raise Refused("api.no_record")
        record = self.services.repository.record(wanted, revision)
        if record is None:
            raise Refused("api.no_record")
        return record

    def change(self, application_id: str, change: Change) -> None:
        """Change an application, unless there is nothing to change.

        The state follows from the event.

        Raises:
            Refused: it was withdrawn or decided by a person, the event cannot happen now, or others
                change it all the time.
        """
        for _ in range(_TRIES):
            now = self._get(application_id)
            if now.state is State.WITHDRAWN:
                raise Refused("api.withdrawn")
            changed = change(now)
            if changed is None or self.advance(now, *changed):
                return
        raise Refused("api.busy")

    def advance(
        self, now: Application, after: Application, event: Event, lease: Lease | None = None
    ) -> bool:
        """Take an application one event on; return whether nobody else was faster.

        Raises:
            Refused: the event cannot happen now.
        """
        state = states.after(now, event)
        events = (*self.applications.events(now.id), event)
        led = {
            "state": state,
            "sequence": now.sequence + 1,
            "due_at": after.due_at if state in states.DUE else None,
            "deadline": clock.deadline(events, self.rules(now)),
        }
        return self.applications.advance(after.model_copy(update=led), event, lease)

    def rules(self, application: Application) -> clock.Rules:
        """Return what the product of an application allows.

        That of the whole policy where the product is no longer there.

        Raises:
            PolicyError: something is wrong with the bank's own policy file.
            SettingsError: something is wrong with its calendar.
        """
        table = self.services.policies
        try:
            service = load_policy(application.product, table).service
        except PolicyError:
            service = table.service
        return clock.rules(service, load_calendar(self.services.settings.cases.calendar_file))

    def _revision(self, application: Application) -> int | None:
        if application.package_id is None:
            return None
        record = self.services.repository.record(application.package_id)
        return record.revision if record else None

    def _get(self, application_id: str) -> Application:
        application = self.applications.get(application_id)
        if application is None:
            raise Refused("api.not_found")
        return application

    def _event(self, step: Step, package_id: str | None = None) -> Event:
        return Event(step=step, at=self.services.clock.now(), package_id=package_id)


def _correctors(events: Sequence[Event]) -> frozenset[str | None]:
    return frozenset(event.by for event in events if event.step is Step.CORRECTED)


def package_of(application: Application) -> Package:
    """Return the papers as a package of this application alone.

    Its id depends on the application too: two senders with the same papers never share a record.
    """
    said = [application.id, application.product, application.applied_on.isoformat()]
    papers = sorted(application.papers, key=lambda paper: (paper.name, paper.sha256))
    contents = sorted(paper.sha256 for paper in papers)
    return Package(
        id=hashlib.sha256(json.dumps([*said, *contents]).encode()).hexdigest()[:32],
        name=application.reference or application.id[:8],
        product=application.product,
        applied_on=application.applied_on,
        files=tuple(paper for paper in papers if isinstance(paper, SourceFile)),
        refused=tuple(paper for paper in papers if isinstance(paper, RefusedFile)),
    )


def hashes_of(package: Package) -> frozenset[str]:
    """Return the hashes of the files of a package, refused ones included."""
    papers: tuple[Paper, ...] = (*package.files, *package.refused)
    return frozenset(paper.sha256 for paper in papers)
