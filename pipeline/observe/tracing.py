"""Spans, when a collector is configured; without one they cost next to nothing.

Prefect makes spans of its flow and task runs by itself once there is a provider, so ours hang
below them. Nothing of an exception but its code goes into a span: its text might say a value.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.trace import Status, StatusCode

from schemas.errors import ConfigError, ZishenError

_TRACER: Final = "zishen"


class TracingError(ConfigError):
    """Spans are asked for and what sends them is not installed."""

    code = "tracing.not_installed"


def begin(endpoint: str | None, service: str) -> None:
    """Send spans of this process to a collector from now on; nothing happens without one.

    Raises:
        TracingError: the exporter is not installed.
    """
    if endpoint is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  an optional extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise TracingError("install zishen[tracing]") from error
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, **attributes: str) -> Iterator[None]:
    """Make a span of what is done within the block."""
    tracer = trace.get_tracer(_TRACER)
    with tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except Exception as error:
            code = error.code if isinstance(error, ZishenError) else ZishenError.code
            current.set_status(Status(StatusCode.ERROR, code))
            raise
