"""The review of many packages as a flow: each on its own, so that a bad one stops no other.

A batch that was stopped is started again with the same packages: what has its record already is
told, and nothing of it is read.
"""

from threading import Lock
from time import perf_counter
from typing import Final, cast
from uuid import UUID

import structlog
from prefect import flow, tags
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.runtime import flow_run

from flows import artifacts
from flows.package import review_package
from flows.together import together
from pipeline import wiring
from pipeline.cases.queued import enqueue
from pipeline.cases.refused import Refused
from pipeline.dispatch import Reviewed, report
from pipeline.observe import start
from pipeline.stages.standing import standing
from schemas.errors import ZishenError

_BEAT: Final = 1.0
"""Seconds between two looks at the bar of a batch: a call for each package would be too many."""

_log = structlog.get_logger()


def _run_name() -> str:
    return f"batch-of-{len(flow_run.parameters['package_ids'])}"


@flow(name="review-batch", flow_run_name=_run_name)
def review_batch(package_ids: list[str], again: bool = False, branch: str = "") -> list[Reviewed]:
    """Review packages that were taken in; `again` also those that have their record already.

    In production the people of the branch find them on the review page.
    """
    services = wiring.services()
    start.in_flow(services.settings)
    progress = _Progress(len(package_ids))

    def one(package_id: str) -> Reviewed:
        result = _isolated(package_id, branch, again=again)
        report(result)
        progress.step()
        return result

    results = together(one, package_ids, at_once=services.packages_at_once)
    artifacts.show_batch(results)
    return results


class _Progress:
    """The bar of a batch on the dashboard, which moves once a second at most."""

    def __init__(self, count: int) -> None:
        """Begin at nothing."""
        self._count, self._done, self._lock = count, 0, Lock()
        self._shown = perf_counter()
        self._id = cast(
            UUID,
            create_progress_artifact(0.0, key="review-batch", description=self._said()),
        )

    def step(self) -> None:
        """Count one package; whoever counts the last one shows it."""
        with self._lock:
            self._done += 1
            now, is_last = perf_counter(), self._done == self._count
            if is_last or now - self._shown >= _BEAT:
                self._shown = now
                share = 100 * self._done / self._count
                update_progress_artifact(self._id, share, description=self._said())

    def _said(self) -> str:
        return f"{self._done} of {self._count} packages"


def _isolated(package_id: str, branch: str, *, again: bool) -> Reviewed:
    """Review one package; whatever goes wrong with it stays with it."""
    started = perf_counter()
    try:
        result = _reviewed(package_id, again=again)
        _enqueue(result, branch)
    except Exception as error:  # noqa: BLE001  a bug in one package is told in the summary
        code = error.code if isinstance(error, ZishenError) else ZishenError.code
        _log.exception("package.failed", package=package_id, code=code)
        return Reviewed(package_id=package_id, error=code, seconds=perf_counter() - started)
    return result


def _reviewed(package_id: str, *, again: bool) -> Reviewed:
    """Review one package, or return what it came to before."""
    started = perf_counter()
    kept = None if again else standing(package_id, wiring.services())
    if kept is None:
        with tags("zishen", f"package:{package_id[:12]}"):
            return review_package(package_id)
    return Reviewed(
        package_id=package_id,
        outcome=kept.decision.outcome,
        revision=kept.revision,
        seconds=perf_counter() - started,
    )


def _enqueue(result: Reviewed, branch: str) -> None:
    """Let the people of a branch find a package on the review page, in production."""
    services = wiring.services()
    if services.settings.environment != "production":
        return
    record = services.repository.record(result.package_id, result.revision)
    if record is None:
        return
    try:
        enqueue(wiring.desk(services), record, branch)
    except Refused as refused:  # it was withdrawn there, or has more files than one may have
        _log.warning("package.not_queued", package=result.package_id, code=refused.code)
