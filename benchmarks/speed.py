"""How fast is the reading? Seconds a page by stage and peak memory, against a bare PaddleOCR call.

    python benchmarks/speed.py [PAPER …] [--threads N]

Both sides read the same papers in the same run, paper by paper in turn, each in one process of its
own so that the peak memory is its own. Ours goes from the bytes of a file to its reading, every
second reading and repair included; bare PaddleOCR, with the same models, sizes and threads, is
given each page already decoded, and finds and recognises its lines. What counts are ratios of
papers (below 1: faster than bare PaddleOCR) and their median. The processor's seconds are given
beside those of the clock: on a machine with other work they are the steadier. Without arguments
the pictures and scans of `sample_docs/` are read. One JSON goes to `benchmarks/results/`.
"""

import argparse
import hashlib
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

import numpy as np
from accuracy import HERE, keep
from rich.console import Console
from rich.table import Table

MODELS = HERE.parent / ".models"
DPI = 200
STAGES = ("find", "recognise", "reconsider")

Timings = dict[str, float]
"""Seconds by stage; `total` and `processor` are of the whole paper, `pages` is their number."""
Side = Callable[[Path], Timings]
T = TypeVar("T")


def pages(paper: Path) -> Iterator[np.ndarray]:
    """Yield the page pictures of a paper: pictures as they are, PDF pages at 200 dpi."""
    from extractors import pdf, raster
    from extractors.intake import Limits, sniff

    data = paper.read_bytes()
    media_type = sniff(data)
    if media_type.is_image:
        yield from raster.frames(data, media_type, Limits())
        return
    with pdf.PdfFile(data, Limits()) as document:
        for number in range(1, document.page_count + 1):
            yield document.render(number, DPI)


def timed(timings: Timings, stage: str, work: Callable[[], T]) -> T:
    """Do some work and note how long it took."""
    start = time.perf_counter()
    result = work()
    timings[stage] = timings.get(stage, 0.0) + time.perf_counter() - start
    return result


def whole(timings: Timings, work: Callable[[], object]) -> None:
    """Do the work of a paper, or of a page of it, and note the clock's and processor's seconds."""
    start = time.process_time()
    timed(timings, "total", work)
    timings["processor"] = timings.get("processor", 0.0) + time.process_time() - start


def bare(threads: int) -> Side:
    """Make PaddleOCR's own pipeline with the settings of ADR 6."""
    from paddleocr import PaddleOCR

    engine = PaddleOCR(
        text_detection_model_name="PP-OCRv6_small_det",
        text_detection_model_dir=str(MODELS / "PP-OCRv6_small_det"),
        text_recognition_model_name="PP-OCRv6_small_rec",
        text_recognition_model_dir=str(MODELS / "PP-OCRv6_small_rec"),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        text_det_limit_side_len=1920,
        text_det_limit_type="max",
        text_recognition_batch_size=6,
        engine="onnxruntime",
        engine_config={"intra_op_num_threads": threads},
        device="cpu",
    )

    def read(paper: Path) -> Timings:
        timings: Timings = {"pages": 0.0}
        for page in pages(paper):
            whole(timings, lambda page=page: engine.predict(page))
            timings["pages"] += 1
        return timings

    return read


def ours(threads: int) -> Side:
    """Make our reading, from bytes to a reading whose amounts are proved and repaired."""
    from extractors.document import DocumentReader
    from extractors.intake import sniff
    from extractors.ocr.engine import Image, Line, Quad
    from extractors.ocr.paddle import PaddleEngine
    from schemas.documents import SourceFile
    from validators.proof import prove
    from validators.repair import repair

    class Watched:
        """An engine that notes how long it takes."""

        fingerprint = "watched"
        device = "cpu"

        def __init__(self) -> None:
            self.inner = PaddleEngine(MODELS, threads=threads)
            self.timings: Timings = {}

        def find(self, image: Image) -> tuple[Quad, ...]:
            return timed(self.timings, "find", lambda: self.inner.find(image))

        def recognise(self, images: list[Image]) -> tuple[Line, ...]:
            return timed(self.timings, "recognise", lambda: self.inner.recognise(images))

        def reconsider(self, images: list[Image]) -> tuple[Line, ...]:
            return timed(self.timings, "reconsider", lambda: self.inner.reconsider(images))

    engine = Watched()
    reader = DocumentReader(engine=lambda: engine, engine_name="watched")

    def read(paper: Path) -> Timings:
        data = paper.read_bytes()
        digest, kind = hashlib.sha256(data).hexdigest(), sniff(data)
        source = SourceFile(name=paper.name, sha256=digest, media_type=kind, size=len(data))
        engine.timings = {"pages": 0.0}
        whole(engine.timings, lambda: prove(repair(reader.read(data, source))))
        engine.timings["pages"] = float(sum(1 for _ in pages(paper)))
        return engine.timings

    return read


SIDES: dict[str, Callable[[int], Side]] = {"bare": bare, "ours": ours}


def serve(name: str, threads: int, pipe: Connection) -> None:
    """Read the papers whose paths come through the pipe until None comes."""
    import cv2

    cv2.setNumThreads(threads)
    read = SIDES[name](threads)
    while (paper := pipe.recv()) is not None:
        timings = read(paper)
        pipe.send((timings, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(papers: list[Path], threads: int) -> tuple[dict[str, list[Timings]], dict[str, float]]:
    """Let both sides read every paper in turn; the first is read twice, to warm up."""
    context = multiprocessing.get_context("spawn")
    pipes: dict[str, Connection] = {}
    children = []
    for name in SIDES:
        pipes[name], there = context.Pipe()
        children.append(context.Process(target=serve, args=(name, threads, there)))
        children[-1].start()
        there.close()  # so that the end of a child ends the run
    timings: dict[str, list[Timings]] = {name: [] for name in SIDES}
    peaks = dict.fromkeys(SIDES, 0.0)
    for number, paper in enumerate([papers[0], *papers]):
        for name, pipe in pipes.items():
            pipe.send(paper)
            said, peaks[name] = pipe.recv()
            if number:
                timings[name].append(said)
    for pipe in pipes.values():
        pipe.send(None)
    for child in children:
        child.join()
    return timings, peaks


def a_page(timings: list[Timings], stage: str) -> float:
    """Return the median over papers of the seconds that a stage takes for a page."""
    return statistics.median(paper.get(stage, 0.0) / paper["pages"] for paper in timings)


def ratios(timings: dict[str, list[Timings]], stage: str) -> list[float]:
    """Return, paper by paper, our seconds over bare PaddleOCR's."""
    pairs = zip(timings["ours"], timings["bare"], strict=True)
    return [ours[stage] / bare[stage] for ours, bare in pairs]


def tabulated(timings: dict[str, list[Timings]], peaks: dict[str, float]) -> Table:
    """Return the figures as a table."""
    base = a_page(timings["bare"], "total")
    count = int(sum(paper["pages"] for paper in timings["bare"]))
    title = f"{len(timings['bare'])} papers, {count} pages"
    table = Table("stage", "s a page, median", "of bare", title=title)
    table.add_row("bare PaddleOCR, all", f"{base:.2f}", "1.00")
    for stage in (*STAGES, "total"):
        seconds = a_page(timings["ours"], stage)
        table.add_row(f"zishen, {stage}", f"{seconds:.2f}", f"{seconds / base:.2f}")
    for stage in ("total", "processor"):
        middle = statistics.median(ratios(timings, stage))
        table.add_row(f"zishen, {stage}, median of the papers' ratios", "", f"{middle:.2f}")
    table.add_row("peak RSS, MiB", f"{peaks['ours']:.0f}", f"{peaks['ours'] / peaks['bare']:.2f}")
    return table


def main() -> int:
    """Measure both, print ratios, write."""
    samples = HERE.parent / "sample_docs"
    pictures = {".jpg", ".png"}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", nargs="*", type=Path)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    papers = given.papers or sorted(
        path for path in samples.glob("0*/*") if path.suffix in pictures or "scan" in path.name
    )
    timings, peaks = measure(papers, given.threads)
    Console().print(tabulated(timings, peaks))
    result = {
        "papers": len(papers),
        "threads": given.threads,
        "timings": timings,
        "ratios": ratios(timings, "total"),
        "peak_rss_mib": peaks,
    }
    keep("speed", result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
