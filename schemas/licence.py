"""Business licences (营业执照), as the bank records them.

One name per meaning: 法定代表人, 经营者, 负责人, 投资人 and 执行事务合伙人 are all
`legal_representative`, 住所, 经营场所 and their kin all `address`, with the printed label on the
field. The fields and forms follow 国市监注〔2018〕253号 and its predecessors; see
schemas/data/licence_fields.yaml.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field as Default
from pydantic import model_serializer, model_validator

from schemas.base import Model
from schemas.documents import DocumentKind
from schemas.fields import Field


class EntityType(StrEnum):
    """Who can hold a licence; the ids of `entity_types` in licence_fields.yaml."""

    LIMITED_COMPANY = "limited_company"
    JOINT_STOCK_COMPANY = "joint_stock_company"
    NON_COMPANY_LEGAL_PERSON = "non_company_legal_person"
    PARTNERSHIP = "partnership"
    FARMERS_COOPERATIVE = "farmers_cooperative"
    SOLE_PROPRIETORSHIP = "sole_proprietorship"
    INDIVIDUAL_BUSINESS = "individual_business"
    BRANCH = "branch"
    FARMERS_COOPERATIVE_BRANCH = "farmers_cooperative_branch"
    FOREIGN_COMPANY_BRANCH = "foreign_company_branch"


class Term(Model):
    """A business term (营业期限); `end` None means open-ended (长期).

    Written as an ISO 8601 interval, with `..` for an end that is open or not printed:

    >>> Term(start=date(2015, 3, 5), end=None).model_dump()
    '2015-03-05/..'
    """

    start: date | None
    end: date | None

    @model_serializer
    def _interval(self) -> str:
        return "/".join(day.isoformat() if day else ".." for day in (self.start, self.end))

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, data: object) -> object:
        if not isinstance(data, str):
            return data
        start, _, end = data.partition("/")
        return {"start": None if start == ".." else start, "end": None if end == ".." else end}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.end < self.start:
            message = "the term ends before it starts"
            raise ValueError(message)
        return self


class BusinessLicence(Model):
    """The fields of one licence; each says whether it is present, blank, absent or unreadable.

    Capital amounts are in whole units of `capital_currency` (ISO 4217), never in 万元. `qr_code` is
    what the printed code says, decoded from its pixels and never fetched; absent where none could
    be decoded.
    """

    kind: Literal[DocumentKind.BUSINESS_LICENCE] = DocumentKind.BUSINESS_LICENCE
    pages: tuple[int, ...]
    entity_type: EntityType | None = None
    capital_currency: str = "CNY"
    unified_social_credit_code: Field[str] = Default(default_factory=Field[str].absent)
    registration_number: Field[str] = Default(default_factory=Field[str].absent)
    name: Field[str] = Default(default_factory=Field[str].absent)
    company_type: Field[str] = Default(default_factory=Field[str].absent)
    composition: Field[str] = Default(default_factory=Field[str].absent)
    legal_representative: Field[str] = Default(default_factory=Field[str].absent)
    address: Field[str] = Default(default_factory=Field[str].absent)
    registered_capital: Field[Decimal] = Default(default_factory=Field[Decimal].absent)
    paid_in_capital: Field[Decimal] = Default(default_factory=Field[Decimal].absent)
    established_date: Field[date] = Default(default_factory=Field[date].absent)
    business_term: Field[Term] = Default(default_factory=Field[Term].absent)
    business_scope: Field[str] = Default(default_factory=Field[str].absent)
    issue_date: Field[date] = Default(default_factory=Field[date].absent)
    registration_authority: Field[str] = Default(default_factory=Field[str].absent)
    serial_number: Field[str] = Default(default_factory=Field[str].absent)
    qr_code: Field[str] = Default(default_factory=Field[str].absent)

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """Return the names of the attributes that are fields, in the order of the contract."""
        plain = {"kind", "pages", "entity_type", "capital_currency"}
        return tuple(name for name in cls.model_fields if name not in plain)
