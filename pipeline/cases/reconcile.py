"""Finds what a disaster has left behind, and mends it.

Nothing here is needed in daily life: whoever dies between two steps is gone on from by itself. It
is for what that cannot reach: a database put back from yesterday beside a store of today, rows
that were changed by hand, a bug of ours. A report names kinds and ids, and nothing personal.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pipeline.cases import clock
from pipeline.cases.corrections import changes
from pipeline.cases.desk import Desk, hashes_of, package_of
from pipeline.cases.reviewer import Review, pages_of
from pipeline.cases.states import DUE, walk
from pipeline.ports import Application, Event, State, Step
from pipeline.ports.inventory import Inventory
from pipeline.storage.blobs import key_of
from schemas.base import Model
from schemas.documents import Package
from schemas.records import Record

_YOUNG: Final = timedelta(days=1)
"""Bytes that are younger may belong to an upload that is under way."""
_FAR: Final = 10
"""A lease that runs longer than so many times what one runs is of a clock that was wrong."""


class Kind(StrEnum):
    """What may be left behind."""

    ORPHAN_BLOB = "orphan_blob"
    """Bytes that no application and no package speaks of; mended by deleting them."""
    MISSING_BLOB = "missing_blob"
    """A file that has yet to be read and is not there; put it back from a backup."""
    PACKAGE_WITHOUT_RUN = "package_without_run"
    """A package that nobody reviewed and nobody will; mended by reviewing it."""
    RUN_WITHOUT_PACKAGE = "run_without_package"
    """A review that is due of a package that is not there; mended from the application."""
    STUCK = "stuck"
    """An application that is to be reviewed and that no reviewer finds; mended by making it due."""
    RECORD_WITHOUT_EVENT = "record_without_event"
    """A record that the application knows nothing of; mended by the event that it lacks."""
    STATE = "state"
    """An application that stands otherwise than its events led; mended by following them."""


class Left(Model):
    """One thing that was left behind."""

    kind: Kind
    id: str
    """Of the application or the package, or the sha256 of the bytes."""
    mended: bool = False


@dataclass(frozen=True)
class World:
    """What is looked through."""

    desk: Desk
    inventory: Inventory
    review: Review

    @cached_property
    def applications(self) -> Mapping[str, Application]:
        """Every application by its id."""
        return {one.id: one for one in self.desk.applications.every()}

    @cached_property
    def packages(self) -> Mapping[str, Package]:
        """Every package by its id."""
        return {one.id: one for one in self.desk.services.repository.packages()}

    @cached_property
    def applied(self) -> frozenset[str | None]:
        """The packages of applications, past submissions included."""
        return frozenset(
            event.package_id
            for one in self.applications
            for event in self.desk.applications.events(one)
        )

    def record(self, package_id: str) -> Record | None:
        """Return the latest record of a package, None when there is none."""
        return self.desk.services.repository.record(package_id)


class Check(NamedTuple):
    """How one kind is found and, where a machine can, mended."""

    find: Callable[[World], Iterator[str]]
    mend: Callable[[World, str], None] | None


def reconcile(world: World, *, mend: bool) -> Iterator[Left]:
    """Yield what was left behind, and with `mend` mend it."""
    for kind, check in CHECKS.items():
        for found in check.find(world):
            mended = mend and check.mend is not None
            if mended and check.mend is not None:
                check.mend(world, found)
            yield Left(kind=kind, id=found, mended=mended)


def _orphans(world: World) -> Iterator[str]:
    known = {paper.sha256 for one in world.applications.values() for paper in one.papers}
    known |= {sha256 for one in world.packages.values() for sha256 in hashes_of(one)}
    before = world.desk.services.clock.now() - _YOUNG
    for kept in world.inventory.listed("blobs/"):
        name = PurePosixPath(kept.key).name
        if name not in known and kept.at < before:
            yield name


def _delete(world: World, sha256: str) -> None:
    world.inventory.remove(key_of(sha256))


def _missing(world: World) -> Iterator[str]:
    needed = {
        file.sha256
        for one in world.packages.values()
        if world.record(one.id) is None
        for file in one.files
    }
    yield from (sha256 for sha256 in sorted(needed) if not world.inventory.has(key_of(sha256)))


def _unreviewed(world: World) -> Iterator[str]:
    for package_id in world.packages:
        if package_id not in world.applied and world.record(package_id) is None:
            yield package_id


def _review(world: World, package_id: str) -> None:
    world.review(package_id)


def _without_package(world: World) -> Iterator[str]:
    for one in world.applications.values():
        if one.state in DUE and one.package_id not in world.packages:
            yield one.id


def _repackage(world: World, application_id: str) -> None:
    """Make the package again; with papers that came since it is another, and submitted anew."""
    application = world.applications[application_id]
    package = package_of(application)
    if package.id == application.package_id:
        world.desk.services.repository.add_package(package)
    else:
        world.desk.submit(application_id)


def _stuck(world: World) -> Iterator[str]:
    services = world.desk.services
    longest = timedelta(seconds=_FAR * services.settings.cases.lease_seconds)
    for one in world.applications.values():
        lease = world.desk.applications.lease(one.id)
        held = lease is not None and lease.until - services.clock.now() > longest
        if one.state in DUE and (one.due_at is None or held):
            yield one.id


def _make_due(world: World, application_id: str) -> None:
    now = world.desk.services.clock.now()
    application = world.applications[application_id]
    world.desk.applications.restate(application.model_copy(update={"due_at": now}))


def _unheard(world: World) -> Iterator[str]:
    for one in world.applications.values():
        if _lacking(world, one) is not None:
            yield one.id


def _lacking(world: World, application: Application) -> Event | None:
    """Return the event that says what the latest record came to, None where it was said.

    That is of a review that failed after it, or of a correction that nobody heard of; a record
    under new rules is no event of an application.
    """
    waits = application.state in {State.FAILED, State.WAITING_REVIEWER}
    record = world.record(application.package_id) if waits and application.package_id else None
    if record is None or record.revision <= _heard(world, application):
        return None
    by = None
    if application.state is State.WAITING_REVIEWER:
        found = list(changes(world.desk.services.repository.records(record.package_id)))
        if not found or found[-1].revision != record.revision:
            return None
        by = found[-1].by
    return Event(
        step=Step.CORRECTED if by else Step.DECIDED,
        at=world.desk.services.clock.now(),
        package_id=record.package_id,
        revision=record.revision,
        outcome=record.decision.outcome,
        pages=None if by else pages_of(record),
        by=by,
    )


def _heard(world: World, application: Application) -> int:
    events = world.desk.applications.events(application.id)
    revisions = [e.revision or 0 for e in events if e.package_id == application.package_id]
    return max(revisions, default=0)


def _tell(world: World, application_id: str) -> None:
    event = _lacking(world, world.applications[application_id])
    if event is not None:
        world.desk.change(application_id, lambda now: (now, event))


def _astray(world: World) -> Iterator[str]:
    for one in world.applications.values():
        if _led(world, one) != one:
            yield one.id


def _led(world: World, application: Application) -> Application:
    """Return an application as its events led it, by the policy of today."""
    events = world.desk.applications.events(application.id)
    *_, (_, state) = walk(events)
    led = {"state": state, "deadline": clock.deadline(events, world.desk.rules(application))}
    return application.model_copy(update=led)


def _follow(world: World, application_id: str) -> None:
    world.desk.applications.restate(_led(world, world.applications[application_id]))


CHECKS: Final[Mapping[Kind, Check]] = {
    Kind.STATE: Check(_astray, _follow),
    Kind.STUCK: Check(_stuck, _make_due),
    Kind.RUN_WITHOUT_PACKAGE: Check(_without_package, _repackage),
    Kind.RECORD_WITHOUT_EVENT: Check(_unheard, _tell),
    Kind.PACKAGE_WITHOUT_RUN: Check(_unreviewed, _review),
    Kind.MISSING_BLOB: Check(_missing, None),
    Kind.ORPHAN_BLOB: Check(_orphans, _delete),
}
"""Every kind, in the order in which they are mended."""
