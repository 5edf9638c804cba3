"""What the checks have to say. A finding is data: its words come from the message catalogue."""

from enum import StrEnum

from pydantic import Field as Default

from schemas.base import Model
from schemas.fields import Provenance


class Severity(StrEnum):
    """Who has to do something about it."""

    INFO = "info"
    """Nobody: it is good to know."""
    WARN = "warn"
    """The underwriter reads it; it does not hold the package up."""
    RETURN = "return"
    """The applicant can mend it: the package goes back for more papers (补件)."""
    ERROR = "error"
    """A person at the bank has to look (转人工)."""


class Finding(Model):
    """One objection, with the evidence to look at.

    `params` fill the message templates of schemas/data/messages.yaml. They never hold personal
    data (no names of people, no numbers of documents of people), since findings are shown in
    dashboards and logs. `subject` is the sha256 of the file it speaks of, where there is one.
    """

    code: str
    severity: Severity
    params: dict[str, str] = Default(default_factory=dict)
    evidence: tuple[Provenance, ...] = ()
    subject: str | None = None
