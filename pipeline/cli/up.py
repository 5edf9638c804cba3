"""`zishen up`: everything that a machine runs, under one supervisor."""

import shutil
import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.machine.parts import Kind, Plan
from pipeline.machine.supervise import Supervisor
from pipeline.observe import door, shared

Parts = Annotated[
    list[Kind] | None,
    typer.Argument(
        metavar="[PART...]",
        help="server, scheduler, pages, api, worker; all that the settings do not place elsewhere "
        "unless named.",
    ),
]


def up(
    parts: Parts = None,
    host: Annotated[
        str, typer.Option("--host", help="Address on which the parts listen.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Of the API.")] = 8000,
    prefect_port: Annotated[
        int, typer.Option("--prefect-port", min=1, max=65535, help="Of the Prefect server.")
    ] = 4200,
    dask_port: Annotated[
        int, typer.Option("--dask-port", min=1, max=65535, help="Of the Dask scheduler.")
    ] = 8786,
    lang: Lang = None,
) -> None:
    """Run server, API and workers of this machine (启动全部服务) until it is stopped.

    What dies is started again. With ZISHEN_OCR__WORKERS=N pages are read by N processes that all
    flow runs share; without, each run reads by itself. Another machine adds its processors by
    `zishen up pages worker`.
    """
    session = begin(lang)
    plan = Plan(session.settings, host, port, prefect_port, dask_port)
    counts = session.settings.data_dir.resolve() / "run" / "metrics"
    _empty(counts)
    supervisor = Supervisor(
        plan.parts(tuple(parts) if parts else plan.usual(), counts),
        tick=lambda: shared.fold(counts),
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for kept in supervisor.kept:
        session.note(kept.part.name)
    showing = door.serve(session.settings.metrics, counts)
    try:
        supervisor.run()
    finally:
        if showing is not None:
            showing.shutdown()
        shutil.rmtree(counts, ignore_errors=True)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
