"""Names, places and kinds of business on a licence, held against each other."""

import re
from collections.abc import Iterator
from typing import Final

from schemas.findings import Severity
from schemas.identifiers import uscc
from schemas.licence import BusinessLicence, EntityType
from schemas.licence_forms import licence_forms
from schemas.records import Dossier
from validators.holders import in_force
from validators.papers import evidence, read
from validators.policy import Policy
from validators.rule import Objection, rule

_ENDS: Final = {
    EntityType.LIMITED_COMPANY: r"有限(责任)?公司$",
    EntityType.JOINT_STOCK_COMPANY: r"(股份有限|股份)公司$",
    EntityType.PARTNERSHIP: r"合伙",
    EntityType.FARMERS_COOPERATIVE: r"合作社",
    EntityType.SOLE_PROPRIETORSHIP: r"^(?!.*公司)",
    EntityType.INDIVIDUAL_BUSINESS: r"^(?!.*公司)",
}
"""What the laws on each type of entity want or forbid in its name; others are free."""

_BRANCHES: Final = frozenset(
    {
        EntityType.BRANCH,
        EntityType.FARMERS_COOPERATIVE_BRANCH,
        EntityType.FOREIGN_COMPANY_BRANCH,
    }
)
_CENTRAL: Final = "10"
_MOST_OF_A_NAME: Final = 60


@rule("licence.name_type", Severity.WARN)
def name_type(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The name has what the law wants for the type of entity (L040; 公司法 2023, art. 7).

    A name that the reading is not sure of is told elsewhere.
    """
    for subject, licence in in_force(dossier):
        name, kind = read(licence.name), licence.entity_type
        if name is None or kind is None or not licence.name.accepted:
            continue
        if not re.search(_ENDS.get(kind, ""), name.strip()):
            fields = evidence(licence.name, licence.company_type)
            yield Objection({"type": kind.value}, fields, subject)


@rule("licence.name_province", Severity.INFO)
def name_province(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The province that a name begins with is that of the authority (L041)."""
    for subject, licence in in_force(dossier):
        named = _named(read(licence.name) or "")
        authority = _province(read(licence.registration_authority) or "")
        if named and authority and named != authority:
            params = {"left": _said(named), "right": _said(authority)}
            fields = evidence(licence.name, licence.registration_authority)
            yield Objection(params, fields, subject)


@rule("licence.code_province", Severity.WARN)
def code_province(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The province of the credit code is that of the authority (L042).

    A code stays when its holder moves, so that an address elsewhere is only remarked.
    """
    for subject, licence in in_force(dossier):
        code = _of_code(licence)
        authority = _province(read(licence.registration_authority) or "")
        other = authority or _province(read(licence.address) or "")
        if code and other and code != other:
            params = {"left": _said(code), "right": _said(other)}
            place = licence.registration_authority if authority else licence.address
            fields = evidence(licence.unified_social_credit_code, place)
            yield Objection(params, fields, subject, None if authority else Severity.INFO)


@rule("licence.address_province", Severity.WARN)
def address_province(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The address is in the province of the authority (L043)."""
    for subject, licence in in_force(dossier):
        address = _province(read(licence.address) or "")
        authority = _province(read(licence.registration_authority) or "")
        if address and authority and address != authority:
            params = {"left": _said(address), "right": _said(authority)}
            fields = evidence(licence.address, licence.registration_authority)
            yield Objection(params, fields, subject)


@rule("licence.person_name", Severity.WARN)
def person_name(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The legal representative is called like a person or an organisation (L060)."""
    for subject, licence in in_force(dossier):
        name = read(licence.legal_representative)
        if name is not None and not _is_name(name):
            yield Objection({}, evidence(licence.legal_representative), subject)


@rule("licence.permits", Severity.INFO)
def permits(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The scope of business names no licensed items, which want permits of their own (L070).

    The sentence in brackets that closes nearly every scope (依法须经批准的项目…) says nothing.
    """
    for subject, licence in in_force(dossier):
        scope = read(licence.business_scope) or ""
        if re.search(r"许可(经营)?项目\s*[:：]", scope):
            yield Objection({}, evidence(licence.business_scope), subject)


@rule("licence.no_legal_person", Severity.WARN)
def no_legal_person(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The borrower is a legal person, or of a type that the product is made for (L080).

    Branches have a rule of their own.
    """
    for subject, licence in in_force(dossier):
        kind = licence.entity_type
        if kind is None or kind in _BRANCHES or kind in policy.made_for:
            continue
        if not licence_forms().entity(kind).legal_person:
            yield Objection({"type": kind.value}, evidence(licence.company_type), subject)


def _is_name(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    figures = any(character.isdigit() for character in text)
    return len(letters) > 1 and not figures and len(text) <= _MOST_OF_A_NAME


def _of_code(licence: BusinessLicence) -> str | None:
    """Return the province of a code that holds; the central registrar's says nothing."""
    code = read(licence.unified_social_credit_code)
    if code is None or not uscc.is_valid(code):
        return None
    province = uscc.compact(code)[2:4]
    return None if province == _CENTRAL else province


def _province(text: str) -> str | None:
    """Return the number of the province that a place begins with, or the city that it has.

    河北区 is a district of Tianjin: without 省, 市 or 自治区 a province is not told.

    >>> _province("浙江省示例市青禾区"), _province("河北区市场监督管理局")
    ('33', None)
    >>> _province("杭州市西湖区市场监督管理局"), _province("朝阳市场监督管理局")
    ('33', None)
    """
    place = text.strip()
    for number, name in licence_forms().provinces.items():
        if re.match(rf"{name}(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)", place):
            return number
    known = licence_forms().province_of_city
    city = next((city for city in known if place.startswith(city)), "")
    is_market = place.removeprefix(city).startswith("场")  # 市场监督管理局 of a district 朝阳
    return None if is_market else known.get(city)


def _named(text: str) -> str | None:
    """Return the number of the province that the name of an entity begins with."""
    for number, name in licence_forms().provinces.items():
        if number != _CENTRAL and re.match(rf"{name}(?![区州县])", text.strip()):
            return number
    return None


def _said(number: str) -> str:
    return f"province_{number}"
