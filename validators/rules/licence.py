"""The numbers, the form and the dates of a business licence."""

from collections.abc import Iterator
from datetime import date, timedelta

from schemas.fields import Field, FieldState
from schemas.findings import Severity
from schemas.identifiers import registration_number, uscc
from schemas.identifiers.errors import IdentifierError
from schemas.licence import BusinessLicence, EntityType
from schemas.licence_forms import licence_forms
from schemas.records import Dossier
from validators.holders import are_of_one, in_force, replaced
from validators.papers import ask_if_sure, evidence, read
from validators.policy import Policy
from validators.rule import Objection, rule

_ONE_CODE_ONLY = date(2018, 1, 1)
"""From this day an enterprise needs a credit code: the change to 一照一码 ended on 2017-12-31."""

_BRANCHES = frozenset(
    {
        EntityType.BRANCH,
        EntityType.FARMERS_COOPERATIVE_BRANCH,
        EntityType.FOREIGN_COMPANY_BRANCH,
    }
)


@rule("licence.code_check", Severity.ERROR)
def code_check(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The unified social credit code holds by GB 32100, GB 11714, registrar and region (L001-L005).

    Only codes that begin with 91, 92 or 93 are printed on licences.
    """
    for subject, licence in in_force(dossier):
        field = licence.unified_social_credit_code
        code = read(field)
        if code is None:
            continue
        reasons = [problem.reason for problem in uscc.problems(code)]
        if not reasons and not uscc.is_licence(uscc.compact(code)):
            reasons = ["not_licence"]
        if reasons:
            yield Objection({"reasons": ",".join(reasons)}, evidence(field), subject)


@rule("licence.registration_number_check", Severity.ERROR)
def registration_number_check(
    dossier: Dossier,
    policy: Policy,
) -> Iterator[Objection]:
    """The registration number holds by GS 15-2006 (L007)."""
    for subject, licence in in_force(dossier):
        field = licence.registration_number
        number = read(field)
        if number is None:
            continue
        try:
            registration_number.validate(number)
        except IdentifierError as problem:
            yield Objection({"reasons": problem.reason}, evidence(field), subject)


@rule("licence.number_missing", Severity.ERROR)
def number_missing(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """A credit code or a registration number was read."""
    for subject, licence in in_force(dossier):
        fields = (licence.unified_social_credit_code, licence.registration_number)
        if all(read(field) is None for field in fields):
            yield Objection(evidence=evidence(*fields), subject=subject)


@rule("licence.replaced", Severity.INFO)
def replaced_licence(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """No licence is there that a later one in the package replaces; such a one is not judged."""
    for subject, licence in replaced(dossier):
        yield Objection({}, evidence(licence.name), subject)


@rule("licence.several_holders", Severity.ERROR)
def several_holders(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """All licences are of one entity, and one name has one code.

    Of two, a person says who borrows: the papers of a guarantor must not stand for those of the
    applicant.
    """
    found = in_force(dossier)
    for subject, licence in found[1:]:
        first = found[0][1]
        if not are_of_one(first, licence):
            fields = licence.name, licence.unified_social_credit_code
            yield Objection({}, evidence(*fields), subject)


@rule("licence.superseded_form", Severity.RETURN)
def superseded_form(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """An enterprise has a licence with a credit code since 2018 (L008); sole traders are exempt."""
    for subject, licence in in_force(dossier):
        old = licence.registration_number
        number = read(old)
        has_code = licence.unified_social_credit_code.state is not FieldState.ABSENT
        late = dossier.package.applied_on >= _ONE_CODE_ONLY
        if number and late and not has_code and not _is_sole_trader(licence, number):
            yield Objection({}, evidence(old), subject, ask_if_sure(old))


@rule("licence.type_code_mismatch", Severity.ERROR)
def type_code_mismatch(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The type of entity is one that codes with this beginning are given to (L006)."""
    for subject, licence in in_force(dossier):
        field = licence.unified_social_credit_code
        code = read(field)
        if code is None or licence.entity_type is None or not uscc.is_licence(code):
            continue
        if code[:2] not in licence_forms().entity(licence.entity_type).uscc_prefix:
            fields = (licence.company_type, field)
            yield Objection({"type": licence.entity_type.value}, evidence(*fields), subject)


@rule("licence.branch", Severity.ERROR)
def branch(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The holder of the licence is no branch, which borrows only as its head office allows.

    A branch has no legal personality (公司法 2023, art. 13): the authorisation of the head office
    and its own licence and statements have to be looked at by a person.
    """
    for subject, licence in in_force(dossier):
        if licence.entity_type in _BRANCHES:
            params = {"type": licence.entity_type.value}
            yield Objection(params, evidence(licence.company_type), subject)


@rule("licence.dates_order", Severity.ERROR)
def dates_order(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Establishment, issue and application follow each other (L020)."""
    for subject, licence in in_force(dossier):
        established, issued = licence.established_date, licence.issue_date
        pairs: tuple[tuple[str, Field[date], date | None], ...] = (
            ("established_date,issue_date", established, read(issued)),
            ("established_date,applied_on", established, dossier.package.applied_on),
            ("issue_date,applied_on", issued, dossier.package.applied_on),
        )
        for words, field, later in pairs:
            earlier = read(field)
            if earlier and later and earlier > later:
                yield Objection({"dates": words}, evidence(established, issued), subject)
                break


@rule("licence.expired", Severity.RETURN)
def expired(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The business term has not ended before the application (L023, FR04)."""
    for subject, licence in in_force(dossier):
        field = licence.business_term
        end = _term_end(licence)
        if end and end < dossier.package.applied_on:
            params = {"date": end.isoformat()}
            yield Objection(params, evidence(field), subject, ask_if_sure(field))


@rule("licence.expires_soon", Severity.WARN)
def expires_soon(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The business term does not end within the days of notice (L024, FR04)."""
    start = dossier.package.applied_on
    for subject, licence in in_force(dossier):
        end = _term_end(licence)
        if end and start <= end <= start + timedelta(days=policy.expiry_notice_days):
            params = {"date": end.isoformat()}
            yield Objection(params, evidence(licence.business_term), subject)


def _term_end(licence: BusinessLicence) -> date | None:
    """Return the printed last day; a term that is open or not printed (since 2022) has none."""
    term = read(licence.business_term)
    return term.end if term else None


def _is_sole_trader(licence: BusinessLicence, number: str) -> bool:
    if licence.entity_type is not None:
        return licence.entity_type is EntityType.INDIVIDUAL_BUSINESS
    return registration_number.is_individual_business(registration_number.compact(number))
