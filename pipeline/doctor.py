"""Is this installation fit to work? Each part is tried, and what fails is told with its code."""

import platform
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from time import perf_counter

from extractors import models
from extractors.ocr.paddle import choose_device
from pipeline import dispatch, wiring
from pipeline.cases.calendar import days_left, load_calendar, refuse_if_it_ends
from pipeline.policies import policies
from pipeline.settings import Settings
from schemas.base import Model
from schemas.errors import ModelHashError, ModelMissingError, ZishenError
from validators.policy import load_policy

_PACKAGES = ("zishen", "paddleocr", "onnxruntime", "opencv-python", "pypdfium2", "prefect")


class Check(Model):
    """One part of the installation; `code` is that of the error that it failed with."""

    part: str
    detail: str
    code: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing has to be done."""
        return self.code is None


def examine(settings: Settings) -> Iterator[Check]:
    """Try every part, one after the other; a part that fails stops no other."""
    yield _tried("versions", _versions)
    yield _tried("policy", lambda: _policy(settings))
    yield _tried("calendar", lambda: _calendar(settings))
    yield _tried("device", lambda: _device(settings))
    yield from _models(settings)
    yield _tried("database", lambda: _database(settings))
    yield _tried("storage", lambda: _storage(settings))
    yield _tried("Prefect", lambda: _prefect(settings))


def _tried(part: str, look: Callable[[], str]) -> Check:
    try:
        return Check(part=part, detail=look())
    except ZishenError as error:
        return Check(part=part, detail=str(error), code=error.code)


def _versions() -> str:
    python = f"Python {platform.python_version()}"
    return ", ".join([python, *(f"{name} {version(name)}" for name in _PACKAGES)])


def _device(settings: Settings) -> str:
    """Say on what pages are read: here, or by how many workers of a cluster."""
    cluster = wiring.cluster(settings)
    if cluster is None:
        return choose_device(settings.ocr.device)
    with closing(cluster):
        return f"Dask, {cluster.join()} workers at {cluster.scheduler}"


def _policy(settings: Settings) -> str:
    table = policies(settings)
    load_policy(settings.product, table)
    return f"{settings.policy_file or 'built in'}, {table.version}"


def _calendar(settings: Settings) -> str:
    """Say for how long the holidays are known, where a product counts business days."""
    calendar = load_calendar(settings.cases.calendar_file)
    today = wiring.SystemClock().now().date()
    left = days_left(policies(settings), calendar, today)
    if left is None:
        return "every hour counts"
    refuse_if_it_ends(left, calendar)
    return f"holidays are known for {left} days"


def _models(settings: Settings) -> Iterator[Check]:
    codes = {"ok": None, "missing": ModelMissingError.code, "wrong_hash": ModelHashError.code}
    for status in models.verify(settings.models_dir):
        yield Check(part=status.name, detail=status.detail, code=codes[status.state])


def _database(settings: Settings) -> str:
    wiring.services().repository.record("doctor")
    return "SQLite" if settings.database.url is None else "SQL"


def _storage(settings: Settings) -> str:
    blobs = wiring.services().blobs
    blobs.get(blobs.put(b"zishen doctor"))
    return settings.storage.kind


def _prefect(settings: Settings) -> str:
    started = perf_counter()
    with dispatch.opened(settings) as runs:
        runs.ready()
        if settings.prefect.api_url is not None:
            return settings.prefect.api_url
        return f"own server, ready in {perf_counter() - started:.1f} s"
