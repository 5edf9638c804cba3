"""Does a pool grow? Memory of its workers over many pages, without and with recycling.

    python benchmarks/soak.py [--pages 2000] [--flat 500] [--workers 2] [--side 900] [--seconds 170]

Pages are real recognitions, small ones so that many can be read: a band of a sample statement of
`--side` pixels of width, cut elsewhere each time. First one pool reads `--flat` pages with
recycling off; then another reads the rest with it on, so that each worker is replaced once. Each
stops early after `--seconds`. After each block the memory of each worker is looked at (RSS).
Reported is the slope over the pages after the warm-up (the first fifth), per 1,000 pages, in MiB
and as a share of the level. One JSON goes to `benchmarks/results/`.
"""

import argparse
import io
import sys
import time
from collections.abc import Iterator

import numpy as np
import psutil
from accuracy import HERE, keep
from PIL import Image
from rich.console import Console
from rich.table import Table

MODELS = HERE.parent / ".models"
PAPER = HERE.parent / "sample_docs" / "03-haichuan-trade" / "statements-2026-09-scan.pdf"
BLOCK = 20


def bands(side: int) -> Iterator[bytes]:
    """Yield small pages without end, each another one, as files of BLOCK frames."""
    from extractors.intake import Limits
    from extractors.pdf import PdfFile

    with PdfFile(PAPER.read_bytes(), Limits()) as paper:
        sheet = paper.render(1, 150)
    chance = np.random.default_rng(1)
    height = side // 3
    while True:
        frames = []
        for _ in range(BLOCK):
            top = int(chance.integers(0, sheet.shape[0] - height))
            left = int(chance.integers(0, max(1, sheet.shape[1] - side)))
            frames.append(Image.fromarray(sheet[top : top + height, left : left + side, ::-1]))
        held = io.BytesIO()
        frames[0].save(held, "TIFF", save_all=True, append_images=frames[1:])
        yield held.getvalue()


def soak(pages: int, each: int, options: argparse.Namespace) -> dict[str, object]:
    """Read so many pages in one pool and look at its memory after each block."""
    from extractors.seen import Upload
    from pipeline.pages.crew import Bounds, Crew
    from pipeline.pages.local import Local
    from pipeline.pages.work import Recipe
    from schemas.documents import MediaType

    def none() -> None:
        raise AssertionError("a model was loaded beside the pool")

    pool = Local(
        Crew(Recipe(MODELS, "cpu", 1), Bounds(options.workers, 600, each, 1_000_000)), none
    )
    pool.crew.start()
    seen, rss, pids, began = 0, [], set(), time.perf_counter()
    for data in bands(options.side):
        upload = Upload(data, MediaType.TIFF, "0" * 64)
        seen += sum(1 for _ in pool.see(upload, range(1, BLOCK + 1)))
        pids.update(pool.crew.pids)
        total = sum(psutil.Process(pid).memory_info().rss for pid in pool.crew.pids)
        rss.append((seen, total / (1 << 20)))
        if seen >= pages or time.perf_counter() - began > options.seconds:
            break
    pool.close()
    return {
        "pages": seen,
        "seconds": time.perf_counter() - began,
        "processes": len(pids),
        "rss_mib": rss,
    } | slope(rss)


def slope(rss: list[tuple[int, float]]) -> dict[str, float]:
    """Return the growth after the warm-up, and the level that it starts from."""
    after = np.array(rss[len(rss) // 5 :])
    rise, level = np.polyfit(after[:, 0], after[:, 1], 1)
    start = level + rise * after[0, 0]
    return {
        "level_mib": float(start),
        "peak_mib": float(np.max([value for _, value in rss])),
        "mib_per_1000_pages": float(rise * 1000),
        "growth_over_run": float(rise * (after[-1, 0] - after[0, 0]) / start),
    }


def main() -> int:
    """Measure without and with recycling, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--flat", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--side", type=int, default=900)
    parser.add_argument("--seconds", type=float, default=170)
    options = parser.parse_args()
    rest = options.pages - options.flat
    result = {
        "recycling off": soak(options.flat, 10_000_000, options),
        "recycling on": soak(rest, max(1, rest // (2 * options.workers)), options),
    }
    table = Table("", "pages", "s", "processes", "level, MiB", "peak", "MiB per 1,000", "growth")
    for name, said in result.items():
        table.add_row(
            name,
            f"{said['pages']}",
            f"{said['seconds']:.0f}",
            f"{said['processes']}",
            f"{said['level_mib']:.0f}",
            f"{said['peak_mib']:.0f}",
            f"{said['mib_per_1000_pages']:.1f}",
            f"{said['growth_over_run']:.1%}",
        )
    Console().print(table)
    keep("soak", {"sides": result})
    return 0


if __name__ == "__main__":
    sys.exit(main())
