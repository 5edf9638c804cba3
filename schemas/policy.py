"""What a bank asks for, product by product: the models of schemas/data/policies.yaml.

A bank keeps a file of its own in the same form; docs/policy.schema.json describes it to editors.
"""

from typing import Annotated, Literal, Self

import yaml
from pydantic import ConfigDict, ValidationError, model_validator
from pydantic import Field as Default

from schemas.base import Model
from schemas.documents import DocumentKind
from schemas.errors import PolicyError
from schemas.findings import Severity
from schemas.licence import EntityType

Requirement = Literal["required", "conditional", "optional"]
Days = Annotated[int, Default(gt=0, le=3660)]


class _Part(Model):
    model_config = ConfigDict(use_attribute_docstrings=True)


class PolicyDocument(_Part):
    """A document that a product asks for."""

    document: str
    """A kind of document that zishen knows, or an id of completeness.yaml."""
    requirement: Requirement
    """`required`: without it the package goes back. The others are listed and not asked for."""
    recognised: bool = True
    """Whether zishen can tell such a document; what it cannot is left to a person, and said."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        is_kind = self.document in set(DocumentKind) - {DocumentKind.UNKNOWN}
        if self.recognised is not is_kind:
            message = (
                f"{self.document} cannot be recognised yet: write recognised: false"
                if self.recognised
                else f"{self.document} is recognised: leave recognised out"
            )
            raise ValueError(message)
        return self


class Service(_Part):
    """By when the first review of a package has to be done, counted from its submission."""

    hours: Annotated[int, Default(ge=1, le=24 * 90)] = 24
    """Hours within which a package is decided; waiting for the applicant does not count."""
    at_risk_hours: Annotated[int, Default(ge=0, le=24 * 90)] = 4
    """From how many hours before the deadline a package is pointed out."""
    calendar: Literal["none", "business_days"] = "none"
    """`none` counts every hour; `business_days` leaves out weekends and public holidays."""

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if self.at_risk_hours >= self.hours:
            message = "at_risk_hours has to be less than hours"
            raise ValueError(message)
        return self


class ProductPolicy(_Part):
    """One loan product."""

    id: Annotated[str, Default(pattern=r"^[a-z][a-z0-9_]*$")]
    """What packages and records call it."""
    name_zh: str
    """Its name in Chinese."""
    name_en: str
    """Its name in English."""
    basis: str = ""
    """The law or the manual that it follows."""
    documents: tuple[PolicyDocument, ...]
    """What an application has to bring."""
    statement_age_days: Days
    """How old the latest statement may be on the day of application (FR01)."""
    expiry_notice_days: Days
    """From when a licence that is about to expire is pointed out (FR04)."""
    term_start_days: Annotated[int, Default(ge=0, le=3660)] = 31
    """How far the business term may begin from the establishment (L022)."""
    annual_years: Annotated[int, Default(ge=0, le=10)] = 0
    """Of how many years the annual statements are asked for, as far as the borrower existed."""
    annual_grace_months: Annotated[int, Default(ge=0, le=12)] = 4
    """Until when in a year the statements of the year before may still be missing (FR02)."""
    made_for: tuple[EntityType, ...] = ()
    """Types of entity without legal personality that the product is made for (L080)."""
    severities: dict[str, Severity] = Default(default_factory=dict)
    """Another severity than the usual one, by the code of the rule."""
    service: Service | None = None
    """Another deadline than that of the whole table."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        named = [entry.document for entry in self.documents]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            message = f"listed twice: {', '.join(twice)}"
            raise ValueError(message)
        return self

    @property
    def required(self) -> tuple[DocumentKind, ...]:
        """The kinds of documents without which the package goes back."""
        return tuple(DocumentKind(name) for name in self._required(recognised=True))

    @property
    def unrecognised(self) -> tuple[str, ...]:
        """The required documents that a person has to look for."""
        return self._required(recognised=False)

    def _required(self, *, recognised: bool) -> tuple[str, ...]:
        return tuple(
            entry.document
            for entry in self.documents
            if entry.requirement == "required" and entry.recognised is recognised
        )


class PolicyTable(_Part):
    """All products of a bank, as one version."""

    model_config = ConfigDict(title="zishen policy")

    version: Annotated[str, Default(min_length=1)]
    """Named in each record; raise it with every change."""
    service: Service = Service()
    """By when a package is decided, where its product says nothing else."""
    products: Annotated[tuple[ProductPolicy, ...], Default(min_length=1)]
    """The products."""

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        ids = [product.id for product in self.products]
        if len(set(ids)) < len(ids):
            message = "two products have the same id"
            raise ValueError(message)
        return self


def parse_policies(text: str) -> PolicyTable:
    """Return the table that a text holds.

    Raises:
        PolicyError: it is no YAML or does not fit; one line for each fault, with its place.
    """
    try:
        table: object = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PolicyError(f"no YAML: {error}") from error
    try:
        return PolicyTable.model_validate(table)
    except ValidationError as error:
        raise PolicyError("\n".join(_told(error))) from None


def _told(error: ValidationError) -> list[str]:
    faults = error.errors(include_context=False, include_url=False, include_input=False)
    return [
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
        for fault in faults
    ]
