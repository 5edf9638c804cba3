"""What is kept of an application, given out whole or erased with proof (docs/security.md).

Erased are originals, their readings, names of files and the contents of records; readings of
older versions of the reader go by their own term. What stays says that there was an application,
what happened to it and who saw it: ids, times, hashes and outcomes.
"""

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

import structlog

from pipeline.cases.desk import Desk, hashes_of
from pipeline.ports import ERASE, Access, Application, Objects, Ruling, State
from pipeline.ports.erasure import Eraser
from pipeline.storage.blobs import key_of
from pipeline.storage.readings import key_of as reading_key
from schemas.base import Model
from schemas.errors import ConfigError

_log = structlog.get_logger()
_BY: Final = "operator"


class Grounds(StrEnum):
    """Why an application is erased."""

    REQUEST = "request"
    """Its applicant asked for it: only where no loan came of it (PIPL art. 47)."""
    EXPIRED = "expired"
    """Its records have been kept for as long as the settings say."""


class NotYetError(ConfigError):
    """An application is to be erased that has to be kept."""

    code = "config.kept_by_law"


class NoApplicationError(ConfigError):
    """An application is asked for that was never opened, or is erased already."""

    code = "config.unknown_application"


class Erased(Model):
    """What was erased."""

    packages: int
    records: int
    originals: int


def erase(
    desk: Desk, objects: Objects, eraser: Eraser, application_id: str, grounds: Grounds
) -> Erased:
    """Erase an application where that is allowed; originals that others need as well stay.

    Objects go first: where a lock forbids it, nothing at all is erased.

    Raises:
        NoApplicationError: there is none.
        NotYetError: it is not closed, has to be kept, or a loan came of it.
        LockedError: the lock of an original has not run out.
        StorageError: database or store failed; erasing again goes on where it stopped.
    """
    application = _known(desk, application_id)
    _check(desk, application, grounds)
    package_ids = _packages(desk, application)
    hashes = _own_hashes(desk, application, package_ids)
    for sha256 in sorted(hashes):
        objects.delete(key_of(sha256))
        objects.delete(reading_key(f"{sha256}/{desk.services.reader.fingerprint}"))
    for key in [key for key in objects.keys("glances/") if key.rpartition("/")[2] in hashes]:
        objects.delete(key)
    proof = Access(
        at=desk.services.clock.now(),
        owner=application.owner,
        key_id=_BY,
        action=ERASE,
        application_id=application.id,
        allowed=True,
        reason=grounds.value,
    )
    records = eraser.erase(application.id, package_ids, proof)
    _log.info("application.erased", application=application.id, grounds=grounds.value)
    return Erased(packages=len(package_ids), records=records, originals=len(hashes))


def export(desk: Desk, application_id: str, to: Path) -> int:
    """Write everything that is kept of an application as a ZIP, and return how many files it has.

    Raises:
        NoApplicationError: there is none.
        StorageError: database or store failed.
    """
    application = _known(desk, application_id)
    with zipfile.ZipFile(to, "x", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _everything(desk, application):
            archive.writestr(name, content)
        return len(archive.namelist())


def _everything(desk: Desk, application: Application) -> Iterator[tuple[str, bytes]]:
    yield "application.json", application.model_dump_json(indent=1).encode()
    yield "events.json", _listed(desk.applications.events(application.id))
    yield "accesses.json", _listed(desk.audit.listed(application.id))
    repository = desk.services.repository
    for package_id in _packages(desk, application):
        package = repository.package(package_id).model_dump_json(indent=1)
        yield f"packages/{package_id}.json", package.encode()
        for record in repository.records(package_id):
            content = record.model_dump_json(indent=1).encode()
            yield f"records/{package_id}/{record.revision}.json", content
    for paper in application.papers:
        if desk.services.blobs.has(paper.sha256):
            yield f"papers/{paper.sha256}", desk.services.blobs.get(paper.sha256)


def _listed(models: object) -> bytes:
    said = [model.model_dump(mode="json") for model in models]  # type: ignore[attr-defined]
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _known(desk: Desk, application_id: str) -> Application:
    application = desk.applications.get(application_id)
    if application is None:
        raise NoApplicationError(f"there is no application {application_id}")
    return application


def _check(desk: Desk, application: Application, grounds: Grounds) -> None:
    """Say no while the application is under way or the law wants it kept."""
    without_loan = application.state in {State.DRAFT, State.WITHDRAWN} or (
        application.state is State.DECIDED and application.ruling is Ruling.REJECTED
    )
    if grounds is Grounds.REQUEST:
        if not without_loan:
            raise NotYetError("it may lead to a loan, or has; its records are kept for their time")
        return
    days = desk.services.settings.retention.records_days
    closed = application.state in {State.DECIDED, State.WITHDRAWN}
    age = desk.services.clock.now() - desk.applications.events(application.id)[-1].at
    if days is None or not closed or age < timedelta(days=days):
        raise NotYetError("its records have not been kept for their time")


def _packages(desk: Desk, application: Application) -> tuple[str, ...]:
    events = desk.applications.events(application.id)
    return tuple(dict.fromkeys(event.package_id for event in events if event.package_id))


def _own_hashes(
    desk: Desk, application: Application, package_ids: tuple[str, ...]
) -> frozenset[str]:
    """Return the files of an application that no other one has and no package of others."""
    every = desk.applications.every()
    needed = {p.sha256 for one in every if one.id != application.id for p in one.papers}
    own = {paper.sha256 for paper in application.papers}
    for package in desk.services.repository.packages():
        (own if package.id in package_ids else needed).update(hashes_of(package))
    return frozenset(own - needed)
