"""How right the machine was, as far as persons have looked: what they changed and what they kept.

The values that a person looked at are those of cases that a person decided. In them a value that
nobody changed counts as right. Everything else has been checked by nobody and is not counted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pipeline.cases.corrections import Change, changes
from pipeline.ports import Application, Event, Step
from pipeline.stages.correct import places
from schemas.decisions import Outcome
from schemas.fields import FieldState
from schemas.records import Record

_THRESHOLDS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)


@dataclass(frozen=True, slots=True)
class Work:
    """An application with what happened to it, and the revisions of its latest record."""

    application: Application
    events: Sequence[Event]
    records: Sequence[Record]

    @property
    def is_checked(self) -> bool:
        """Whether a person has decided it, so that its values count as looked at."""
        return self.application.ruling is not None


@dataclass(frozen=True, slots=True)
class FieldLine:
    """How often a field was read and what became of it."""

    name: str
    seen: int
    corrected: int
    accepted_wrong: int


@dataclass(frozen=True, slots=True)
class Point:
    """What would be accepted if this much confidence were asked for, and how much of it wrong."""

    threshold: float
    coverage: float
    risk: float
    values: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The figures of the accuracy page."""

    cases: int
    checked: int
    touchless: int
    judged: int
    values: int
    wrong: int
    accepted: int
    accepted_wrong: int
    fields: tuple[FieldLine, ...]
    curve: tuple[Point, ...]
    in_time: int
    late: int
    median: timedelta | None


@dataclass(frozen=True, slots=True)
class _Value:
    """A value as the machine left it, and whether a person found another."""

    name: str
    accepted: bool
    confidence: float | None
    wrong: bool


def measure(works: Iterable[Work]) -> Accuracy:
    """Return the figures over applications."""
    found = list(works)
    values = [value for work in found if work.is_checked for value in _values(work)]
    judged = [work for work in found if _outcome(work) is not None]
    times = sorted(time for work in found if (time := _time(work)) is not None)
    late = sum(any(event.step is Step.BREACHED for event in work.events) for work in found)
    decided = len(times)
    return Accuracy(
        cases=len(found),
        checked=sum(work.is_checked for work in found),
        touchless=sum(_outcome(work) is Outcome.PASS for work in judged),
        judged=len(judged),
        values=len(values),
        wrong=sum(value.wrong for value in values),
        accepted=sum(value.accepted for value in values),
        accepted_wrong=sum(value.accepted and value.wrong for value in values),
        fields=_lines(values),
        curve=tuple(_curve(values)),
        in_time=max(0, decided - late),
        late=late,
        median=times[len(times) // 2] if times else None,
    )


def _values(work: Work) -> list[_Value]:
    """Return the values of the record as the machine left it."""
    if not work.records:
        return []
    changed: dict[object, Change] = {}
    for change in changes(work.records):
        changed.setdefault(change.place, change)
    last = {change.place: change for change in changes(work.records)}
    found = []
    for place, field in places(work.records[0].dossier):
        if field.state is FieldState.ABSENT and place not in changed:
            continue
        wrong = place in changed and _differs(changed[place], last[place])
        name = place.name if place.row is None else "amount"
        found.append(_Value(name, field.accepted, field.confidence, wrong))
    return found


def _differs(first: Change, last: Change) -> bool:
    return (first.before.value, first.before.state) != (last.after.value, last.after.state)


def _lines(values: Sequence[_Value]) -> tuple[FieldLine, ...]:
    seen = Counter(value.name for value in values)
    wrong = Counter(value.name for value in values if value.wrong)
    bad = Counter(value.name for value in values if value.wrong and value.accepted)
    lines = (FieldLine(name, seen[name], wrong[name], bad[name]) for name in seen)
    return tuple(sorted(lines, key=lambda line: (-line.corrected, -line.seen, line.name)))


def _curve(values: Sequence[_Value]) -> list[Point]:
    """Return risk over coverage for recognised values, by the confidence that is asked for."""
    known = [value for value in values if value.confidence is not None]
    points = []
    for threshold in _THRESHOLDS:
        kept = [value for value in known if (value.confidence or 0.0) >= threshold]
        if kept:
            wrong = sum(value.wrong for value in kept)
            points.append(Point(threshold, len(kept) / len(known), wrong / len(kept), len(kept)))
    return points


def _outcome(work: Work) -> Outcome | None:
    """Return what the first review came to, before any person."""
    return next((event.outcome for event in work.events if event.step is Step.DECIDED), None)


def _time(work: Work) -> timedelta | None:
    """Return how long it took from the first submission to the decision."""
    begun = next((event.at for event in work.events if event.step is Step.SUBMITTED), None)
    ends = [
        event.at
        for event in work.events
        if event.step in {Step.APPROVED, Step.REJECTED}
        or (event.step is Step.DECIDED and event.outcome is Outcome.PASS)
    ]
    return ends[-1] - begun if begun is not None and ends else None
