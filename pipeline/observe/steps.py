"""A step of the work as it is watched: its ids on each log line, its time, its span, its error."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from structlog.contextvars import bound_contextvars

from pipeline.observe import metrics, tracing
from schemas.errors import ZishenError
from schemas.licence import BusinessLicence
from schemas.records import Reading, Record
from schemas.statements import Statement


@contextmanager
def step(name: str, **ids: str) -> Iterator[None]:
    """Watch what is done within the block; every error passes.

    `ids` (package, document, page, run) are on each log line within the block. The name is that
    of the series in the metrics, so there are few of them.
    """
    started = perf_counter()
    try:
        with bound_contextvars(**ids), tracing.span(name, **ids):
            yield
    except Exception as error:
        code = error.code if isinstance(error, ZishenError) else ZishenError.code
        metrics.ERRORS.labels(name, code).inc()
        raise
    finally:
        metrics.SECONDS.labels(name).observe(perf_counter() - started)


def count_reading(reading: Reading) -> None:
    """Count the values of a file that was read, those accepted and those mended."""
    for document in reading.documents:
        fields = []
        if isinstance(document, BusinessLicence):
            fields = [getattr(document, name) for name in document.field_names()]
        elif isinstance(document, Statement):
            fields = [value for row in document.rows for value in row.values.values()]
        kind = document.kind.value
        for field in fields:
            if field.raw is not None:
                accepted = "yes" if field.accepted else "no"
                metrics.VALUES.labels(kind, accepted).inc()
                metrics.REPAIRS.labels(kind).inc(field.repaired)


def count_record(record: Record) -> None:
    """Count what a package came to."""
    metrics.OUTCOMES.labels(record.decision.outcome.value).inc()
