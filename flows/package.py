"""The review of one package as a flow: thin tasks around the stages.

Documents are read side by side where a page pool reads their pages, and one after the other in
the process of the flow where it does that itself, since a model never runs under threads. What a
retry has to repeat is little: readings are cached by content below Prefect.
"""

from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import cast

from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TagsContext
from prefect.runtime import flow_run
from prefect.tasks import exponential_backoff
from prefect.utilities.annotations import quote
from structlog.contextvars import bound_contextvars

from flows import artifacts
from flows.limits import DATABASE, limited, limited_device
from flows.together import together
from pipeline import wiring
from pipeline.dispatch import DocumentRead, Reviewed, report
from pipeline.observe import start
from pipeline.pages.errors import PoolClosedError
from pipeline.pages.lanes import due
from pipeline.stages import document, judge
from schemas.documents import Package, RefusedFile, SourceFile
from schemas.errors import TransientError
from schemas.records import Reading, Record


def is_transient(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Retry what the world broke; never what the document, the set-up or we broke."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, TransientError) and not isinstance(error, PoolClosedError)


@task(
    name="read-document",
    task_run_name="read-{file.sha256:.12}",  # never by its name: it may hold a person's
    retries=3,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_condition_fn=is_transient,
    cache_policy=NO_CACHE,
)
def read_document(file: SourceFile) -> Reading | RefusedFile:
    """Read one file, or say with which code it was refused."""
    services = wiring.services()
    with limited_device(services.settings):
        return document.read_document(file, services)


@task(
    name="judge",
    task_run_name="judge-{package.name}",
    retries=3,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_condition_fn=is_transient,
    cache_policy=NO_CACHE,
)
def judge_package(package: Package, outcomes: list[Reading | RefusedFile]) -> Record:
    """Check what was read against the rules and keep the record."""
    services = wiring.services()
    with limited(DATABASE, services.settings):
        return judge.judge(package, outcomes, services)


def _run_name() -> str:
    package_id: str = flow_run.parameters["package_id"]
    return f"review-{wiring.services().repository.package(package_id).name}"


@flow(name="review-package", flow_run_name=_run_name)
def review_package(package_id: str, due_at: datetime | None = None) -> Reviewed:
    """Read every document of a package that was taken in, then judge them together.

    `due_at` is the deadline: of all pages that wait, those of the earliest are read first.
    """
    started = perf_counter()
    services = wiring.services()
    start.in_flow(services.settings)
    with (
        bound_contextvars(package=package_id, run=str(flow_run.id)),
        due(due_at),
        TagsContext(current_tags=set()),  # each tag of a task costs it a call for a limit
    ):
        package = services.repository.package(package_id)
        read = together(_timed(package_id), package.files, at_once=services.documents_at_once)
        outcomes = [outcome for outcome, _ in read]
        record = judge_package(package, _whole(outcomes))
        reviewed = Reviewed(
            package_id=package_id,
            outcome=record.decision.outcome,
            revision=record.revision,
            seconds=perf_counter() - started,
        )
        timings = [seconds for _, seconds in read]
        artifacts.show_package(record, outcomes, timings, reviewed.seconds)
    return reviewed


def _whole(outcomes: list[Reading | RefusedFile]) -> list[Reading | RefusedFile]:
    """Keep Prefect from looking for futures in every value of every reading."""
    return cast(list[Reading | RefusedFile], quote(outcomes))


def _timed(package_id: str) -> Callable[[SourceFile], tuple[Reading | RefusedFile, float]]:
    """Return what reads a file of a package and says how long that took."""

    def read(file: SourceFile) -> tuple[Reading | RefusedFile, float]:
        before = perf_counter()
        outcome = read_document(file)
        report(DocumentRead(package_id=package_id, document=file.sha256))
        return outcome, perf_counter() - before

    return read
