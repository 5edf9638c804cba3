"""What the API answers. Keys are only ever added within /v1."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import AwareDatetime, ConfigDict
from pydantic import Field as Default

from pipeline.api.words import PENDING, STATES, STEPS
from pipeline.cases.desk import Standing
from pipeline.ports import Application, Decided, Event, State, Step
from schemas.base import Model
from schemas.decisions import Outcome
from schemas.documents import MediaType, RefusedFile, SourceFile
from schemas.messages import Language, error_message, error_remedy
from validators.applicant import applicant_list

ID = "3f2b8c1d9e7a4b6c8d0e1f2a3b4c5d6e"
_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class _View(Model):
    model_config = ConfigDict(use_attribute_docstrings=True)


class FileView(_View):
    """One file, and whether it can be used."""

    name: str = Default(examples=["营业执照.jpg"])
    """What the sender called it; of a file in an archive, with the archive before it."""
    sha256: str = Default(examples=[_SHA])
    """Of its bytes: what it is called in this API."""
    size: int = Default(examples=[184320])
    """In bytes."""
    media_type: MediaType | None
    """By its bytes, whatever the name says; null where it was refused."""
    state: Literal["accepted", "refused"]
    """Whether it can be used, as far as is known: what a file holds is known after the review."""
    code: str | None
    """Why it was refused, a stable code of docs/errors.md."""
    message: str | None
    """The same in words."""
    remedy: str | None
    """What the applicant should do."""
    submitted: bool
    """Whether it was in the latest submission."""

    @classmethod
    def of(
        cls, paper: SourceFile | RefusedFile, lang: Language, *, submitted: bool = False
    ) -> "FileView":
        """Say a file."""
        code = paper.code if isinstance(paper, RefusedFile) else None
        return cls(
            name=paper.name,
            sha256=paper.sha256,
            size=paper.size,
            media_type=paper.media_type if isinstance(paper, SourceFile) else None,
            state="accepted" if code is None else "refused",
            code=code,
            message=None if code is None else error_message(code, lang),
            remedy=None if code is None else error_remedy(code, lang),
            submitted=submitted,
        )


class Uploaded(_View):
    """What came of one upload."""

    files: tuple[FileView, ...]
    """Every file of it, what was in archives each for itself; the same bytes count once."""
    pending: tuple[str, ...]
    """What cannot be said yet."""

    @classmethod
    def of(cls, papers: Sequence[SourceFile | RefusedFile], lang: Language) -> "Uploaded":
        """Say the files of an upload."""
        files = tuple(FileView.of(paper, lang) for paper in papers)
        return cls(files=files, pending=tuple(term.text(lang) for term in PENDING))


class TimelineEntry(_View):
    """One thing that happened."""

    step: Step
    at: AwareDatetime
    text: str
    """The step in words."""
    package_id: str | None
    """The submission that it speaks of."""
    revision: int | None
    """Of the record."""
    outcome: Outcome | None
    """What a review came to."""
    code: str | None
    """The error behind a delay or a failure."""

    @classmethod
    def of(cls, event: Event, lang: Language) -> "TimelineEntry":
        """Say an event."""
        said = event.model_dump(include=set(cls.model_fields))
        return cls(**said, text=STEPS[event.step].text(lang))


class Summary(_View):
    """An application in a list."""

    id: str = Default(examples=[ID])
    """Stays the same through supplements."""
    reference: str | None = Default(examples=["LN-2026-0042"])
    product: str = Default(examples=["sme_small"])
    applied_on: date
    made_at: AwareDatetime
    state: State

    @classmethod
    def of(cls, application: Application) -> "Summary":
        """Say an application in short."""
        return cls(**application.model_dump(include=set(cls.model_fields)))


class ApplicationView(Summary):
    """An application: where it stands, what happened, and what the applicant owes."""

    text: str = Default(examples=["初审完成。"])
    """The state in words."""
    outcome: Outcome | None
    """What the latest submission came to: `pass` 通过初审, `supplement` 补件, `manual` 转人工."""
    owed: tuple[str, ...] = Default(examples=[["您提交的资料缺少：现金流量表。请补充后重新提交。"]])
    """What to tell the applicant, every gap at once."""
    pending: tuple[str, ...]
    """What cannot be said yet."""
    files: tuple[FileView, ...]
    package_id: str | None
    """The latest submission."""
    revision: int | None
    """Of its record."""
    packages: tuple[str, ...]
    """Every submission, the latest last."""
    timeline: tuple[TimelineEntry, ...]


def application_view(standing: Standing, lang: Language) -> ApplicationView:
    """Say where an application stands."""
    application, record = standing.application, standing.record
    waits = application.state in {State.SUBMITTED, State.REVIEWING, State.DELAYED}
    return ApplicationView(
        **Summary.of(application).model_dump(),
        text=STATES[application.state].text(lang),
        outcome=record.decision.outcome if record else None,
        owed=applicant_list(record.findings, lang) if record else (),
        pending=tuple(term.text(lang) for term in PENDING) if waits else (),
        files=tuple(
            FileView.of(paper, lang, submitted=paper.sha256 in standing.submitted)
            for paper in standing.papers
        ),
        package_id=application.package_id,
        revision=record.revision if record else None,
        packages=_packages(standing.events),
        timeline=tuple(TimelineEntry.of(event, lang) for event in standing.events),
    )


def _packages(events: Sequence[Event]) -> tuple[str, ...]:
    submitted = [e.package_id for e in events if e.step is Step.SUBMITTED and e.package_id]
    return tuple(dict.fromkeys(reversed(submitted)))[::-1]


class Page(_View):
    """Applications in the order in which they were opened."""

    items: tuple[Summary, ...]
    next: int | None
    """Give it as `after` for the next page; null at the end."""


class DecisionView(_View):
    """A record that came to be."""

    cursor: int
    """Its place in the order of decisions."""
    application_id: str = Default(examples=[ID])
    reference: str | None
    package_id: str
    revision: int
    outcome: Outcome
    decided_at: AwareDatetime
    record: str = Default(examples=[f"/v1/applications/{ID}/record?package_id=…&revision=1"])
    """Where the record is."""

    @classmethod
    def of(cls, decided: Decided) -> "DecisionView":
        """Say a decision."""
        application, event = decided.application, decided.event
        assert event.package_id is not None  # noqa: S101  a decision speaks of a package
        assert event.revision is not None  # noqa: S101
        assert event.outcome is not None  # noqa: S101
        return cls(
            cursor=decided.cursor,
            application_id=application.id,
            reference=application.reference,
            package_id=event.package_id,
            revision=event.revision,
            outcome=event.outcome,
            decided_at=event.at,
            record=f"/v1/applications/{application.id}/record"
            f"?package_id={event.package_id}&revision={event.revision}",
        )


class Decisions(_View):
    """Records since a cursor."""

    items: tuple[DecisionView, ...]
    next: int
    """Keep it and give it as `after` the next time, also when `items` is empty."""


class Products(_View):
    """The loan products that there are."""

    items: tuple[str, ...]


class Health(_View):
    """How the server is."""

    status: Literal["ok"]
