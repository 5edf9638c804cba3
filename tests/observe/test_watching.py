"""Log lines, metrics and spans: what they say, who may read them, and that nothing piles up."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pipeline.observe import door, logs, metrics, tracing
from pipeline.observe.metrics import Level, Levels
from pipeline.observe.shared import exposition, fold
from pipeline.observe.steps import count_reading, step
from pipeline.settings import LogSettings, MetricsSettings
from schemas.documents import MediaType, SourceFile
from schemas.errors import CorruptFileError
from schemas.records import Reading
from tests.builders import BALANCE, licence, statement

COUNT = """
from pipeline.observe import metrics
metrics.PAGES.labels("cpu", "x").inc(3)
metrics.SECONDS.labels("read").observe(2)
metrics.WORKER_RSS.labels("1").set(7)
"""


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_step_says_its_ids_on_each_line_and_counts_time_and_error(tmp_path: Path) -> None:
    logs.begin(LogSettings(), tmp_path)
    taken = value("zishen_step_seconds_count", step="read")
    failed = value("zishen_errors_total", step="read", code="document.corrupt")

    def read() -> None:
        with step("read", document="ab"):
            structlog.get_logger().info("document.read", pages=1)
            raise CorruptFileError("pdf", "cut off")

    with pytest.raises(CorruptFileError):
        read()
    structlog.get_logger().info("later")

    first, later = map(json.loads, (tmp_path / "zishen.log").read_text().splitlines())
    assert (first["event"], first["document"], first["pages"]) == ("document.read", "ab", 1)
    assert "document" not in later
    assert value("zishen_step_seconds_count", step="read") == taken + 1
    assert value("zishen_errors_total", step="read", code="document.corrupt") == failed + 1


def test_lines_may_be_for_people_and_go_to_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.begin(LogSettings(format="console", to="stderr", level="warning"), tmp_path)

    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("pages.worker_lost", exit=-9)

    said = capsys.readouterr().err
    assert "pages.worker_lost" in said
    assert "quiet" not in said
    assert not list(tmp_path.iterdir())


def test_a_reading_is_counted_by_kind_and_whether_it_is_accepted() -> None:
    before = value("zishen_values_total", document="balance_sheet", accepted="yes")
    source = SourceFile(name="x", sha256="0" * 64, media_type=MediaType.PDF, size=1)

    count_reading(Reading(source=source, pages=1, documents=(licence(), statement(BALANCE))))

    assert value("zishen_values_total", document="balance_sheet", accepted="yes") > before
    assert value("zishen_values_total", document="business_licence", accepted="yes") > 0


def test_levels_are_looked_up_when_they_are_read_and_one_that_fails_hides_no_other() -> None:
    levels = Levels()
    levels.add(lambda: [Level("zishen_queue_packages", 3, ("submitted",))])
    levels.add(lambda: 1 / 0)  # type: ignore[arg-type, return-value]

    found = {family.name: family.samples for family in levels.collect()}

    (queue,) = found["zishen_queue_packages"]
    assert (queue.value, queue.labels) == (3, {"state": "submitted"})
    assert found["zishen_looks_failed"][0].value == 1
    assert set(found) == set(metrics.LEVELS)


def test_the_counts_of_processes_that_ended_are_shown_and_leave_one_file_a_kind(
    tmp_path: Path,
) -> None:
    shared = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}  # noqa: TID251
    for _ in range(2):
        subprocess.run((sys.executable, "-c", COUNT), env=shared, check=True)  # noqa: S603
    whole = exposition(tmp_path).decode()
    files = len(list(tmp_path.glob("*.db")))

    fold(tmp_path)
    fold(tmp_path)

    folded = exposition(tmp_path).decode()
    for told in (whole, folded):
        assert 'zishen_pages_total{device="cpu",reader="x"} 6.0' in told
        assert 'zishen_step_seconds_count{step="read"} 2.0' in told
    assert "zishen_worker_rss_bytes{" not in folded  # nobody has that memory any more
    left = sorted(path.name for path in tmp_path.glob("*.db"))
    assert left == ["counter_0.db", "histogram_0.db"]
    assert files > len(left)


@pytest.mark.parametrize(
    ("token", "peer", "headers", "allowed"),
    [
        (None, "127.0.0.1", {}, True),
        (None, "::1", {}, True),
        (None, "10.0.0.7", {}, False),
        (None, None, {}, False),
        (None, "127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}, False),  # a proxy of this machine
        ("secret", "10.0.0.7", {"Authorization": "Bearer secret"}, True),
        ("secret", "127.0.0.1", {}, False),
        ("secret", "10.0.0.7", {"authorization": "Bearer other"}, False),
    ],
)
def test_who_may_read_the_metrics(
    token: str | None, peer: str | None, headers: dict[str, str], allowed: bool
) -> None:
    settings = MetricsSettings.model_validate({"token": token})

    assert door.is_allowed(settings, peer, headers) is allowed


def test_a_machine_without_an_api_shows_them_on_a_port(tmp_path: Path) -> None:
    server = door.serve(MetricsSettings.model_validate({"port": 19400}), tmp_path)
    assert server is not None
    try:
        with urllib.request.urlopen("http://127.0.0.1:19400/metrics") as answer:
            assert b"zishen_looks_failed 0.0" in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen("http://127.0.0.1:19400/other")
    finally:
        server.shutdown()
        server.server_close()
    assert door.serve(MetricsSettings(), tmp_path) is None


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


def test_a_span_has_ids_and_the_code_of_its_error_and_no_text(spans: Any) -> None:
    with pytest.raises(ValueError, match="a name"), tracing.span("judge", package="p1"):
        raise ValueError("a name of a person")

    (span,) = spans.get_finished_spans()
    assert (span.name, dict(span.attributes)) == ("judge", {"package": "p1"})
    assert span.status.description == "internal"
    assert "a name" not in span.to_json()


def test_no_collector_no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "set_tracer_provider", lambda _: pytest.fail("a provider was set"))

    tracing.begin(None, "zishen-api")


def test_spans_that_cannot_be_sent_are_an_error_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)

    with pytest.raises(tracing.TracingError):
        tracing.begin("http://127.0.0.1:9/v1/traces", "zishen-api")
