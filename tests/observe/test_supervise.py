"""The supervisor: what dies is started again, and nothing outlives it, however it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from pipeline.machine.parts import Kind, Plan
from pipeline.machine.supervise import Kept, Part, Supervisor
from pipeline.settings import Settings
from tests.flows.test_interrupted import marked, wait_until

pytestmark = pytest.mark.slow

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)
time.sleep(600)
"""
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"
SUPERVISOR = """
import os, sys
from tests.observe.test_supervise import part, PARENT
from pipeline.machine.supervise import Supervisor
Supervisor([part((sys.executable, "-c", PARENT))]).run()
"""


def part(command: tuple[str, ...], **more: object) -> Part:
    environment = dict(os.environ)  # noqa: TID251  a process of its own
    return Part("p", command, environment, None, **more)  # type: ignore[arg-type]


def pid_of(kept: Kept) -> int:
    assert kept.process is not None
    return kept.process.pid


def ended(process: psutil.Process) -> bool:
    """Whether it runs no more: an orphan may lie about as a zombie until init takes it away."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_what_dies_is_started_again_later_each_time() -> None:
    kept = Kept(part((sys.executable, "-c", "raise SystemExit(3)")))
    now = time.monotonic()
    starts = []
    for second in range(12):
        kept.look(now + second)
        starts.append(kept.starts)
        if kept.process is not None:
            kept.process.wait()

    assert starts[0] == 1
    assert kept.starts == 4  # after 1, 2 and 4 seconds more


def test_nothing_starts_before_it_is_due() -> None:
    due: list[bool] = []
    kept = Kept(part(SLEEP, is_due=lambda: bool(due)))

    kept.look(0.0)
    assert kept.process is None

    due.append(True)
    kept.look(1.0)
    assert psutil.pid_exists(pid_of(kept))
    kept.stop()
    kept.wait(5)
    assert kept.process is None


def test_stopping_ends_every_part() -> None:
    supervisor = Supervisor([part(SLEEP), part(SLEEP)])
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    assert wait_until(lambda: all(kept.process for kept in supervisor.kept), limit=10)
    pids = [pid_of(kept) for kept in supervisor.kept]

    supervisor.stop()
    thread.join(20)

    assert not thread.is_alive()
    assert not any(map(psutil.pid_exists, pids))


def test_a_part_that_does_not_listen_is_ended_too() -> None:
    kept = Kept(part((sys.executable, "-c", DEAF)))
    kept.look(0.0)
    leash = psutil.Process(pid_of(kept))
    assert wait_until(lambda: bool(leash.children()), limit=10)
    time.sleep(0.5)
    (deaf,) = leash.children()

    kept.stop()
    kept.wait(0.5)

    assert wait_until(lambda: ended(deaf), limit=5)
    assert not leash.is_running()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_the_supervisor(number: signal.Signals, tmp_path: Path) -> None:
    mark = {"ZISHEN_DATA_DIR": str(tmp_path)}
    supervisor = subprocess.Popen(  # noqa: S603
        (sys.executable, "-c", SUPERVISOR),
        env=os.environ | mark,  # noqa: TID251  a process of its own
    )
    try:
        assert wait_until(lambda: len(list(marked(tmp_path))) == 4, limit=30)
        time.sleep(1.5)  # the leash has seen what its program started
        supervisor.send_signal(number)
        supervisor.wait(20)
        assert wait_until(lambda: not list(marked(tmp_path)), limit=20)
    finally:
        supervisor.kill()
        for process in marked(tmp_path):
            process.kill()


def names(settings: Settings, *kinds: Kind) -> list[str]:
    plan = Plan(settings)
    return [part.name for part in plan.parts(kinds or plan.usual(), Path("m"))]


def test_one_machine_runs_everything(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "ocr": {"workers": 2}})

    assert names(settings) == [
        "prefect-server",
        "dask-scheduler",
        "pages-1",
        "pages-2",
        "api",
        "prefect-worker",
    ]


def test_without_page_workers_there_is_no_cluster(tmp_path: Path) -> None:
    assert names(Settings(data_dir=tmp_path)) == ["prefect-server", "api", "prefect-worker"]


def test_another_machine_joins_what_its_settings_name(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {
            "data_dir": tmp_path,
            "ocr": {"workers": 1, "device": "gpu"},
            "dask": {"scheduler": "tcp://a:8786"},
            "prefect": {"api_url": "http://a:4200/api"},
        }
    )
    (pages,) = Plan(settings).parts((Kind.PAGES,), Path("m"))

    assert names(settings) == ["pages-1", "api", "prefect-worker"]
    assert "tcp://a:8786" in pages.command
    assert "GPU=1" in pages.command
    assert pages.environment["ZISHEN_PREFECT__API_URL"] == "http://a:4200/api"
