"""An old reading under the present rules: nothing is read again."""

from dataclasses import dataclass

import structlog

from pipeline.ports import UnknownPackageError
from pipeline.stages.judge import concluded
from pipeline.stages.services import Services
from schemas.findings import Finding
from schemas.records import Record

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rejudged:
    """The latest record of a package and what the present rules make of it.

    `after` is `before` where nothing changed.
    """

    before: Record
    after: Record

    @property
    def is_new(self) -> bool:
        """Whether a revision was added."""
        return self.after.revision != self.before.revision

    @property
    def added(self) -> tuple[str, ...]:
        """The codes that are now said and were not, in the order of the rulebook."""
        return _beyond(self.after.findings, self.before.findings)

    @property
    def settled(self) -> tuple[str, ...]:
        """The codes that were said and are no longer."""
        return _beyond(self.before.findings, self.after.findings)


def rejudge(package_id: str, services: Services) -> Rejudged:
    """Judge the latest dossier of a package by the rules and the policy of today.

    A revision is added only when the findings, the outcome or the policy are others: newer code
    that comes to the same says nothing new.

    Raises:
        UnknownPackageError: it was never reviewed.
        PolicyError: its product is no longer there.
        StorageError: the record cannot be kept.
    """
    before = services.repository.record(package_id)
    if before is None:
        raise UnknownPackageError(package_id)
    made = concluded(before.dossier, services, device=before.made_by.device)
    if _says_the_same(before, made):
        return Rejudged(before, before)
    after = services.repository.add_record(made)
    _log.info(
        "package.rejudged",
        package=package_id,
        revision=after.revision,
        before=before.decision.outcome.value,
        outcome=after.decision.outcome.value,
    )
    return Rejudged(before, after)


def _says_the_same(one: Record, other: Record) -> bool:
    def said(record: Record) -> tuple[object, ...]:
        return record.findings, record.decision, record.made_by.policy

    return said(one) == said(other)


def _beyond(some: tuple[Finding, ...], others: tuple[Finding, ...]) -> tuple[str, ...]:
    known = {finding.code for finding in others}
    return tuple(dict.fromkeys(f.code for f in some if f.code not in known))
