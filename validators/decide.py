"""From findings to one of three ends; a rejection is only ever a person's."""

from collections.abc import Iterable

from schemas.decisions import Decision, Outcome
from schemas.findings import Finding, Severity


def decide(findings: Iterable[Finding]) -> Decision:
    """Return manual for any error, else supplement for anything to return, else pass.

    The reasons are the codes at either of these levels, in the order of the findings, each once:
    a package that goes to a person still says what the applicant owes.
    """
    holding = [f for f in findings if f.severity in {Severity.ERROR, Severity.RETURN}]
    if any(finding.severity is Severity.ERROR for finding in holding):
        outcome = Outcome.MANUAL
    elif holding:
        outcome = Outcome.SUPPLEMENT
    else:
        outcome = Outcome.PASS
    return Decision(outcome=outcome, reasons=tuple(dict.fromkeys(f.code for f in holding)))
