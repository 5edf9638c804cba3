"""What does judging cost beside reading? Three years × three statements × two scopes.

    python benchmarks/judging.py [PDF]

A digital PDF with one set of statements (of `sample_docs/` without an argument) is read six times;
what was read is dated and scoped as the accounts of three years, consolidated and of the parent,
and all eighteen statements are judged together. The links between the years then fail, which costs
more than links that hold. Judging is warmed up first, as a server is; printed are the median of
many rounds and its ratio to the reading of the same run. One JSON goes to `benchmarks/results/`.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from accuracy import HERE, keep
from rich.console import Console
from rich.table import Table

from extractors.document import DocumentReader
from extractors.intake import sniff
from extractors.ocr.paddle import PaddleEngine
from schemas.documents import Package, SourceFile
from schemas.findings import Finding
from schemas.records import Dossier, Reading
from schemas.statements import Context, Scope, Statement
from validators.policy import load_policy
from validators.rulebook import check

SAMPLE = HERE.parent / "sample_docs" / "01-qinghe-machinery" / "statements-2026-09.pdf"
YEARS = (2025, 2024, 2023)
SCOPES = (Scope.CONSOLIDATED, Scope.PARENT)
WARM_UP = 10
ROUNDS = 101
LIMIT_MS = 50
"""What judging may cost (issue 5)."""


def read(paper: Path) -> Reading:
    """Read a paper from its bytes; nothing is remembered from the time before."""
    data = paper.read_bytes()
    source = SourceFile(name=paper.name, sha256="0" * 64, media_type=sniff(data), size=len(data))
    reader = DocumentReader(lambda: PaddleEngine(HERE.parent / ".models"), "benchmark")
    return reader.read(data, source)


def of_year(statement: Statement, year: int, scope: Scope) -> Statement:
    """Return a statement as that of a whole year."""
    own = {Context.END, Context.CURRENT}
    columns = tuple(
        column.model_copy(
            update={"date": date(year if column.context in own else year - 1, 12, 31)}
        )
        for column in statement.columns
    )
    return statement.model_copy(update={"columns": columns, "scope": scope})


def accounts(readings: list[Reading]) -> Iterator[Reading]:
    """Yield a file for each year and scope."""
    places = [(year, scope) for year in YEARS for scope in SCOPES]
    for number, (reading, (year, scope)) in enumerate(zip(readings, places, strict=True)):
        papers = [one for one in reading.documents if isinstance(one, Statement)]
        source = reading.source.model_copy(update={"sha256": f"{number:064d}"})
        documents = tuple(of_year(paper, year, scope) for paper in papers)
        yield reading.model_copy(update={"source": source, "documents": documents})


def timed(work: object, *arguments: object) -> tuple[float, object]:
    """Return the seconds of processor time that some work took, and what it returned."""
    start = time.process_time()
    result = work(*arguments)  # type: ignore[operator]
    return time.process_time() - start, result


def main() -> int:
    """Measure both, print the ratio, write; 1 when judging costs more than it may."""
    paper = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    timed(read, paper)  # the first one also loads modules
    reads = [timed(read, paper) for _ in range(len(YEARS) * len(SCOPES))]
    files = tuple(accounts([reading for _, reading in reads]))
    package = Package(
        id="benchmark",
        name="benchmark",
        product="wc_loan",
        applied_on=date(YEARS[0] + 1, 2, 1),
        files=tuple(file.source for file in files),
    )
    policy = load_policy("wc_loan")

    def judged() -> tuple[Finding, ...]:
        """Judge a dossier that is new each time, so that nothing of it is remembered."""
        return check(Dossier(package=package, readings=files), policy)

    findings = [judged() for _ in range(WARM_UP)][-1]
    rounds = [timed(judged)[0] * 1000 for _ in range(ROUNDS)]
    judging = statistics.median(rounds)
    reading = sum(seconds for seconds, _ in reads) * 1000
    count = sum(len(file.documents) for file in files)
    table = Table("", "ms", title=f"{count} statements, {len(findings)} findings")
    table.add_row("reading, all files", f"{reading:.0f}")
    table.add_row(f"judging, all rules, median of {ROUNDS}", f"{judging:.1f}")
    table.add_row("  the fastest round", f"{min(rounds):.1f}")
    table.add_row("judging / reading", f"{judging / reading:.4f}")
    Console().print(table)
    result = {
        "paper": paper.name,
        "statements": count,
        "findings": len(findings),
        "reading_ms": round(reading, 1),
        "judging_ms": round(judging, 1),
        "judging_fastest_ms": round(min(rounds), 1),
        "rounds": ROUNDS,
        "ratio": round(judging / reading, 5),
    }
    keep("judging", result)
    return 0 if judging < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
