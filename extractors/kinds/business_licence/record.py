"""The record of a licence: every field typed, with its state, and accepted or not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from extractors.kinds.business_licence import (
    authority,
    codes,
    days,
    evidence,
    money,
    phrases,
    reader,
    seal,
)
from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.fields import Maker
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.second import LONG, Second
from extractors.kinds.business_licence.views import Views, views_of
from extractors.ocr.look import Look
from schemas.fields import Field
from schemas.licence import BusinessLicence, Term
from schemas.text import Page


@dataclass(frozen=True)
class _Kind:
    """How the text of a field becomes its value."""

    field: type[Field[Any]]
    parse: Callable[[str], object | None]


def _capital(text: str) -> Decimal | None:
    amount = money.amount(text)
    return amount.value if amount else None


_OPEN_ENDED = frozenset(("address", "business_scope"))
"""Fields whose grammar is too wide to tell the better of two readings."""


def _wide(text: str) -> str:
    return text.replace("(", "（").replace(")", "）")


def _narrow(text: str) -> str:
    return text.replace("（", "(").replace("）", ")")


_TEXT = _Kind(Field[str], _wide)
"""Names, addresses and scopes have full-width brackets: a reader tells the widths badly apart."""
_KINDS: dict[str, _Kind] = {
    "company_type": _Kind(Field[str], _narrow),
    "registered_capital": _Kind(Field[Decimal], _capital),
    "paid_in_capital": _Kind(Field[Decimal], _capital),
    "established_date": _Kind(Field[date], days.day),
    "business_term": _Kind(Field[Term], days.term),
}


def extract(page: Page, look: Look | None) -> BusinessLicence:
    """Read the fields of a licence; where `look` is None the page has a text layer."""
    face = reader.read(page, look)
    views = views_of(face, look)
    maker = Maker(page)
    fields: dict[str, Any] = {role: _field(maker, face, role, views) for role in reader.ROLES}
    fields |= codes.fields(maker, face, look)
    fields |= _of_the_seal(maker, face, look)
    return BusinessLicence(
        pages=(page.number,),
        entity_type=face.form.entity_type,
        capital_currency=_currency(face),
        **fields,
    )


def _of_the_seal(maker: Maker, face: Face, look: Look | None) -> dict[str, Field[Any]]:
    """Return what stands in and under the seal; of two seals nobody knows whose they are."""
    if not evidence.is_one_licence(face):
        return {
            "issue_date": Field[date].unreadable(),
            "registration_authority": Field[str].unreadable(),
        }
    return {
        "issue_date": seal.issue_date(maker, face, look),
        "registration_authority": authority.registration_authority(maker, face, look),
    }


def _field(maker: Maker, face: Face, role: str, views: Views) -> Field[Any]:
    kind = _KINDS.get(role, _TEXT)
    claim = face.said.get(role)
    if claim is None:
        return maker.missing(kind.field, face.slot(role), must=face.form.must_have(role))
    accepted = _is_accepted(face, role, claim, views)
    if not accepted and views.second is not None:
        claim = _bettered(face, role, claim, views.second)
        claim = phrases.ranked(claim) if role == LONG else claim
    return maker.field(kind.field, claim, kind.parse, accepted=accepted)


def _bettered(face: Face, role: str, claim: Claim, second: Second) -> Claim:
    """Return what a wider cut reads, where only that is what the field can hold, and mend it."""
    fits = evidence.fits(face, role, claim)
    if role not in _OPEN_ENDED and not fits:
        other = second.instead(claim)
        claim = other if evidence.fits(face, role, other) else claim
    return second.mended(role, claim)


def _is_accepted(face: Face, role: str, claim: Claim, views: Views) -> bool:
    return (
        evidence.fits(face, role, claim)
        and evidence.is_in_place(role, claim, face)
        and evidence.is_whole(claim, face)
        and views.is_bare(claim)
        and evidence.is_one_licence(face)
        and evidence.is_of_one_start(face, role)
        and (role not in evidence.UNPROVED or evidence.is_even(claim, face))
        and evidence.is_legible(face, role, claim, views)
    )


def _currency(face: Face) -> str:
    claim = face.said.get("registered_capital")
    amount = money.amount(claim.text) if claim else None
    return amount.currency if amount else "CNY"
