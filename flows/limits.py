"""Limits that all runs on a Prefect server share, so that many machines do not crowd one thing.

A place is leased: it comes back by itself when its holder dies.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prefect.concurrency.sync import concurrency

from pipeline.settings import Settings

DATABASE: Final = "zishen-database"
"""How many packages are judged, and their records written, at once."""
GPU: Final = "zishen-gpu"
"""How many runs hold a GPU of their own at once; on a cluster its workers are the limit."""


@contextmanager
def limited(name: str, settings: Settings) -> Iterator[None]:
    """Take a place within the block; on a server of our own there is nobody to share it with."""
    if settings.prefect.api_url is None:
        yield
    else:
        with concurrency(name):
            yield


@contextmanager
def limited_device(settings: Settings) -> Iterator[None]:
    """Take a place at the GPU where this process reads on one itself."""
    if settings.ocr.device == "cpu" or settings.dask.scheduler is not None:
        yield
    else:
        with limited(GPU, settings):
            yield
