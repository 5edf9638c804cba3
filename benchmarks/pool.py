"""What does a pool of processes win? Pages a minute and memory, against one process of two threads.

    python benchmarks/pool.py [--repeat 4] [--rounds 2] [--workers 2]

The pages of the pictures and scans of `sample_docs/` are read as one long document, in turn by
each side in the same run: in one process with two threads for each recognition, and by a pool of
processes with one thread each. Every side is warm before its clock starts. Memory is the most
that all processes of a side together held (RSS, looked at every 50 ms). What counts are the
ratios. One JSON goes to `benchmarks/results/`.
"""

import argparse
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
from accuracy import HERE, keep
from rich.console import Console
from rich.table import Table

MODELS = HERE.parent / ".models"
SAMPLES = HERE.parent / "sample_docs"
Read = Callable[[Path, int], int]


def inline(threads: int) -> Read:
    """Make the reading in one process."""
    from extractors.ocr.paddle import PaddleEngine
    from extractors.seen import Inline

    engine = PaddleEngine(MODELS, "cpu", threads)
    return reading(Inline(lambda: engine))


def pool(workers: int) -> Read:
    """Make the reading by a pool that is ready."""
    from pipeline.pages.crew import Bounds, Crew
    from pipeline.pages.local import Local
    from pipeline.pages.work import Recipe

    crew = Crew(Recipe(MODELS, "cpu", 1), Bounds(workers, 600, 1_000_000, 1_000_000))
    crew.start()

    def none() -> None:
        raise AssertionError("a model was loaded beside the pool")

    return reading(Local(crew, none))


def reading(sees: object) -> Read:
    """Make what reads every page of a paper so many times, and counts them."""
    from extractors.intake import sniff
    from extractors.pdf import PdfFile
    from extractors.seen import Upload
    from schemas.documents import MediaType

    def read(paper: Path, repeat: int) -> int:
        data = paper.read_bytes()
        upload = Upload(data, sniff(data), "0" * 64)
        count = upload.frames
        if upload.media_type is MediaType.PDF:
            with PdfFile(data, upload.limits) as document:
                count = document.page_count
        numbers = list(range(1, count + 1)) * repeat
        return sum(bool(page.page.words) for page in sees.see(upload, numbers))

    return read


SIDES = {"inline": inline, "pool": pool}


def serve(side: str, size: int, pipe: Connection) -> None:
    """Be the parent process of a side: read what comes through the pipe until None comes."""
    read = SIDES[side](size)
    pipe.send(None)
    while (order := pipe.recv()) is not None:
        began = time.perf_counter()
        count = read(*order)
        pipe.send((count, time.perf_counter() - began))


@contextmanager
def watched(process: psutil.Process):
    """Note the most memory that a process and all below it hold together."""
    peak, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            total = 0
            for one in (process, *process.children(recursive=True)):
                try:
                    total += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            peak[0] = max(peak[0], total)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield peak
    over.set()
    thread.join()


def measure(papers: list[Path], options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Let each side read every paper in turn, the first paper once before to warm up."""
    context = multiprocessing.get_context("spawn")
    sides = {"inline": ("inline", 2), "pool": ("pool", options.workers)}
    pipes, children = {}, {}
    for name, (side, size) in sides.items():
        pipes[name], there = context.Pipe()
        children[name] = context.Process(target=serve, args=(side, size, there))
        children[name].start()
        pipes[name].recv()
        pipes[name].send((papers[0], options.workers))
        pipes[name].recv()
    result = {name: {"pages": 0, "seconds": 0.0, "peak_rss_mib": 0.0} for name in sides}
    for _ in range(options.rounds):
        for paper in papers:
            for name, pipe in pipes.items():
                with watched(psutil.Process(children[name].pid)) as peak:
                    pipe.send((paper, options.repeat))
                    pages, seconds = pipe.recv()
                said = result[name]
                said["pages"] += pages
                said["seconds"] += seconds
                said["peak_rss_mib"] = max(said["peak_rss_mib"], peak[0] / (1 << 20))
    for name, pipe in pipes.items():
        pipe.send(None)
        children[name].join()
    return result


def main() -> int:
    """Measure both, print ratios, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("papers", nargs="*", type=Path)
    options = parser.parse_args()
    pictures = {".jpg", ".png"}
    papers = options.papers or sorted(
        path for path in SAMPLES.glob("0*/*") if path.suffix in pictures or "scan" in path.name
    )
    result = measure(papers, options)
    base = result["inline"]
    table = Table("", "pages", "pages a minute", "ratio", "peak RSS, MiB", "ratio")
    for name, said in result.items():
        rate = said["pages"] / said["seconds"] * 60
        said["pages_a_minute"] = rate
        table.add_row(
            name,
            f"{said['pages']:.0f}",
            f"{rate:.1f}",
            f"{rate / base['pages_a_minute']:.2f}",
            f"{said['peak_rss_mib']:.0f}",
            f"{said['peak_rss_mib'] / base['peak_rss_mib']:.2f}",
        )
    Console().print(table)
    keep("pool", {"sides": result})
    return 0


if __name__ == "__main__":
    sys.exit(main())
