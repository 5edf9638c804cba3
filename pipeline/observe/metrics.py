"""What is counted, in the form that Prometheus reads.

Counters are for what happened, levels for what stands as it does now: those are looked up when
somebody reads the metrics, by functions that `looks_up` is given. Labels are ids of ours, codes
and states, never a value and never a name.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

_log = structlog.get_logger()

REGISTRY: Final = CollectorRegistry()
"""What is counted in this process."""

_BOUNDS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
"""Seconds: a digital page takes hundredths, a page picture some, a long report minutes."""

PAGES: Final = Counter(
    "zishen_pages", "Page pictures that were read.", ("device", "reader"), registry=REGISTRY
)
LOST_PAGES: Final = Counter(
    "zishen_pages_lost", "Page pictures that could not be read.", ("code",), registry=REGISTRY
)
DOCUMENTS: Final = Counter(
    "zishen_documents", "Files by what became of them.", ("result",), registry=REGISTRY
)
VALUES: Final = Counter(
    "zishen_values", "Values that were read.", ("document", "accepted"), registry=REGISTRY
)
REPAIRS: Final = Counter(
    "zishen_repairs", "Values that checks have mended.", ("document",), registry=REGISTRY
)
OUTCOMES: Final = Counter("zishen_outcomes", "Records by outcome.", ("outcome",), registry=REGISTRY)
ERRORS: Final = Counter(
    "zishen_errors", "Errors by the step that they ended.", ("step", "code"), registry=REGISTRY
)
SECONDS: Final = Histogram(
    "zishen_step_seconds",
    "What a step took, whether it succeeded or not.",
    ("step",),
    buckets=_BOUNDS,
    registry=REGISTRY,
)
WORKER_RSS: Final = Gauge(
    "zishen_worker_rss_bytes",
    "Memory of a page worker after its last page.",
    ("worker",),
    registry=REGISTRY,
    multiprocess_mode="livemax",
)

LEVELS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "zishen_queue_packages": ("Packages by state.", ("state",)),
    "zishen_queue_age_seconds": ("Time in its state of the package there longest.", ("state",)),
    "zishen_sla_remaining_seconds": ("Counted time left to the package due first.", ()),
    "zishen_sla_packages": ("Open packages by how their deadline stands.", ("standing",)),
    "zishen_calendar_days": ("Days for which holidays are known, where they count.", ()),
    "zishen_looks_failed": ("Look-ups of levels that failed this time.", ()),
}
"""Every level that may be looked up: what it says, and its labels."""


@dataclass(frozen=True)
class Level:
    """One value of a level; `labels` are in the order of `LEVELS`."""

    name: str
    value: float
    labels: tuple[str, ...] = ()


Look = Callable[[], Iterable[Level]]


class Levels(Collector):
    """Looks levels up when the metrics are read; one look that fails hides no other."""

    def __init__(self) -> None:
        """Know of none."""
        self._looks: list[Look] = []

    def add(self, look: Look) -> None:
        """Ask a function from now on."""
        self._looks.append(look)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Yield what may be looked up, without looking."""
        for name, (text, labels) in LEVELS.items():
            yield GaugeMetricFamily(name, text, labels=labels)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield what is found now."""
        found, failed = self._found()
        found.append(Level("zishen_looks_failed", failed))
        for name, (text, labels) in LEVELS.items():
            family = GaugeMetricFamily(name, text, labels=labels)
            for level in found:
                if level.name == name:
                    family.add_metric(level.labels, level.value)
            yield family

    def _found(self) -> tuple[list[Level], int]:
        found: list[Level] = []
        failed = 0
        for look in self._looks:
            try:
                found += look()
            except Exception as error:  # noqa: BLE001  told as a level of its own
                _log.warning("metrics.look_failed", kind=type(error).__name__)
                failed += 1
        return found, failed


_levels: Final = Levels()
REGISTRY.register(_levels)


def looks_up(look: Look) -> None:
    """Have a function asked for levels whenever the metrics of this process are read."""
    _levels.add(look)


def levels() -> Collector:
    """Return the levels of this process, for a registry that holds other counts."""
    return _levels


def names() -> frozenset[str]:
    """Return the name of every series that may be shown."""
    return frozenset(
        series for family in REGISTRY.collect() for series in _series(family.name, family.type)
    )


def _series(name: str, kind: str) -> tuple[str, ...]:
    endings = {
        "counter": ("_total",),
        "histogram": ("_bucket", "_sum", "_count"),
    }
    return tuple(name + ending for ending in endings.get(kind, ("",)))
