"""Which fields a licence must have, and how sure their reading is."""

from collections.abc import Iterator

from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState, Provenance
from schemas.findings import Severity
from schemas.licence import BusinessLicence
from schemas.licence_forms import licence_forms
from schemas.records import Dossier
from validators.holders import in_force
from validators.papers import evidence, read
from validators.policy import Policy
from validators.rule import Objection, rule

_ATTRIBUTES = {
    "name": "name",
    "entity_type": "company_type",
    "address": "address",
    "business_premises": "address",
    "legal_representative": "legal_representative",
    "responsible_person": "legal_representative",
    "executive_partner": "legal_representative",
    "investor": "legal_representative",
    "operator": "legal_representative",
    "registered_capital": "registered_capital",
    "member_contribution_total": "registered_capital",
    "establishment_date": "established_date",
    "registration_date": "established_date",
    "business_scope": "business_scope",
    "coop_business_scope": "business_scope",
    "issue_date": "issue_date",
    "registration_authority": "registration_authority",
}
"""Ids of licence_fields.yaml to attributes; the number, the title and the seal have other rules."""

_UNDER_THE_SEAL = frozenset({"issue_date", "registration_authority"})
"""Printed only within or under the seal, and not of the legal minimum that a rule can insist on."""

_WHATEVER_THE_TYPE = (
    "company_type",
    "address",
    "legal_representative",
    "established_date",
    "business_scope",
)

KEY_FIELDS = (
    "unified_social_credit_code",
    "registration_number",
    "name",
    "company_type",
    "legal_representative",
    "registered_capital",
    "established_date",
    "business_term",
)
"""What a review rests on: never taken over from a reading that is not sure."""


@rule("licence.mandatory_field_missing", Severity.ERROR)
def mandatory_field_missing(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Every field of the legal minimum for the type of entity was read (L010).

    What stands in the seal is only pointed out.
    """
    for subject, licence in in_force(dossier):
        for name in _mandatory(licence):
            if _is_empty(licence, name):
                severity = Severity.WARN if name in _UNDER_THE_SEAL else Severity.ERROR
                yield Objection({"field": name}, _place(licence, name), subject, severity)


@rule("licence.capital_not_positive", Severity.ERROR)
def capital_not_positive(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The registered capital is more than nothing (L030)."""
    for subject, licence in in_force(dossier):
        capital = read(licence.registered_capital)
        if capital is not None and capital <= 0:
            yield Objection({}, evidence(licence.registered_capital), subject)


@rule("licence.repaired_key_field", Severity.ERROR)
def repaired_key_field(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """No key field was repaired: a repair is only ever a proposal."""
    for subject, licence in in_force(dossier):
        for name in KEY_FIELDS:
            if _field(licence, name).repaired:
                yield Objection({"field": name}, _place(licence, name), subject)


@rule("licence.key_field_unaccepted", Severity.ERROR)
def key_field_unaccepted(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The pipeline stands behind every key field.

    A key field that ought to be there and could not be read is told where the field is mandatory;
    one that is optional for the type of entity is told here.
    """
    if DocumentKind.BUSINESS_LICENCE not in policy.required:
        return
    for subject, licence in in_force(dossier):
        told = set(_mandatory(licence)) | {"unified_social_credit_code", "registration_number"}
        for name in KEY_FIELDS:
            field = _field(licence, name)
            unsure = _was_read(licence, name) and not field.accepted and not field.repaired
            unread = name not in told and _is_unread(licence, name)
            if unsure or unread:
                yield Objection({"field": name}, _place(licence, name), subject)


def _mandatory(licence: BusinessLicence) -> tuple[str, ...]:
    """Return the attributes that the licence must have, each once."""
    if licence.entity_type is None:
        return _WHATEVER_THE_TYPE
    form = licence_forms().entity(licence.entity_type)
    return tuple(dict.fromkeys(_ATTRIBUTES[name] for name in form.mandatory if name in _ATTRIBUTES))


def _field(licence: BusinessLicence, name: str) -> Field[object]:
    field: Field[object] = getattr(licence, name)
    return field


def _was_read(licence: BusinessLicence, name: str) -> bool:
    return read(_field(licence, name)) is not None


def _is_unread(licence: BusinessLicence, name: str) -> bool:
    """Return whether something stands there, or ought to, and could not be read."""
    present = _field(licence, name).state is FieldState.PRESENT
    unreadable = _field(licence, name).state is FieldState.UNREADABLE
    return unreadable or (present and not _was_read(licence, name))


def _is_empty(licence: BusinessLicence, name: str) -> bool:
    return not _was_read(licence, name)


def _place(licence: BusinessLicence, name: str) -> tuple[Provenance, ...]:
    return evidence(_field(licence, name))
