"""The review of many packages as a flow: each on its own, so that a bad one stops no other."""

from time import perf_counter
from typing import cast
from uuid import UUID

import structlog
from prefect import flow
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.runtime import flow_run

from flows import artifacts
from flows.package import review_package
from pipeline.dispatch import Reviewed, report
from schemas.errors import ZishenError

_log = structlog.get_logger()


def _run_name() -> str:
    return f"batch-of-{len(flow_run.parameters['package_ids'])}"


@flow(name="review-batch", flow_run_name=_run_name)
def review_batch(package_ids: list[str]) -> list[Reviewed]:
    """Review packages that were taken in, one after the other."""
    progress = cast(UUID, create_progress_artifact(0.0, key="review-batch"))
    results: list[Reviewed] = []
    for package_id in package_ids:
        results.append(_isolated(package_id))
        report(results[-1])
        update_progress_artifact(progress, 100 * len(results) / len(package_ids))
    artifacts.show_batch(results)
    return results


def _isolated(package_id: str) -> Reviewed:
    """Review one package; whatever goes wrong with it stays with it."""
    started = perf_counter()
    try:
        return review_package(package_id)
    except Exception as error:  # noqa: BLE001  a bug in one package is told in the summary
        code = error.code if isinstance(error, ZishenError) else ZishenError.code
        _log.exception("package.failed", package=package_id, code=code)
        return Reviewed(package_id=package_id, error=code, seconds=perf_counter() - started)
