"""What do more processes win, and what does orchestration cost?

    python benchmarks/scale.py [--pages 60] [--packages 50] [--page-seconds 0.5] [--real 12]

Two questions in one run. **Pages**: the same pages, small bands of a sample statement, on 1 and on
2 processes of this machine and on a Dask scheduler with 2 workers; what counts are ratios of pages
a second to the first. **Orchestration**: `review-batch` over so many packages of four pages each,
against the bare time of its pages and judging shared by as many hands as read pages. Its Prefect
server is one of its own and up before the clock; all else is in it: runs, task runs, artifacts,
database. A page takes `--page-seconds` of one of the hands, waiting, so that nothing is told of
recognition. Then `--real` packages the other way about: whole pages are recognised by a pool of so
many processes, which share the machine's cores with Prefect, and their bare time is that of the
same pages by the same pool with nothing around it. One JSON goes to `benchmarks/results/`.
"""

import argparse
import contextlib
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from threading import Lock, Semaphore

from accuracy import HERE, keep
from PIL import Image, ImageSequence
from rich.console import Console
from rich.table import Table
from soak import BLOCK, MODELS, bands

HANDS = 2
PAGES_EACH = 4
WHOLE = 5200
"""The side by which a band of a sheet is all of it."""


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


class Waiting:
    """Takes time of one of the hands for a page, and no more."""

    def __init__(self, seconds: float) -> None:
        """Have every hand free."""
        self.seconds, self._hands = seconds, Semaphore(HANDS)

    def page(self) -> None:
        """Read a page."""
        with self._hands:
            time.sleep(self.seconds)

    def bare(self, pages: int) -> float:
        """Return what so many pages take by themselves, of one hand."""
        return pages * self.seconds


class Recognising:
    """Recognises a whole page by a pool, another one each time."""

    def __init__(self, pool: object) -> None:
        """Have some pages at hand."""
        self._pool, self._next = pool, Lock()
        self._pages = cycle(list(whole_pages()))

    def page(self) -> None:
        """Read a page."""
        from extractors.seen import Upload
        from schemas.documents import MediaType

        with self._next:
            upload = Upload(next(self._pages), MediaType.TIFF, "0" * 64)
        list(self._pool.see(upload, [1]))

    def bare(self, pages: int) -> float:
        """Return what so many pages take by themselves, of one hand."""
        began = time.perf_counter()
        with ThreadPoolExecutor(2 * HANDS) as threads:
            list(threads.map(lambda _: self.page(), range(pages)))
        return HANDS * (time.perf_counter() - began)


def whole_pages() -> Iterator[bytes]:
    """Yield pages of a sample statement, hardly cut, as files of their own."""
    with Image.open(io.BytesIO(next(bands(WHOLE)))) as frames:
        for frame in islice(ImageSequence.Iterator(frames), 2 * PAGES_EACH):
            written = io.BytesIO()
            frame.save(written, "TIFF")
            yield written.getvalue()


def orchestration(packages: int, reads: Waiting | Recognising) -> dict[str, float]:
    """Return what a batch takes, of what its pages and its judging take by themselves."""
    from pipeline import dispatch, wiring
    from pipeline.stages.intake import take_in
    from tests.cli.papers import COMPLETE, hand_in

    with tempfile.TemporaryDirectory() as folder:
        services = slow_services(Path(folder) / "data", reads)
        wiring.services = lambda: services
        ids = [
            take_in([hand_in(Path(folder) / str(number), *COMPLETE)], services).id
            for number in range(packages + 1)
        ]
        with dispatch.opened(services.settings) as runs:
            runs.review(ids.pop())  # the server is up, and everything is imported
            pages = reads.bare(packages * PAGES_EACH)
            began = time.perf_counter()
            results = runs.review_all(ids)
            wall = time.perf_counter() - began
        failed = [result.error for result in results if result.error is not None]
        assert not failed, f"packages failed: {failed}"  # noqa: S101
        judging = judging_alone(ids, services)
        services.close()
    ratio = wall / ((pages + judging) / HANDS)
    return {
        "packages": packages,
        "wall": wall,
        "pages": pages,
        "judging": judging,
        "ratio": ratio,
    }


def slow_services(folder: Path, reads: Waiting | Recognising) -> object:
    """Make services whose reader takes its time for a page, as recognition would."""
    from pipeline.settings import OcrSettings, Settings
    from tests.cli.papers import PaperReader, make_services

    class Slow(PaperReader):
        def read(self, data: bytes, source: object) -> object:
            reads.page()
            return super().read(data, source)

    services = make_services(folder, Slow())
    settings = Settings(data_dir=folder, ocr=OcrSettings(workers=HANDS))
    return replace(services, settings=settings)


def judging_alone(ids: list[str], services: object) -> float:
    """Return what judging the packages takes without anything around it."""
    from pipeline.stages.judge import judge

    dossiers = [services.repository.record(package_id).dossier for package_id in ids]
    began = time.perf_counter()
    for dossier in dossiers:
        judge(dossier.package, dossier.readings, services)
    return time.perf_counter() - began


def rates(pages: int, side: int) -> dict[str, float]:
    """Return the pages a second of each pool over the same papers."""
    papers = list(islice(bands(side), max(1, pages // BLOCK)))
    sides = {
        "1 process": lambda: local(1),
        "2 processes": lambda: local(2),
        "Dask, 2 workers": lambda: cluster(2),
    }
    found = {}
    for name, made in sides.items():
        with made() as pool:
            found[name] = rate(pool, papers)
    return found


def main() -> int:
    """Measure both, print ratios, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--side", type=int, default=900)
    parser.add_argument("--packages", type=int, default=50)
    parser.add_argument("--page-seconds", type=float, default=0.5)
    parser.add_argument("--real", type=int, default=12)
    options = parser.parse_args()
    sys.path.insert(0, str(HERE.parent))
    costs = {}
    if options.packages:
        costs["waiting"] = orchestration(options.packages, Waiting(options.page_seconds))
    if options.real:
        with local(HANDS) as pool:
            costs["recognised"] = orchestration(options.real, Recognising(pool))
    found = rates(options.pages, options.side) if options.pages else {}
    table = Table("", "pages a second", "ratio")
    for name, said in found.items():
        table.add_row(name, f"{said:.2f}", f"{said / found['1 process']:.2f}")
    Console().print(table)
    for name, cost in costs.items():
        Console().print(
            f"{cost['packages']} packages of {PAGES_EACH} pages, {name}: {cost['wall']:.1f} s, of "
            f"pages {cost['pages']:.1f} s and judging {cost['judging']:.1f} s by {HANDS}: "
            f"{cost['ratio']:.2f}"
        )
    keep("scale", {"rates": found, "orchestration": costs})
    return 0


if __name__ == "__main__":
    sys.exit(main())
