"""How right the machine was, as far as persons have looked: what they changed and what they kept.

The values that a person looked at are those of cases that a person decided. In them a value that
nobody changed counts as right. Everything else has been checked by nobody and is not counted. What
was found in a case is counted once, when it is decided; the page adds counts up and opens nothing.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pipeline.cases.corrections import Change, changes
from pipeline.cases.desk import Desk
from pipeline.ports import Checked, Milestone, Step, Tally
from pipeline.stages.correct import Place, places
from schemas.decisions import Outcome
from schemas.fields import Field, FieldState
from schemas.records import Record

THRESHOLDS: Final = (0, 500, 600, 700, 800, 900, 950, 980, 990, 995, 999)
"""Confidences that might be asked for, in thousandths."""
LATEST: Final = 10_000
"""Cases that are looked at; the page says so."""
_AT_ONCE: Final = 50
"""Cases decided elsewhere that one look at the page counts."""
_AMOUNT: Final = "amount"
_UNRECOGNISED: Final = -1


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
class Times:
    """How cases went: judged, passed by the machine alone, done in time or late, and how fast."""

    judged: int
    touchless: int
    in_time: int
    late: int
    median: timedelta | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The figures of the accuracy page; `uncounted` cases are decided and not in them yet."""

    cases: int
    checked: int
    uncounted: bool
    values: int
    wrong: int
    accepted: int
    accepted_wrong: int
    fields: tuple[FieldLine, ...]
    curve: tuple[Point, ...]
    times: Times


def measure(desk: Desk, tally: Tally, branches: frozenset[str] | None) -> Accuracy:
    """Return the figures over the latest cases of branches, None for all."""
    left = _catch_up(desk, tally, branches)
    counts = tally.totals(branches, LATEST)
    cases, checked = tally.cases(branches, LATEST)
    return Accuracy(
        cases=cases,
        checked=checked,
        uncounted=left,
        values=sum(one.seen for one in counts),
        wrong=sum(one.wrong for one in counts),
        accepted=sum(one.accepted for one in counts),
        accepted_wrong=sum(one.accepted_wrong for one in counts),
        fields=_lines(counts),
        curve=tuple(_curve(counts)),
        times=_times(tally.milestones(branches, LATEST)),
    )


def count(desk: Desk, tally: Tally, application_id: str, package_id: str | None) -> None:
    """Count what a person found in a case that was just decided."""
    records = desk.services.repository.records(package_id) if package_id else ()
    tally.keep(application_id, counted(records))


def counted(records: Sequence[Record]) -> tuple[Checked, ...]:
    """Return what persons found in the revisions of a record, by name and confidence."""
    if not records:
        return ()
    first: dict[Place, Change] = {}
    last: dict[Place, Change] = {}
    for change in changes(records):
        first.setdefault(change.place, change)
        last[change.place] = change
    sums: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for place, field in places(records[0].dossier):
        if field.state is FieldState.ABSENT and place not in first:
            continue
        wrong = place in first and _differs(first[place], last[place])
        name = place.name if place.row is None else _AMOUNT
        sums[name, _threshold(field.confidence)].update(_of(field, wrong=wrong))
    return tuple(
        Checked(name, threshold, one["seen"], one["wrong"], one["accepted"], one["accepted_wrong"])
        for (name, threshold), one in sums.items()
    )


def _catch_up(desk: Desk, tally: Tally, branches: frozenset[str] | None) -> bool:
    """Count some cases that were decided without being counted; return whether more are left."""
    found = tally.uncounted(branches, LATEST, _AT_ONCE + 1)
    for application in found[:_AT_ONCE]:
        count(desk, tally, application.id, application.package_id)
    return len(found) > _AT_ONCE


def _of(field: Field[object], *, wrong: bool) -> dict[str, int]:
    return {
        "seen": 1,
        "wrong": int(wrong),
        "accepted": int(field.accepted),
        "accepted_wrong": int(field.accepted and wrong),
    }


def _threshold(confidence: float | None) -> int:
    """Return the highest threshold that a confidence reaches.

    >>> _threshold(0.9449), _threshold(0.95), _threshold(None)
    (900, 950, -1)
    """
    if confidence is None:
        return _UNRECOGNISED
    return THRESHOLDS[bisect_right(THRESHOLDS, confidence * 1000) - 1]


def _differs(first: Change, last: Change) -> bool:
    return (first.before.value, first.before.state) != (last.after.value, last.after.state)


def _lines(counts: Sequence[Checked]) -> tuple[FieldLine, ...]:
    seen, wrong, bad = Counter[str](), Counter[str](), Counter[str]()
    for one in counts:
        seen[one.name] += one.seen
        wrong[one.name] += one.wrong
        bad[one.name] += one.accepted_wrong
    lines = (FieldLine(name, seen[name], wrong[name], bad[name]) for name in seen)
    return tuple(sorted(lines, key=lambda line: (-line.corrected, -line.seen, line.name)))


def _curve(counts: Sequence[Checked]) -> list[Point]:
    """Return risk over coverage for recognised values, by the confidence that is asked for."""
    known = sum(one.seen for one in counts if one.threshold != _UNRECOGNISED)
    points = []
    for threshold in THRESHOLDS:
        kept = [one for one in counts if one.threshold >= threshold]
        values, wrong = sum(one.seen for one in kept), sum(one.wrong for one in kept)
        if values:
            points.append(Point(threshold / 1000, values / known, wrong / values, values))
    return points


@dataclass(slots=True)
class _Course:
    """How one case went so far."""

    begun: datetime | None = None
    ended: datetime | None = None
    outcome: Outcome | None = None
    late: bool = False

    def take(self, milestone: Milestone) -> None:
        """Go on: the first submission and the first outcome count, and the last end."""
        match milestone.step:
            case Step.SUBMITTED:
                self.begun = self.begun or milestone.at
            case Step.BREACHED:
                self.late = True
            case Step.DECIDED:
                self.outcome = self.outcome or milestone.outcome
                if milestone.outcome is Outcome.PASS:
                    self.ended = milestone.at
            case _:
                self.ended = milestone.at

    @property
    def time(self) -> timedelta | None:
        """How long it took from the first submission to the decision."""
        return self.ended - self.begun if self.begun and self.ended else None


def _times(milestones: Iterable[Milestone]) -> Times:
    courses: dict[str, _Course] = defaultdict(_Course)
    for milestone in milestones:
        courses[milestone.application_id].take(milestone)
    found = courses.values()
    times = sorted(time for one in found if (time := one.time) is not None)
    late = sum(one.late for one in found)
    return Times(
        judged=sum(one.outcome is not None for one in found),
        touchless=sum(one.outcome is Outcome.PASS for one in found),
        in_time=max(0, len(times) - late),
        late=late,
        median=times[len(times) // 2] if times else None,
    )
