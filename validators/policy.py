"""What a product asks for: documents, freshness and notice, from schemas/data/policies.yaml."""

import functools

from schemas.base import Model
from schemas.documents import DocumentKind
from schemas.errors import PolicyError
from schemas.tables import read_model


class ProductPolicy(Model):
    """One product as the table has it."""

    id: str
    name_zh: str
    name_en: str
    required: tuple[DocumentKind, ...]
    statement_age_days: int
    expiry_notice_days: int


class Policy(ProductPolicy):
    """A product and the version of the table that it comes from.

    The latest statement may be `statement_age_days` old on the day of application (FR01), and a
    licence that expires within `expiry_notice_days` is pointed out (FR04).
    """

    version: str

    @property
    def label(self) -> str:
        """Name and version, for the record: `sme_small/2026.1`."""
        return f"{self.id}/{self.version}"


class _Table(Model):
    version: str
    products: tuple[ProductPolicy, ...]


@functools.cache
def _table() -> _Table:
    return read_model("policies.yaml", _Table)


def products() -> tuple[str, ...]:
    """Return the ids of all products.

    Raises:
        PolicyError: the table is broken.
    """
    return tuple(product.id for product in _table().products)


def load_policy(product: str) -> Policy:
    """Return the policy of a product.

    Raises:
        PolicyError: there is no such product, or the table is broken.
    """
    table = _table()
    for entry in table.products:
        if entry.id == product:
            return Policy(version=table.version, **entry.model_dump())
    raise PolicyError(f"there is no product {product!r}; there are {', '.join(products())}")
