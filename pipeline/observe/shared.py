"""The counts of all processes of a machine, shown as one.

A flow run has a process of its own that ends with it, and so may a page worker: nobody could read
their counts in time. Where `PROMETHEUS_MULTIPROC_DIR` is set, as `zishen up` does, they are kept in
files of that folder. What processes left behind is added up in one file.
"""

import os
from pathlib import Path
from typing import Final

import psutil
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from pipeline.observe import metrics

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
_ENDED: Final = 0
"""Stands for the processes that ended, in place of the id of one."""


def exposition(shared: Path | None = None) -> bytes:
    """Return the metrics as Prometheus reads them: of this process, or of all that share."""
    folder = shared or os.environ.get(VARIABLE)  # noqa: TID251  prometheus-client reads it there
    if folder is None:
        return generate_latest(metrics.REGISTRY)
    try:
        return _together(str(folder))
    except FileNotFoundError:  # folded just now
        return _together(str(folder))


def _together(folder: str) -> bytes:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    registry.register(metrics.levels())
    return generate_latest(registry)


def fold(folder: Path) -> None:
    """Add up what ended processes counted, and forget the levels that they left."""
    for path in sorted(folder.glob("*.db")):
        kind, _, number = path.stem.rpartition("_")
        if int(number) == _ENDED or psutil.pid_exists(int(number)):
            continue
        if not kind.startswith("gauge"):
            _add(path, folder / f"{kind}_{_ENDED}.db")
        path.unlink()


def _add(ended: Path, sums: Path) -> None:
    into = MmapedDict(str(sums))  # type: ignore[no-untyped-call]
    try:
        counted = MmapedDict.read_all_values_from_file(str(ended))  # type: ignore[no-untyped-call]
        for key, value, at, _ in counted:
            before, _ = into.read_value(key)  # type: ignore[no-untyped-call]
            into.write_value(key, before + value, at)  # type: ignore[no-untyped-call]
    finally:
        into.close()  # type: ignore[no-untyped-call]
