"""Old packages under new models or a new policy, and what that changes.

A package whose latest record a person has corrected is not read again: what the person said would
be lost. Under the rules alone it is judged like any other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import structlog

from pipeline.stages.correct import by_person, places
from pipeline.stages.package import review
from pipeline.stages.rejudge import Rejudged, rejudge
from pipeline.stages.services import Services
from schemas.base import Model
from schemas.decisions import Outcome
from schemas.errors import ZishenError
from schemas.fields import Field
from schemas.records import Record

_log = structlog.get_logger()

CORRECTED = "reprocess.corrected"
"""The code of a package that was left alone, since a person has corrected it."""
UNREVIEWED = "reprocess.unreviewed"
"""The code of a package that has no record to compare with."""


class Difference(Model):
    """What became of one package; it names codes and counts, and no value."""

    package_id: str
    before: Outcome | None = None
    after: Outcome | None = None
    revision: int | None = None
    """The new revision; none where nothing is new."""
    added: tuple[str, ...] = ()
    """Codes of findings that are new."""
    settled: tuple[str, ...] = ()
    """Codes that are no longer said."""
    values: int = 0
    """Values that are others than before."""
    accepted: int = 0
    """Values that are accepted and were not, less those that no longer are."""
    error: str | None = None
    """The code of what stood in the way."""


class Summary(Model):
    """What became of all packages together."""

    packages: int
    changed: int
    errors: int
    outcomes: dict[str, int]
    """How many went from one outcome to another, as `manual → pass`."""


def reprocess(package_id: str, services: Services, *, reread: bool) -> Difference:
    """Judge a package again, with `reread` after reading it by the models of today.

    What is wrong with one package is told in its difference.
    """
    try:
        return _reprocessed(package_id, services, reread=reread)
    except ZishenError as error:
        _log.warning("reprocess.failed", package=package_id, code=error.code)
        return Difference(package_id=package_id, error=error.code)


def summary(differences: Sequence[Difference]) -> Summary:
    """Return what many differences come to."""
    moved = Counter(
        f"{one.before} → {one.after}" for one in differences if one.before is not one.after
    )
    return Summary(
        packages=len(differences),
        changed=sum(one.revision is not None for one in differences),
        errors=sum(one.error is not None for one in differences),
        outcomes=dict(sorted(moved.items())),
    )


def _reprocessed(package_id: str, services: Services, *, reread: bool) -> Difference:
    before = services.repository.record(package_id)
    if before is None:
        return Difference(package_id=package_id, error=UNREVIEWED)
    if not reread:
        return difference(rejudge(package_id, services))
    if any(by_person(field) for _, field in places(before.dossier)):
        return Difference(package_id=package_id, error=CORRECTED)
    return difference(Rejudged(before, review(package_id, services)))


def difference(both: Rejudged) -> Difference:
    """Return what differs between two records of a package."""
    old, new = dict(_values(both.before)), dict(_values(both.after))
    return Difference(
        package_id=both.after.package_id,
        before=both.before.decision.outcome,
        after=both.after.decision.outcome,
        revision=both.after.revision if both.is_new else None,
        added=both.added,
        settled=both.settled,
        values=sum(_said(old.get(place)) != _said(new.get(place)) for place in old.keys() | new),
        accepted=_accepted(new) - _accepted(old),
    )


Place = tuple[str, int, int | None, str]


def _values(record: Record) -> Iterator[tuple[Place, Field[Any]]]:
    readings = record.dossier.readings
    for place, field in places(record.dossier):
        yield (readings[place.reading].source.sha256, *place[1:]), field


def _said(field: Field[Any] | None) -> object:
    return None if field is None else (field.state, field.value)


def _accepted(fields: dict[Place, Field[Any]]) -> int:
    return sum(field.accepted for field in fields.values())
