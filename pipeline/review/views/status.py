"""How far an application is, as the applicant may know it: never what is suspected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.cases.desk import Standing
from pipeline.ports import Step
from pipeline.review.words import STATES, STEPS
from schemas.documents import RefusedFile
from schemas.messages import Language, error_message
from validators.applicant import applicant_list

_TOLD: Final = frozenset(
    {Step.OPENED, Step.PAPERS_ADDED, Step.PAPER_TAKEN_BACK, Step.SUBMITTED, Step.WITHDRAWN}
    | {Step.REVIEWING, Step.DECIDED, Step.APPROVED, Step.REJECTED}
)
"""What concerns the applicant."""
_MOVING: Final = frozenset({"submitted", "reviewing", "delayed"})


@dataclass(frozen=True, slots=True)
class Happened:
    """A step of the way."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaperStatus:
    """A file that was handed in, and why it is of no use where it is not."""

    name: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the page shows; `moving` says that it will be another one soon."""

    state: str
    word: str
    moving: bool
    owed: tuple[str, ...]
    papers: tuple[PaperStatus, ...]
    steps: tuple[Happened, ...]


def status_view(standing: Standing, lang: Language) -> Status:
    """Return where an application stands."""
    application, record = standing.application, standing.record
    state = application.ruling.value if application.ruling else application.state.value
    word = STEPS[state] if application.ruling else STATES[application.state]
    owed = applicant_list(record.findings, lang) if record and not application.ruling else ()
    return Status(
        state=state,
        word=word.text(lang),
        moving=application.state.value in _MOVING,
        owed=owed if application.state.value not in _MOVING else (),
        papers=tuple(
            PaperStatus(
                paper.name,
                error_message(paper.code, lang) if isinstance(paper, RefusedFile) else "",
            )
            for paper in standing.papers
        ),
        steps=tuple(
            Happened(STEPS[event.step].text(lang), event.at)
            for event in standing.events
            if event.step in _TOLD
        ),
    )
