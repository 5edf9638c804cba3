"""What does it cost to open every file in the sandbox first?

    python benchmarks/rehearsal.py

Samples of each sort are rehearsed as with `ZISHEN_SANDBOX__REHEARSE=true`, in a process that is
warm, and then read; the shortest of several rounds counts, of scans one. Prints the share of
reading that rehearsing adds and writes benchmarks/results/rehearsal.json.
"""

import sys
import time
from collections.abc import Callable

from accuracy import HERE, keep
from rich.console import Console
from rich.table import Table

from extractors.document import DocumentReader
from extractors.intake import Limits, sniff
from extractors.ocr.paddle import PaddleEngine
from pipeline.sandbox.process import Sandbox
from pipeline.sandbox.rehearsal import survive
from schemas.documents import SourceFile

SAMPLES = {
    "digital PDF": ("01-qinghe-machinery/statements-2026-09.pdf", 5),
    "workbook": ("02-yunling-foods/statements-2026-09.xlsx", 5),
    "photograph": ("02-yunling-foods/business-licence.jpg", 1),
    "scanned PDF": ("03-haichuan-trade/statements-2026-09-scan.pdf", 1),
}


def shortest(do: Callable[[], object], rounds: int) -> float:
    """Return what the shortest round took, in milliseconds."""
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        do()
        took.append(time.perf_counter() - begun)
    return round(min(took) * 1000, 1)


def main() -> int:
    """Measure, print, write."""
    engine = PaddleEngine(HERE.parent / ".models")
    reader, sandbox, limits = DocumentReader(lambda: engine, "benchmark"), Sandbox(), Limits()
    found: dict[str, object] = {}
    table = Table("", "rehearsed ms", "read ms", "share")
    for name, (path, rounds) in SAMPLES.items():
        data = (HERE.parent / "sample_docs" / path).read_bytes()
        source = SourceFile(name=path, sha256="0" * 64, media_type=sniff(data), size=len(data))
        given = (survive, data, source.media_type, limits)
        sandbox.run(120, *given)  # the process starts
        rehearsed = shortest(lambda given=given: sandbox.run(120, *given), 10)
        reader.read(data, source)  # what is loaded once is loaded
        read = shortest(lambda data=data, source=source: reader.read(data, source), rounds)
        found[name] = {"rehearsed_ms": rehearsed, "read_ms": read}
        table.add_row(name, f"{rehearsed}", f"{read}", f"{rehearsed / read:.1%}")
    sandbox.close()
    Console().print(table)
    keep("rehearsal", {"files": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
