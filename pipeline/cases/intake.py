"""Packages that start by themselves: what is laid down becomes an application, once.

A package is taken when it is complete: when the sender says so, or when nothing was written to it
between two looks. The same content is one application however often it is laid down, and whatever
ends the process in between: a half-opened application is found again by its content.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import structlog

from pipeline.cases.desk import Desk, NewApplication
from pipeline.cases.refused import Refused
from pipeline.ports import Application, State
from pipeline.ports.drops import Drop, Dropped
from pipeline.stages.intake import handed_in
from schemas.errors import ConfigError, TransientError

_log = structlog.get_logger()

OWNER: Final = "intake"
"""Whose applications are those that nobody opened through a portal."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a package: its application, or the code it was refused or put off with."""

    application_id: str | None
    code: str | None = None


def take(desk: Desk, drop: Drop, settle: Callable[[], None]) -> list[Arrival]:
    """Take in every complete package; `settle` waits between the two looks."""
    before = {dropped.name: dropped.stamp for dropped in drop.look()}
    settle()
    return [
        _taken(desk, drop, dropped)
        for dropped in drop.look()
        if dropped.finished or before.get(dropped.name) == dropped.stamp
    ]


def admit(desk: Desk, path: Path) -> Application:
    """Return the application of a folder or a file, submitted.

    Raises:
        Refused: there is no paper in it, or too many, or no such product.
        ManifestError: its package.json is malformed.
        StorageError: it cannot be read or kept.
    """
    papers, manifest = handed_in([path], desk.services)
    if not papers:
        raise Refused("api.nothing_to_submit")
    product = manifest.product or desk.services.settings.product
    day = manifest.applied_on.isoformat() if manifest.applied_on else None
    said = json.dumps([product, day, *sorted(paper.sha256 for paper in papers)])
    application = desk.open(
        OWNER,
        NewApplication(product=product, applied_on=manifest.applied_on),
        hashlib.sha256(said.encode()).hexdigest(),
    )
    if application.state is State.DRAFT:
        desk.keep(application.id, papers)
        desk.submit(application.id)
    return application


def _taken(desk: Desk, drop: Drop, dropped: Dropped) -> Arrival:
    """Take one package in; what is wrong with it stays with it."""
    application, code = None, None
    try:
        with TemporaryDirectory(prefix="zishen-") as folder:
            application = admit(desk, drop.fetch(dropped, Path(folder))).id
    except (Refused, ConfigError) as error:
        code = error.code
        _log.warning("intake.refused", code=code)
    except TransientError as error:
        _log.warning("intake.put_off", code=error.code)
        return Arrival(None, error.code)
    drop.settle(dropped, code)
    return Arrival(application, code)
