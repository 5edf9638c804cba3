"""What a rule is.

A rule looks at a dossier and yields objections. It never raises for what the papers say, never
changes a value and never reads bytes; its docstring's first line is its sentence in docs/rules.md.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from schemas.fields import Provenance
from schemas.findings import Finding, Severity
from schemas.records import Dossier
from validators.policy import Policy


@dataclass(frozen=True)
class Objection:
    """What a rule has to say of one place; `severity` overrides that of the rule.

    `params` hold words of the message catalogue, dates and amounts of statements; never names or
    numbers of people.
    """

    params: dict[str, str] = field(default_factory=dict)
    evidence: tuple[Provenance, ...] = ()
    subject: str | None = None
    severity: Severity | None = None


Check = Callable[[Dossier, Policy], Iterator[Objection]]


@dataclass(frozen=True)
class Rule:
    """A check with its code and its usual severity."""

    code: str
    severity: Severity
    check: Check

    @property
    def sentence(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.check) or "").partition("\n")[0]

    def findings(self, dossier: Dossier, policy: Policy) -> Iterator[Finding]:
        """Run the check."""
        for objection in self.check(dossier, policy):
            yield Finding(
                code=self.code,
                severity=objection.severity or self.severity,
                params=objection.params,
                evidence=objection.evidence,
                subject=objection.subject,
            )


def rule(code: str, severity: Severity) -> Callable[[Check], Rule]:
    """Make a rule of a check; it counts once its module is listed in the rulebook."""

    def make(check: Check) -> Rule:
        return Rule(code=code, severity=severity, check=check)

    return make
