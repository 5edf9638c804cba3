"""What the reading of a file has to say about the file, beside what it yielded."""

from collections.abc import Iterator, Sequence

from extractors import classify
from extractors.quality import Verdict
from extractors.seen import Seen
from extractors.tables.lines import lines_of
from schemas.documents import DocumentKind, SourceFile
from schemas.findings import Finding, Severity
from schemas.records import Extracted, Reading
from schemas.statements import Statement

_NOT_READ = "reading.page_not_read"
_NON_PROFIT = "npo"
_PRINTED = 10
"""Fewer characters than this on a page may be a blank back, which nobody needs to send again."""


def remarks(source: SourceFile, seen: Seen, documents: Sequence[Extracted]) -> Iterator[Finding]:
    """Yield what a reviewer or the applicant should know of the pages."""
    if all(document.kind is DocumentKind.UNKNOWN for document in documents):
        yield Finding(
            code="reading.nothing_recognised", severity=Severity.WARN, subject=source.sha256
        )
    yield from _lost(source, seen)
    yield from _lying(source, seen)
    yield from _formulas(source, seen)
    yield from _scopes(source, documents)
    yield from _forms(source, seen, documents)
    yield from _skimmed(source, seen)
    yield from _qualities(source, seen, documents)


def is_whole(reading: Reading) -> bool:
    """Return whether every page of a file that ought to be read was."""
    return all(finding.code != _NOT_READ for finding in reading.findings)


def _lost(source: SourceFile, seen: Seen) -> Iterator[Finding]:
    """Say which pages were not read; nobody knows what stands on them, so a person looks."""
    for page in seen.lost:
        yield Finding(
            code=_NOT_READ,
            severity=Severity.ERROR,
            params={"page": str(page.number), "reason": page.error.code},
            subject=source.sha256,
        )


def _lying(source: SourceFile, seen: Seen) -> Iterator[Finding]:
    """Say which pages print other amounts than their text layer says: it may be an alteration."""
    for number in seen.lying:
        yield Finding(
            code="reading.layer_contradicted",
            severity=Severity.ERROR,
            params={"page": str(number)},
            subject=source.sha256,
        )


def _formulas(source: SourceFile, seen: Seen) -> Iterator[Finding]:
    """Say which formula keeps a result that it does not come to, and how many keep none."""
    for fault in (fault for fault in seen.faults if fault.said):
        yield Finding(
            code="reading.formula_differs",
            severity=Severity.ERROR,
            params={"cell": fault.cell, "said": fault.said, "computed": str(fault.computed)},
            subject=source.sha256,
        )
    missing = sum(not fault.said for fault in seen.faults)
    if missing:
        yield Finding(
            code="reading.formulas_computed",
            severity=Severity.INFO,
            params={"count": str(missing)},
            subject=source.sha256,
        )


def _scopes(source: SourceFile, documents: Sequence[Extracted]) -> Iterator[Finding]:
    """Say of which statements it was guessed whether they are the group's or the company's own."""
    for document in documents:
        if isinstance(document, Statement) and not document.scope_told:
            yield Finding(
                code="reading.scope_untold",
                severity=Severity.ERROR,
                params={"page": str(document.pages[0]), "scope": document.scope.value},
                subject=source.sha256,
            )


def _forms(source: SourceFile, seen: Seen, documents: Sequence[Extracted]) -> Iterator[Finding]:
    """Say which papers are on forms that no company uses, or whose rows are not known here."""
    for document in documents:
        if isinstance(document, Statement) and document.form == _NON_PROFIT:
            yield Finding(
                code="reading.form_of_nonprofit",
                severity=Severity.ERROR,
                params={"page": str(document.pages[0]), "document": document.kind.value},
                subject=source.sha256,
            )
    for page in seen.pages:
        title = classify.uncovered(line.text for line in lines_of(page))
        if title is not None:
            yield Finding(
                code="reading.form_not_covered",
                severity=Severity.ERROR,
                params={"page": str(page.number), "title": title},
                subject=source.sha256,
            )


def _skimmed(source: SourceFile, seen: Seen) -> Iterator[Finding]:
    """Say how many pages were not read in full: a page not read is not a page without content."""
    if seen.skimmed:
        yield Finding(
            code="reading.pages_skimmed",
            severity=Severity.INFO,
            params={"count": str(len(seen.skimmed))},
            subject=source.sha256,
        )


def _qualities(source: SourceFile, seen: Seen, documents: Sequence[Extracted]) -> Iterator[Finding]:
    """Say which pictures ought to be taken again, where the page holds or should hold a paper."""
    useful = {
        page
        for document in documents
        if document.kind is not DocumentKind.UNKNOWN
        for page in document.pages
    }
    for number, judged in seen.qualities.items():
        reasons = ",".join(judged.reasons) or "unclear"
        params = {"page": str(number), "reasons": reasons}
        if number in useful and judged.verdict is not Verdict.OK:
            yield Finding(
                code="reading.poor_page",
                severity=Severity.WARN,
                params=params,
                subject=source.sha256,
            )
        elif judged.verdict is Verdict.UNREADABLE and judged.characters >= _PRINTED:
            yield Finding(
                code="reading.unreadable_page",
                severity=Severity.RETURN,
                params=params,
                subject=source.sha256,
            )
