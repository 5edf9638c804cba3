"""What is deleted when it is no longer needed: readings, and originals where that is allowed.

Records and events are never deleted here. Readings can be made again. The originals of an
application go only when the installation says after how long, when the application has been
closed for so long, and when no other application or package needs the same bytes; the audit trail
says that they went.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from pipeline.cases.desk import Desk, hashes_of
from pipeline.ports import Access, Application, LockedError, State
from pipeline.ports.inventory import Inventory
from pipeline.sections import RetentionSettings
from pipeline.storage.blobs import key_of
from schemas.base import Model

_log = structlog.get_logger()

PURGE: Final = "purge"
"""The action of an entry of the audit trail: originals of an application were deleted."""
_CLOSED: Final = frozenset({State.DECIDED, State.WITHDRAWN})
_WHO: Final = "retention"


class Purged(Model):
    """What was deleted, or would be."""

    readings: int = 0
    originals: int = 0
    locked: int = 0
    """Originals that the store does not let go yet."""


def purge(
    desk: Desk, inventory: Inventory, terms: RetentionSettings, *, dry: bool = False
) -> Purged:
    """Delete what is older than the terms say; with `dry`, only count it."""
    now = desk.services.clock.now()
    readings = _readings(inventory, now, terms.readings_days, dry=dry)
    originals = locked = 0
    for application, hashes in _expired(desk, now, terms.originals_days):
        gone, kept = _originals(inventory, hashes, dry=dry)
        originals, locked = originals + gone, locked + kept
        if gone and not dry:
            desk.audit.add(_entry(application, now))
    purged = Purged(readings=readings, originals=originals, locked=locked)
    _log.info("retention.purged", dry=dry, **purged.model_dump())
    return purged


def _readings(inventory: Inventory, now: datetime, days: int | None, *, dry: bool) -> int:
    if days is None:
        return 0
    old = [
        kept.key for kept in inventory.listed("readings/") if now - kept.at > timedelta(days=days)
    ]
    if not dry:
        for key in old:
            inventory.remove(key)
    return len(old)


def _expired(
    desk: Desk, now: datetime, days: int | None
) -> Iterator[tuple[Application, frozenset[str]]]:
    """Yield applications closed for so long, with the files that nobody else needs."""
    if days is None:
        return
    every = desk.applications.every()
    expired = [one for one in every if _is_closed(desk, one, now - timedelta(days=days))]
    theirs = {one.id for one in expired}
    open_ = [one for one in every if one.id not in theirs]
    needed = {paper.sha256 for one in open_ for paper in one.papers} | _unapplied(desk, every)
    for one in expired:
        yield one, frozenset(paper.sha256 for paper in one.papers) - needed


def _is_closed(desk: Desk, application: Application, before: datetime) -> bool:
    if application.state not in _CLOSED:
        return False
    return desk.applications.events(application.id)[-1].at < before


def _unapplied(desk: Desk, every: Sequence[Application]) -> set[str]:
    """Return the files of packages that were reviewed without an application."""
    applied = {event.package_id for one in every for event in desk.applications.events(one.id)}
    packages = [p for p in desk.services.repository.packages() if p.id not in applied]
    return {sha256 for package in packages for sha256 in hashes_of(package)}


def _originals(inventory: Inventory, hashes: frozenset[str], *, dry: bool) -> tuple[int, int]:
    """Delete originals; return how many went and how many are locked."""
    gone = locked = 0
    for key in map(key_of, sorted(hashes)):
        if not inventory.has(key):
            continue
        try:
            if not dry:
                inventory.remove(key)
            gone += 1
        except LockedError:
            locked += 1
    return gone, locked


def _entry(application: Application, now: datetime) -> Access:
    return Access(
        at=now,
        owner=application.owner,
        key_id=_WHO,
        action=PURGE,
        application_id=application.id,
        allowed=True,
    )
