"""What the applicant is told: every gap at once (一次性告知), and nothing else."""

from collections.abc import Iterable

from schemas.findings import Finding, Severity
from schemas.messages import Language, message, remedy


def applicant_list(findings: Iterable[Finding], lang: Language) -> tuple[str, ...]:
    """Return one text for each finding that the applicant can mend: what is wrong, what to do.

    Findings for a person at the bank are left out: what they suspect is not told (R23).
    """
    owed = [finding for finding in findings if finding.severity is Severity.RETURN]
    gap = "" if lang == "zh" else " "
    texts = [gap.join((message(finding, lang), remedy(finding, lang))) for finding in owed]
    return tuple(dict.fromkeys(texts))
