"""What becomes of a package after the first review."""

from enum import StrEnum

from schemas.base import Model


class Outcome(StrEnum):
    """The three ends of a first review. A rejection is only ever a person's."""

    PASS = "pass"  # noqa: S105  not a password
    SUPPLEMENT = "supplement"
    MANUAL = "manual"


class Decision(Model):
    """The outcome, and the codes of the findings that led to it, in the order of the findings."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()
