"""What the reading of a file says about the file as a whole."""

from collections.abc import Iterator

from schemas.findings import Severity
from schemas.records import Dossier
from validators.papers import is_unrecognised
from validators.policy import Policy
from validators.rule import Objection, rule


@rule("reading.nothing_recognised", Severity.WARN)
def nothing_recognised(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Every file holds a document of a known kind."""
    for reading in dossier.readings:
        if is_unrecognised(reading):
            yield Objection(subject=reading.source.sha256)
