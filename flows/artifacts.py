"""What the dashboard shows of a run: states, marks and counts, never a value.

Values are personal data, and so may be the names of files; the dashboard is for engineers. Files
are known by the first characters of their hash.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from pipeline import wiring
from pipeline.dispatch import Reviewed
from pipeline.ports import UnknownPackageError
from schemas.documents import Package, RefusedFile
from schemas.fields import Field, FieldState
from schemas.licence import BusinessLicence
from schemas.records import Extracted, Reading, Record
from schemas.statements import Statement

Row = tuple[object, ...]


def show_package(
    record: Record,
    outcomes: Sequence[Reading | RefusedFile],
    timings: Sequence[float],
    seconds: float,
) -> None:
    """Show what was found in a package, how sure the reading is, and what the rules said."""
    create_markdown_artifact(
        package_markdown(record, outcomes, timings, seconds),
        key=_key(record.package_id),
        description=f"{record.dossier.package.name}: {record.decision.outcome.value}",
    )


def show_batch(results: Sequence[Reviewed]) -> None:
    """Show one line for each package of a batch."""
    create_table_artifact(
        [_batch_row(result) for result in results],
        key="review-batch-summary",
        description=f"{len(results)} packages",
    )


def package_markdown(
    record: Record,
    outcomes: Sequence[Reading | RefusedFile],
    timings: Sequence[float],
    seconds: float,
) -> str:
    """Return the page of a package."""
    made_by = record.made_by
    parts = [
        f"# {record.dossier.package.name}: {record.decision.outcome.value}",
        f"Revision {record.revision}, {seconds:.1f} s, {made_by.device}, {made_by.policy}, "
        f"rulebook {made_by.rulebook}.",
        "## Files",
        _table(
            ("file", "type", "pages", "documents", "seconds"),
            [*_files(outcomes, timings), *_refused(record.dossier.package, outcomes)],
        ),
        "## Licence fields",
        _table(
            ("file", "field", "state", "accepted", "confidence", "page"),
            [row for reading in record.dossier.readings for row in _fields(reading)],
        ),
        "## Statements",
        _table(
            ("file", "statement", "scope", "pages", "rows", "amounts", "accepted"),
            [row for reading in record.dossier.readings for row in _statements(reading)],
        ),
        "## Findings",
        _table(("code", "severity", "count"), _findings(record)),
    ]
    return "\n\n".join(parts)


def _files(outcomes: Sequence[Reading | RefusedFile], timings: Sequence[float]) -> Iterable[Row]:
    for outcome, seconds in zip(outcomes, timings, strict=True):
        if isinstance(outcome, RefusedFile):
            yield outcome.sha256[:12], outcome.code, "", "", f"{seconds:.2f}"
        else:
            source = outcome.source
            kinds = ", ".join(_kind(found) for found in outcome.documents)
            yield source.sha256[:12], source.media_type, outcome.pages, kinds, f"{seconds:.2f}"


def _refused(package: Package, outcomes: Sequence[Reading | RefusedFile]) -> Iterable[Row]:
    """Yield what intake refused: it was never given to a reader."""
    shown = {outcome.sha256 for outcome in outcomes if isinstance(outcome, RefusedFile)}
    for file in package.refused:
        if file.sha256 not in shown:
            yield file.sha256[:12], file.code, "", "", ""


def _fields(reading: Reading) -> Iterable[Row]:
    for licence in reading.documents:
        if not isinstance(licence, BusinessLicence):
            continue
        for name in licence.field_names():
            field: Field[object] = getattr(licence, name)
            if field.state is not FieldState.ABSENT:
                yield (
                    reading.source.sha256[:12],
                    name,
                    field.state.value,
                    _mark(field.accepted),
                    "" if field.confidence is None else f"{field.confidence:.3f}",
                    "" if field.provenance is None else field.provenance.page,
                )


def _statements(reading: Reading) -> Iterable[Row]:
    for found in reading.documents:
        if isinstance(found, Statement):
            amounts = [amount for row in found.rows for amount in row.values.values()]
            yield (
                reading.source.sha256[:12],
                found.kind.value,
                found.scope.value,
                _pages(found),
                len(found.rows),
                len(amounts),
                sum(amount.accepted for amount in amounts),
            )


def _findings(record: Record) -> Iterable[Row]:
    counts = Counter((finding.code, finding.severity.value) for finding in record.findings)
    for (code, severity), count in counts.items():
        yield code, severity, count


def _batch_row(result: Reviewed) -> dict[str, object]:
    return {
        "package": _name(result.package_id),
        "outcome": result.outcome.value if result.outcome else "failed",
        "error": result.error or "",
        "revision": result.revision or "",
        "seconds": round(result.seconds, 1),
        "details": f"[{_key(result.package_id)}](/artifacts/key/{_key(result.package_id)})",
    }


def _key(package_id: str) -> str:
    """Return what the page of a package is called: Prefect wants small letters and digits."""
    return f"package-{package_id[:12].lower()}"


def _name(package_id: str) -> str:
    try:
        return wiring.services().repository.package(package_id).name
    except UnknownPackageError:
        return package_id


def _kind(document: Extracted) -> str:
    return f"{document.kind.value} ({_pages(document)})"


def _pages(document: Extracted) -> str:
    first, last = document.pages[0], document.pages[-1]
    return f"p. {first}" if first == last else f"p. {first}-{last}"


def _mark(accepted: bool) -> str:
    return "yes" if accepted else "no"


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    if len(lines) == 2:
        return "None."
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
