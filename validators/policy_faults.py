"""What is wrong with a table of policies beyond its form: what it says of rules and papers."""

from collections.abc import Iterator
from typing import Final

from schemas.findings import Severity
from schemas.messages import catalogue
from schemas.policy import PolicyTable, ProductPolicy
from schemas.taxonomy import policies
from validators.rulebook import RULEBOOK

FIXED: Final = frozenset(
    {
        "package.empty",
        "licence.impossible_print",
        "licence.qr_mismatch",
        "licence.key_field_unaccepted",
        "licence.repaired_key_field",
        "statements.unaccepted_key_cells",
    }
)
"""What nobody may take down: what the reading is not sure of, or what may be altered."""

_FLAGS = "statements.red_flag"
"""A prompt to a person: never more than WARN (completeness-reference 5)."""


def faults(table: PolicyTable) -> Iterator[str]:
    """Yield every fault, each with the place where it stands."""
    for product in table.products:
        for text in (*_papers(product), *_severities(product)):
            yield f"products.{product.id}.{text}"


def _papers(product: ProductPolicy) -> Iterator[str]:
    known = {document.id for document in policies().documents}
    for entry in product.documents:
        if not entry.recognised and entry.document not in known:
            yield f"documents: there is no document {entry.document!r} in completeness.yaml"


def _severities(product: ProductPolicy) -> Iterator[str]:
    for code, severity in product.severities.items():
        if code not in RULEBOOK:
            yield f"severities: there is no rule {code!r}"
        elif code in FIXED and severity is not RULEBOOK[code].severity:
            yield f"severities.{code}: this one cannot be changed"
        elif code == _FLAGS and severity not in {Severity.INFO, Severity.WARN}:
            yield f"severities.{code}: a red flag is never more than warn"
        elif severity is Severity.RETURN and catalogue().findings[code].who != "applicant":
            yield f"severities.{code}: its message is not for applicants, so it cannot be return"
