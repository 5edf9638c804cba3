"""Settings that every test shares."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

# Prefect reads it when it is imported, as `dispatch` has it: otherwise it logs to the terminal.
LOGGING = Path(__file__).parents[1] / "flows" / "logging.yaml"
os.environ.setdefault("PREFECT_LOGGING_CONFIG_PATH", str(LOGGING))  # noqa: TID251

settings.register_profile(
    "zishen",
    derandomize=True,  # a red build is red again on the next machine
    deadline=None,  # two busy cores tell nothing about an algorithm
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("zishen")


@pytest.fixture(autouse=True)
def logging_stays_as_it_was() -> Iterator[None]:
    """Take back what a door or Prefect did to the logging of this process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in list(root.handlers):
        if handler not in handlers and not type(handler).__module__.startswith("_pytest"):
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)
    structlog.reset_defaults()
