"""However a run ends, nothing of it is left: no process, no temporary file."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from prefect.settings import PREFECT_SERVER_DATABASE_CONNECTION_URL

from tests.cli.papers import hand_in

pytestmark = [pytest.mark.services, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0


def wait_until(happened: Callable[[], bool], *, limit: float = PATIENCE) -> bool:
    end = time.monotonic() + limit
    while not happened() and time.monotonic() < end:
        time.sleep(0.1)
    return happened()


def marked(data_dir: Path) -> Iterator[psutil.Process]:
    """Yield the processes that work on a data folder."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("ZISHEN_DATA_DIR") == str(data_dir):
                yield process
        except psutil.Error:
            continue


@pytest.fixture
def data(prefect: None, tmp_path: Path) -> Path:
    """A data folder whose Prefect has its tables, so that its server need not make them."""
    url = str(PREFECT_SERVER_DATABASE_CONNECTION_URL.value())
    home = tmp_path / "data" / "prefect"
    home.mkdir(parents=True)
    ours = sqlite3.connect(url.partition(":///")[2])
    theirs = sqlite3.connect(home / "prefect.db")
    ours.backup(theirs)
    ours.close()
    theirs.close()
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_a_run_that_is_stopped_leaves_nothing(
    tmp_path: Path, data: Path, number: signal.Signals, code: int
) -> None:
    sign, scratch, home = (tmp_path / name for name in ("sign", "scratch", "home"))
    scratch.mkdir()
    home.mkdir()
    papers = hand_in(tmp_path / "one", "licence")
    environment = {
        "ZISHEN_DATA_DIR": str(data),
        "TMPDIR": str(scratch),
        "HOME": str(home),
    }
    command = (sys.executable, "-m", "tests.flows.slow_review", sign, "review", papers)
    process = subprocess.Popen(  # noqa: S603
        command,
        cwd=ROOT,
        env=os.environ | environment,  # noqa: TID251  a process of its own
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert wait_until(lambda: sign.exists() or process.poll() is not None)
        assert len(list(marked(data))) == 2  # the run, and its Prefect server
        process.send_signal(number)
        _, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()

    assert process.returncode == code
    assert b"Traceback" not in err
    assert wait_until(lambda: not list(marked(data)), limit=20)
    assert list(scratch.iterdir()) == []
    assert not (home / ".prefect").exists()
