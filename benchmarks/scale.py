"""What do more processes win, and what does orchestration cost?

    python benchmarks/scale.py [--pages 60] [--packages 50] [--page-seconds 0.5]

Two questions in one run. **Pages**: the same pages, small bands of a sample statement, on 1 and on
2 processes of this machine and on a Dask scheduler with 2 workers; what counts are ratios of pages
a second to the first. **Orchestration**: `review-batch` over so many packages of four pages each,
under a Prefect server of its own, against the bare time of its pages and judging shared by as
many hands; a page there takes `--page-seconds` of waiting, so that the cost of Prefect, database
and artifacts is seen and not that of recognition on a busy machine. One JSON goes to
`benchmarks/results/`.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from accuracy import HERE, machine
from rich.console import Console
from rich.table import Table
from soak import BLOCK, MODELS, bands

HANDS = 2
PAGES_EACH = 4


def none() -> None:
    """Stand for the engine that no pool may ask for here."""
    raise AssertionError("a model was loaded beside the pool")


@contextlib.contextmanager
def local(workers: int) -> Iterator[object]:
    """Make a pool of processes of this machine that is ready."""
    from pipeline.pages.crew import Bounds, Crew
    from pipeline.pages.local import Local
    from pipeline.pages.work import Recipe

    crew = Crew(Recipe(MODELS, "cpu", 1), Bounds(workers, 600, 1_000_000, 1_000_000))
    crew.start()
    pool = Local(crew, none)
    try:
        yield pool
    finally:
        pool.close()


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[object]:
    """Make a pool on a Dask scheduler of its own that is ready."""
    from pipeline.pages.cluster import Cluster
    from pipeline.pages.crew import Bounds
    from pipeline.pages.terms import Terms

    address = "tcp://127.0.0.1:28786"
    scheduler = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "28786")
    worker = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny")
    with tempfile.TemporaryDirectory() as folder:
        commands = [scheduler, *[(*worker, "--local-directory", folder)] * workers]
        running = [
            subprocess.Popen(  # noqa: S603
                (
                    sys.executable,
                    "-m",
                    "pipeline.machine.leash",
                    sys.executable,
                    "-m",
                    *command,
                    "--no-dashboard",
                ),
                stdin=subprocess.PIPE,  # its leash: it ends with us
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for command in commands
        ]
        pool = Cluster(address, Terms.of("cpu", Bounds(1, 600, 1_000_000, 1_000_000)), 60)
        try:
            while pool.join() < workers:  # every worker is to be there before the clock
                time.sleep(0.2)
            yield pool
        finally:
            pool.close()
            for process in running:
                process.stdin.close()
                process.wait()


def rate(pool: object, papers: list[bytes]) -> float:
    """Return the pages a second of a pool, which has read one paper before."""
    from extractors.seen import Upload
    from schemas.documents import MediaType

    def read(data: bytes) -> int:
        upload = Upload(data, MediaType.TIFF, "0" * 64)
        return sum(1 for _ in pool.see(upload, range(1, BLOCK + 1)))

    read(papers[0])
    began = time.perf_counter()
    return sum(map(read, papers)) / (time.perf_counter() - began)


def orchestration(packages: int, page_seconds: float) -> dict[str, float]:
    """Return what a batch takes, of what its pages and its judging take by themselves."""
    from pipeline import dispatch, wiring
    from pipeline.stages.intake import take_in
    from tests.cli.papers import COMPLETE, hand_in

    with tempfile.TemporaryDirectory() as folder:
        services = slow_services(Path(folder) / "data", page_seconds)
        wiring.services = lambda: services
        ids = [
            take_in([hand_in(Path(folder) / str(number), *COMPLETE)], services).id
            for number in range(packages + 1)
        ]
        with dispatch.opened(services.settings) as runs:
            runs.review(ids.pop())  # the server is up, and everything is imported
            began = time.perf_counter()
            runs.review_all(ids)
            wall = time.perf_counter() - began
        judging = judging_alone(ids, services)
        services.close()
    pages = packages * PAGES_EACH * page_seconds
    ratio = wall / ((pages + judging) / HANDS)
    return {"wall": wall, "pages": pages, "judging": judging, "ratio": ratio}


def slow_services(folder: Path, page_seconds: float) -> object:
    """Make services whose reader takes its time for a page, as recognition would."""
    from pipeline.settings import OcrSettings, PrefectSettings, Settings
    from tests.cli.papers import PaperReader, make_services

    class Slow(PaperReader):
        def read(self, data: bytes, source: object) -> object:
            time.sleep(page_seconds)
            return super().read(data, source)

    services = make_services(folder, Slow())
    settings = Settings(
        data_dir=folder,
        ocr=OcrSettings(workers=HANDS, documents=1),
        prefect=PrefectSettings(packages=HANDS),
    )
    return replace(services, settings=settings)


def judging_alone(ids: list[str], services: object) -> float:
    """Return what judging the packages takes without anything around it."""
    from pipeline.stages.judge import judge

    dossiers = [services.repository.record(package_id).dossier for package_id in ids]
    began = time.perf_counter()
    for dossier in dossiers:
        judge(dossier.package, dossier.readings, services)
    return time.perf_counter() - began


def main() -> int:
    """Measure both, print ratios, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--side", type=int, default=900)
    parser.add_argument("--packages", type=int, default=50)
    parser.add_argument("--page-seconds", type=float, default=0.5)
    options = parser.parse_args()
    sys.path.insert(0, str(HERE.parent))
    papers = list(islice(bands(options.side), max(1, options.pages // BLOCK)))
    rates = {}
    sides = {
        "1 process": lambda: local(1),
        "2 processes": lambda: local(2),
        "Dask, 2 workers": lambda: cluster(2),
    }
    for name, made in sides.items():
        with made() as pool:
            rates[name] = rate(pool, papers)
    table = Table("", "pages a second", "ratio")
    for name, said in rates.items():
        table.add_row(name, f"{said:.2f}", f"{said / rates['1 process']:.2f}")
    cost = orchestration(options.packages, options.page_seconds)
    Console().print(table)
    Console().print(
        f"{options.packages} packages of {PAGES_EACH} pages: {cost['wall']:.1f} s, pages "
        f"{cost['pages']:.1f} s and judging {cost['judging']:.1f} s by {HANDS}: {cost['ratio']:.2f}"
    )
    out = HERE / "results" / "scale.json"
    out.parent.mkdir(exist_ok=True)
    result = {"made_on": machine(), "rates": rates, "orchestration": cost}
    out.write_text(json.dumps(result, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
