"""How fast is the reading? Seconds a page by stage and peak memory, against a bare PaddleOCR call.

    python benchmarks/speed.py [PAPER …]

Every paper is read by both in the same run, in turn, each in a process of its own so that the
peak memory is its own; what is printed are ratios (below 1: we are faster or smaller). Without
arguments the images and scans of `sample_docs/` are read. One JSON goes to `benchmarks/results/`.
"""

import json
import multiprocessing
import resource
import statistics
import sys
import time
from hashlib import sha256
from pathlib import Path

import numpy as np
from accuracy import HERE, machine
from rich.console import Console
from rich.table import Table

MODELS = HERE.parent / ".models"


def pages(papers: list[Path]) -> list[np.ndarray]:
    """Return the page images of the papers: pictures as they are, PDF pages at 200 dpi."""
    from extractors.intake import Limits, sniff

    from extractors import pdf, raster

    images: list[np.ndarray] = []
    for paper in papers:
        data = paper.read_bytes()
        media_type = sniff(data)
        if media_type.is_image:
            images += raster.frames(data, media_type, Limits())
        else:
            with pdf.PdfFile(data, Limits()) as document:
                images += [document.render(n, 200) for n in range(1, document.page_count + 1)]
    return images


def bare(papers: list[Path]) -> dict[str, float]:
    """Time PaddleOCR's own pipeline with the settings of ADR 6."""
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
    images = pages(papers)
    engine.predict(images[0])
    return {"recognise": _per_page(engine.predict, images)}


def ours(papers: list[Path]) -> dict[str, float]:
    """Time our engine alone, and with turning upright and extraction."""
    from extractors.intake import sniff
    from extractors.ocr.paddle import PaddleEngine

    from extractors.document import DocumentReader
    from schemas.documents import SourceFile

    engine = PaddleEngine(MODELS)
    images = pages(papers)
    engine.read(images[0])
    stages = {"recognise": _per_page(engine.read, images)}
    reader = DocumentReader(engine=lambda: engine, engine_name=engine.fingerprint)
    start = time.perf_counter()
    for paper in papers:
        data = paper.read_bytes()
        source = SourceFile(
            name=paper.name,
            sha256=sha256(data).hexdigest(),
            media_type=sniff(data),
            size=len(data),
        )
        reader.read(data, source)
    stages["whole document"] = (time.perf_counter() - start) / len(images)
    return stages


def _per_page(read: object, images: list[np.ndarray]) -> float:
    seconds = []
    for image in images:
        start = time.perf_counter()
        read(image)
        seconds.append(time.perf_counter() - start)
    return statistics.mean(seconds)


def _child(name: str, papers: list[Path], pipe: object) -> None:
    stages = {"bare": bare, "ours": ours}[name](papers)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send({"seconds_per_page": stages, "peak_rss_mib": peak})


def measure(name: str, papers: list[Path]) -> dict:
    """Run one side in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_child, args=(name, papers, there))
    child.start()
    there.close()
    result = here.recv()
    child.join()
    return result


def main() -> int:
    """Measure both, print ratios, write."""
    samples = HERE.parent / "sample_docs"
    papers = [Path(argument) for argument in sys.argv[1:]] or sorted(
        path
        for path in samples.glob("0*/*")
        if path.suffix in {".jpg", ".png"} or "scan" in path.name
    )
    result = {name: measure(name, papers) for name in ("bare", "ours")}
    base = result["bare"]
    table = Table("stage", "s a page", "times bare PaddleOCR", title=f"{len(papers)} papers")
    table.add_row("bare PaddleOCR", f"{base['seconds_per_page']['recognise']:.2f}", "1.00")
    for stage, seconds in result["ours"]["seconds_per_page"].items():
        table.add_row(
            stage, f"{seconds:.2f}", f"{seconds / base['seconds_per_page']['recognise']:.2f}"
        )
    memory = result["ours"]["peak_rss_mib"]
    table.add_row("peak RSS, MiB", f"{memory:.0f}", f"{memory / base['peak_rss_mib']:.2f}")
    Console().print(table)
    out = HERE / "results" / "speed.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(
        json.dumps({"made_on": machine(), "papers": len(papers), **result}, indent=1), "utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
