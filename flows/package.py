"""The review of one package as a flow: thin tasks around the stages.

Documents are read one after the other in the process of the flow, since a model belongs to one
process and never runs under threads. What a retry has to repeat is little: readings are cached by
content below Prefect.
"""

from time import perf_counter

from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import flow_run
from prefect.tasks import exponential_backoff

from flows import artifacts
from pipeline import wiring
from pipeline.dispatch import DocumentRead, Reviewed, report
from pipeline.stages import document, judge
from schemas.documents import Package, RefusedFile, SourceFile
from schemas.errors import TransientError
from schemas.records import Reading, Record


def is_transient(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Retry what the world broke; never what the document, the set-up or we broke."""
    return isinstance(state.result(raise_on_failure=False), TransientError)


@task(
    name="read-document",
    task_run_name="read-{file.sha256:.12}",  # never by its name: it may hold a person's
    tags=["zishen", "read"],
    retries=3,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_condition_fn=is_transient,
    cache_policy=NO_CACHE,
)
def read_document(file: SourceFile) -> Reading | RefusedFile:
    """Read one file, or say with which code it was refused."""
    return document.read_document(file, wiring.services())


@task(
    name="judge",
    task_run_name="judge-{package.name}",
    tags=["zishen", "judge"],
    retries=3,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_condition_fn=is_transient,
    cache_policy=NO_CACHE,
)
def judge_package(package: Package, outcomes: list[Reading | RefusedFile]) -> Record:
    """Check what was read against the rules and keep the record."""
    return judge.judge(package, outcomes, wiring.services())


def _run_name() -> str:
    package_id: str = flow_run.parameters["package_id"]
    return f"review-{wiring.services().repository.package(package_id).name}"


@flow(name="review-package", flow_run_name=_run_name)
def review_package(package_id: str) -> Reviewed:
    """Read every document of a package that was taken in, then judge them together."""
    started = perf_counter()
    package = wiring.services().repository.package(package_id)
    outcomes: list[Reading | RefusedFile] = []
    timings: list[float] = []
    for file in package.files:
        before = perf_counter()
        outcomes.append(read_document(file))
        timings.append(perf_counter() - before)
        report(DocumentRead(package_id=package_id, document=file.sha256))
    record = judge_package(package, outcomes)
    reviewed = Reviewed(
        package_id=package_id,
        outcome=record.decision.outcome,
        revision=record.revision,
        seconds=perf_counter() - started,
    )
    artifacts.show_package(record, outcomes, timings, reviewed.seconds)
    return reviewed
