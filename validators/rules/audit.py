"""What the auditor says of the statements."""

from collections.abc import Iterator

from schemas.documents import AuditOpinion, DocumentKind
from schemas.findings import Severity
from schemas.records import Dossier, OtherDocument
from validators.policy import Policy
from validators.rule import Objection, rule


@rule("audit.opinion", Severity.ERROR)
def opinion(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The audit report gives a clean opinion (R15, F21).

    A clean opinion with a paragraph of emphasis or on going concern is only pointed out.
    """
    for subject, report in _reports(dossier):
        if report.opinion not in {None, AuditOpinion.CLEAN}:
            params = {"opinion": f"opinion_{report.opinion}", "page": str(report.pages[0])}
            mild = report.opinion is AuditOpinion.EMPHASIS
            yield Objection(params, subject=subject, severity=Severity.WARN if mild else None)


@rule("audit.opinion_unread", Severity.WARN)
def opinion_unread(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The opinion of each file with an audit report was read; a cover tells none."""
    opinions: dict[str, list[AuditOpinion | None]] = {}
    for subject, report in _reports(dossier):
        opinions.setdefault(subject, []).append(report.opinion)
    for subject, found in opinions.items():
        if not any(found):
            yield Objection({}, subject=subject)


def _reports(dossier: Dossier) -> Iterator[tuple[str, OtherDocument]]:
    for reading in dossier.readings:
        for document in reading.documents:
            if isinstance(document, OtherDocument) and document.kind is DocumentKind.AUDIT_REPORT:
                yield reading.source.sha256, document
