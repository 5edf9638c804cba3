"""What a product asks for: documents, freshness, notice and severities, as policy has it."""

import functools

from schemas.errors import PolicyError
from schemas.findings import Finding, Severity
from schemas.policy import PolicyTable, ProductPolicy, Service
from schemas.tables import read_model

_ORDER = (Severity.INFO, Severity.WARN, Severity.RETURN, Severity.ERROR)


class Policy(ProductPolicy):
    """A product and the version of the table that it comes from.

    The latest statement may be `statement_age_days` old on the day of application (FR01), and a
    licence that expires within `expiry_notice_days` is pointed out (FR04).
    """

    version: str
    service: Service

    @property
    def label(self) -> str:
        """Name and version, for the record: `sme_small/2026.1`."""
        return f"{self.id}/{self.version}"

    def weighed(self, finding: Finding, usual: Severity) -> Finding:
        """Return a finding with the severity that the policy gives to its rule.

        What the rule itself holds for less than usual stays so; what it holds for more is taken
        down with the rule, where the policy takes it down.
        """
        wanted = self.severities.get(finding.code)
        if wanted is None:
            return finding
        if finding.severity is not usual:
            wanted = min(finding.severity, wanted, key=_ORDER.index)
        return finding.model_copy(update={"severity": wanted})


@functools.cache
def built_in() -> PolicyTable:
    """Return the table that comes with zishen.

    Raises:
        PolicyError: the table is broken.
    """
    return read_model("policies.yaml", PolicyTable)


def products(table: PolicyTable | None = None) -> tuple[str, ...]:
    """Return the ids of all products.

    Raises:
        PolicyError: the table is broken.
    """
    return tuple(product.id for product in (table or built_in()).products)


def load_policy(product: str, table: PolicyTable | None = None) -> Policy:
    """Return the policy of a product, in the table that comes with zishen unless one is given.

    Raises:
        PolicyError: there is no such product, or the table is broken.
    """
    chosen = table or built_in()
    for entry in chosen.products:
        if entry.id == product:
            service = entry.service or chosen.service
            return Policy(**dict(entry) | {"version": chosen.version, "service": service})
    raise PolicyError(f"there is no product {product!r}; there are {', '.join(products(chosen))}")
