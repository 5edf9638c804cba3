"""How fast is the reading? Seconds a page by stage and peak memory, against a bare PaddleOCR call.

    python benchmarks/speed.py [PAPER …]

Both sides read the same pages in the same run, page by page in turn, each in a process of its own
so that the peak memory is its own; what is printed are ratios of medians (below 1: faster or
smaller than bare PaddleOCR with the same models and sizes). Without arguments the pictures and
scans of `sample_docs/` are read. One JSON goes to `benchmarks/results/`.
"""

import json
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from accuracy import HERE, machine
from rich.console import Console
from rich.table import Table

MODELS = HERE.parent / ".models"
DPI = 200

Timings = dict[str, float]
Side = Callable[[np.ndarray], Timings]


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


def timed(timings: Timings, stage: str, work: Callable[[], object]) -> object:
    """Do some work and note how long it took."""
    start = time.perf_counter()
    result = work()
    timings[stage] = timings.get(stage, 0.0) + time.perf_counter() - start
    return result


def bare() -> Side:
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
        device="cpu",
    )

    def read(page: np.ndarray) -> Timings:
        timings: Timings = {}
        timed(timings, "total", lambda: engine.predict(page))
        return timings

    return read


def ours() -> Side:
    """Make our reading: find lines, recognise them, turn and straighten, extract."""
    import cv2

    from extractors.document import DocumentReader
    from extractors.ocr.engine import Line, Quad
    from extractors.ocr.paddle import PaddleEngine
    from schemas.documents import MediaType, SourceFile

    class Watched:
        """An engine that notes how long it takes."""

        def __init__(self) -> None:
            self.inner = PaddleEngine(MODELS)
            self.timings: Timings = {}

        fingerprint = "watched"
        device = "cpu"

        def find(self, image: np.ndarray) -> tuple[Quad, ...]:
            return timed(self.timings, "find lines", lambda: self.inner.find(image))

        def recognise(self, images: list[np.ndarray]) -> tuple[Line, ...]:
            return timed(self.timings, "recognise", lambda: self.inner.recognise(images))

    engine = Watched()
    reader = DocumentReader(engine=lambda: engine, engine_name="watched")

    def read(page: np.ndarray) -> Timings:
        engine.timings = {}
        data = cv2.imencode(".png", page, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
        source = SourceFile(name="x", sha256="0" * 64, media_type=MediaType.PNG, size=len(data))
        timed(engine.timings, "total", lambda: reader.read(data, source))
        return engine.timings

    return read


SIDES: dict[str, Callable[[], Side]] = {"bare": bare, "ours": ours}


def serve(name: str, pipe: Connection) -> None:
    """Read the pages that come through the pipe until None comes."""
    read = SIDES[name]()
    while (page := pipe.recv()) is not None:
        timings = read(page)
        pipe.send((timings, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(papers: list[Path]) -> tuple[dict[str, list[Timings]], dict[str, float]]:
    """Let both sides read every page in turn; the first page is read twice, to warm up."""
    context = multiprocessing.get_context("spawn")
    pipes: dict[str, Connection] = {}
    children = []
    for name in SIDES:
        pipes[name], there = context.Pipe()
        children.append(context.Process(target=serve, args=(name, there)))
        children[-1].start()
    timings: dict[str, list[Timings]] = {name: [] for name in SIDES}
    peaks = dict.fromkeys(SIDES, 0.0)
    every = [page for paper in papers for page in pages(paper)]
    for number, page in enumerate([every[0], *every]):
        for name, pipe in pipes.items():
            pipe.send(page)
            said, peaks[name] = pipe.recv()
            if number:
                timings[name].append(said)
    for pipe in pipes.values():
        pipe.send(None)
    for child in children:
        child.join()
    return timings, peaks


def median(timings: list[Timings], stage: str) -> float:
    """Return the median over pages of the seconds of a stage."""
    return statistics.median(page.get(stage, 0.0) for page in timings)


def main() -> int:
    """Measure both, print ratios, write."""
    samples = HERE.parent / "sample_docs"
    pictures = {".jpg", ".png"}
    papers = [Path(argument) for argument in sys.argv[1:]] or sorted(
        path for path in samples.glob("0*/*") if path.suffix in pictures or "scan" in path.name
    )
    timings, peaks = measure(papers)
    base = median(timings["bare"], "total")
    ratios = [
        ours["total"] / bare["total"]
        for ours, bare in zip(timings["ours"], timings["bare"], strict=True)
    ]
    table = Table("stage", "s a page, median", "of bare", title=f"{len(ratios)} pages")
    table.add_row("bare PaddleOCR, all", f"{base:.2f}", "1.00")
    for stage in ("find lines", "recognise", "total"):
        seconds = median(timings["ours"], stage)
        table.add_row(f"zishen, {stage}", f"{seconds:.2f}", f"{seconds / base:.2f}")
    table.add_row(
        "zishen, total, median of the pages' ratios", "", f"{statistics.median(ratios):.2f}"
    )
    table.add_row("peak RSS, MiB", f"{peaks['ours']:.0f}", f"{peaks['ours'] / peaks['bare']:.2f}")
    Console().print(table)
    out = HERE / "results" / "speed.json"
    out.parent.mkdir(exist_ok=True)
    result = {
        "made_on": machine(),
        "papers": len(papers),
        "timings": timings,
        "peak_rss_mib": peaks,
    }
    out.write_text(json.dumps(result, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
