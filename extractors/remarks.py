"""What the reading of a file has to say about the file, beside what it yielded."""

from collections.abc import Iterator, Sequence

from extractors.quality import Verdict
from extractors.seen import Seen
from schemas.documents import DocumentKind, SourceFile
from schemas.findings import Finding, Severity
from schemas.records import Extracted

_PRINTED = 10
"""Fewer characters than this on a page may be a blank back, which nobody needs to send again."""


def remarks(source: SourceFile, seen: Seen, documents: Sequence[Extracted]) -> Iterator[Finding]:
    """Yield what a reviewer or the applicant should know of the pages."""
    if all(document.kind is DocumentKind.UNKNOWN for document in documents):
        yield Finding(
            code="reading.nothing_recognised", severity=Severity.WARN, subject=source.sha256
        )
    yield from _skimmed(source, seen)
    yield from _qualities(source, seen, documents)


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
