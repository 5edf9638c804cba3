"""Whether what stands on a licence can stand there: forms, years, amounts."""

import functools
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from schemas.fields import Field, FieldState, Provenance
from schemas.findings import Severity
from schemas.licence import BusinessLicence, EntityType
from schemas.licence_forms import licence_forms
from schemas.records import Dossier
from validators.holders import in_force
from validators.papers import evidence, licences, read
from validators.policy import Policy
from validators.rule import Objection, rule

_FOUNDING: Final = date(1949, 10, 1)
_FIRST_CODES: Final = date(2015, 7, 1)
"""Before it no licence had a credit code, the pilots of 三证合一 included (L025)."""
_LAST_OLD_AUTHORITY: Final = date(2019, 7, 1)
"""By then every 工商行政管理局 had become part of a 市场监督管理局 (L025)."""
_NO_PAID_IN_CAPITAL: Final = date(2015, 1, 1)
"""The form of March 2014 has no 实收资本 any more; old stock was used up by then (L025)."""
_NO_OLD_NUMBERS: Final = date(2016, 1, 1)
"""From October 2015 a licence that an enterprise is given has a credit code (L025)."""
_LEAST_CAPITAL: Final = Decimal(1000)
"""A company of less was read without its 万 (licence-reference 4)."""
_MOST_CAPITAL: Final = Decimal(1_000_000_000_000)
_COMPANIES: Final = frozenset({EntityType.LIMITED_COMPANY, EntityType.JOINT_STOCK_COMPANY})
_PRINTED: Final = ("legal_representative", "address", "registered_capital", "business_scope")
"""Fields whose printed label tells the form of which type of entity it is."""


@rule("licence.foreign_field", Severity.WARN)
def foreign_field(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """No field is printed that the form for the type of entity has not (L011)."""
    for subject, licence in in_force(dossier):
        if licence.entity_type is None:
            continue
        forbidden = licence_forms().entity(licence.entity_type).forbidden
        for name in (*_PRINTED, "composition"):
            field: Field[object] = getattr(licence, name)
            if field.state is FieldState.PRESENT and _printed_as(name, field.label) in forbidden:
                params = {"type": licence.entity_type.value, "field": name}
                yield Objection(params, evidence(field), subject)


@rule("licence.established_early", Severity.WARN)
def established_early(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The establishment is not before 1949-10-01 (L021)."""
    for subject, licence in in_force(dossier):
        field = licence.established_date
        day = read(field)
        if day and day < _FOUNDING:
            yield Objection({"date": day.isoformat()}, evidence(field), subject)


@rule("licence.term_start", Severity.INFO)
def term_start(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The business term begins with the establishment, give or take the days allowed (L022)."""
    for subject, licence in in_force(dossier):
        established, term = read(licence.established_date), read(licence.business_term)
        start = term.start if term else None
        if established and start and abs(start - established) > timedelta(policy.term_start_days):
            params = {"start": start.isoformat(), "date": established.isoformat()}
            fields = evidence(licence.business_term), evidence(licence.established_date)
            yield Objection(params, (*fields[0], *fields[1]), subject)


@rule("licence.form_date", Severity.WARN)
def form_date(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """What is printed was printed so on the day of issue (L025).

    No 工商行政管理局 since July 2019, no 实收资本 since 2015, and no enterprise with only a
    registration number since 2016. The layout itself is not read.
    """
    for subject, licence in in_force(dossier):
        issued = licence.issue_date
        day = read(issued)
        found = _outdated(licence, day) if day else {}
        if day and found:
            params = {"date": day.isoformat(), "reasons": ",".join(found)}
            places = tuple(place for fields in found.values() for place in fields)
            yield Objection(params, (*places, *evidence(issued)), subject)


@rule("licence.impossible_print", Severity.ERROR)
def impossible_print(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Nothing is printed that no authority ever printed (L025, L040, R23; 公司法 2023, art. 7).

    A credit code on a licence of before July 2015, and the name of a company that ends as no law
    knows: suspected alteration, which a person looks at and nobody tells the applicant. Both only
    where the reading is sure, since a misreading looks the same.
    """
    for subject, licence in licences(dossier):
        if _has_early_code(licence):
            fields = evidence(licence.unified_social_credit_code), evidence(licence.issue_date)
            yield Objection({"reasons": "early_code"}, (*fields[0], *fields[1]), subject)
        if _has_unknown_ending(licence):
            params = {"reasons": "unknown_ending"}
            yield Objection(params, evidence(licence.name), subject)


@rule("licence.capital_range", Severity.WARN)
def capital_range(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The registered capital is of a size that companies have (L031)."""
    for subject, licence in in_force(dossier):
        field = licence.registered_capital
        capital = read(field)
        if capital and not _LEAST_CAPITAL <= capital <= _MOST_CAPITAL and capital > 0:
            yield Objection({"amount": f"{capital:,}"}, evidence(field), subject)


def _outdated(licence: BusinessLicence, day: date) -> dict[str, tuple[Provenance, ...]]:
    """Return what a licence of a day ought not to print any more, with its places."""
    authority, number = licence.registration_authority, licence.registration_number
    has_code = licence.unified_social_credit_code.state is not FieldState.ABSENT
    is_enterprise = licence.entity_type not in {None, EntityType.INDIVIDUAL_BUSINESS}
    old_name = "工商行政管理" in (read(authority) or "")
    old_number = read(number) is not None and not has_code and is_enterprise
    old_capital = read(licence.paid_in_capital) is not None
    told = {
        "old_authority": (day >= _LAST_OLD_AUTHORITY and old_name, evidence(authority)),
        "old_number": (day >= _NO_OLD_NUMBERS and old_number, evidence(number)),
        "old_capital": (
            day >= _NO_PAID_IN_CAPITAL and old_capital,
            evidence(licence.paid_in_capital),
        ),
    }
    return {reason: places for reason, (is_so, places) in told.items() if is_so}


def _printed_as(name: str, label: str | None) -> str | None:
    """Return the field of licence_fields.yaml that a label means; None where that is not told.

    A label that several fields go by (出资总额) tells nothing.
    """
    if name == "composition":
        return name
    known = _fields_by_label().get(_folded(label or ""), frozenset())
    return next(iter(known)) if len(known) == 1 else None


@functools.cache
def _fields_by_label() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for field in licence_forms().fields:
        for label in (field.label, *field.synonyms):
            key = _folded(label)
            found[key] = found.get(key, frozenset()) | {field.id}
    return found


def _folded(text: str) -> str:
    return re.sub(r"[\s::]", "", unicodedata.normalize("NFKC", text))


def _has_early_code(licence: BusinessLicence) -> bool:
    code, issued = licence.unified_social_credit_code, licence.issue_date
    day = read(issued)
    sure = code.accepted and issued.accepted and read(code) is not None
    return sure and day is not None and day < _FIRST_CODES


def _has_unknown_ending(licence: BusinessLicence) -> bool:
    name = read(licence.name)
    if name is None or not licence.name.accepted or licence.entity_type not in _COMPANIES:
        return False
    return not _folded(name).endswith(_endings())


@functools.cache
def _endings() -> tuple[str, ...]:
    """Return every ending of a name that licence_fields.yaml knows."""
    forms = licence_forms().entity_types
    return tuple({_folded(ending) for form in forms for ending in form.name_suffix})
