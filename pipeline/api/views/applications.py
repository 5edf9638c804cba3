"""Applications, as the API says them."""

from collections.abc import Sequence
from datetime import date

from pydantic import AwareDatetime
from pydantic import Field as Default

from pipeline.api.views.base import ID, View
from pipeline.api.views.files import Completeness, FileView
from pipeline.api.words import STEPS
from pipeline.cases.clock import Timeliness, Timing
from pipeline.ports import Application, Event, State, Step
from schemas.decisions import Outcome
from schemas.messages import Language


class TimelineEntry(View):
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
    """The error behind a delay or a failure, or the reason of a person's decision."""

    @classmethod
    def of(cls, event: Event, lang: Language) -> "TimelineEntry":
        """Say an event."""
        said = event.model_dump(include=set(cls.model_fields))
        return cls(**said, text=STEPS[event.step].text(lang))


class Summary(View):
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


class ClockView(View):
    """The time that the bank has for its decision."""

    deadline: AwareDatetime | None
    """By when it is to be decided, should nothing pause it; null while nothing counts."""
    counted_seconds: int
    """Time that has counted; waiting for the applicant does not."""
    remaining_seconds: int
    """Counted time that is left; negative once the deadline has passed."""
    timeliness: Timeliness

    @classmethod
    def of(cls, timing: Timing) -> "ClockView":
        """Say what a clock shows."""
        return cls(
            deadline=timing.deadline,
            counted_seconds=int(timing.counted.total_seconds()),
            remaining_seconds=int(timing.remaining.total_seconds()),
            timeliness=timing.timeliness,
        )


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
    completeness: Completeness
    """What the papers that are there look like before their review; `owed` is what counts."""
    clock: ClockView
    timeline: tuple[TimelineEntry, ...]


def packages_of(events: Sequence[Event]) -> tuple[str, ...]:
    """Return every submission, the latest last."""
    submitted = [e.package_id for e in events if e.step is Step.SUBMITTED and e.package_id]
    return tuple(dict.fromkeys(reversed(submitted)))[::-1]


class Page(View):
    """Applications in the order in which they were opened."""

    items: tuple[Summary, ...]
    next: int | None
    """Give it as `after` for the next page; null at the end."""
