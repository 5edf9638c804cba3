"""Whose licences a package has, and which of them are in force.

An applicant whose licence was renewed often hands in both. What a later licence of the same entity
replaces is shown and not judged.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from schemas.fields import Field, FieldState
from schemas.identifiers import uscc
from schemas.licence import BusinessLicence
from schemas.records import Dossier
from validators.papers import licences, read, same_name
from validators.remembered import remembered

T = TypeVar("T")

Held = tuple[str, BusinessLicence]
"""A licence with the sha256 of its file."""


@remembered
def in_force(dossier: Dossier) -> tuple[Held, ...]:
    """Return the licences that no other in the package replaces."""
    found = tuple(licences(dossier))
    return tuple(one for one in found if not _is_replaced(one[1], found))


def replaced(dossier: Dossier) -> Iterator[Held]:
    """Yield the licences that a later one of the same entity replaces."""
    kept = {id(licence) for _, licence in in_force(dossier)}
    return (one for one in licences(dossier) if id(one[1]) not in kept)


def are_of_one(one: BusinessLicence, other: BusinessLicence) -> bool:
    """Return whether two licences may be of one entity: by their codes, else by their names.

    What the reading is not sure of tells nothing apart.
    """
    codes = _sure(one.unified_social_credit_code), _sure(other.unified_social_credit_code)
    if codes[0] and codes[1]:
        return uscc.compact(codes[0]) == uscc.compact(codes[1])
    names = _sure(one.name), _sure(other.name)
    return not (names[0] and names[1]) or same_name(names[0], names[1])


def _is_replaced(one: BusinessLicence, every: Sequence[Held]) -> bool:
    return any(_replaces(other, one) for _, other in every if other is not one)


def _replaces(later: BusinessLicence, earlier: BusinessLicence) -> bool:
    """Return whether a licence surely took the place of another: of one entity, and issued later.

    One without a credit code was there before one that has it, whatever the dates.
    """
    if not _has_code(later) or not _is_surely_of_one(later, earlier):
        return False
    days = _sure(later.issue_date), _sure(earlier.issue_date)
    return not _has_code(earlier) or bool(days[0] and days[1] and days[0] > days[1])


def _is_surely_of_one(one: BusinessLicence, other: BusinessLicence) -> bool:
    codes = one.unified_social_credit_code, other.unified_social_credit_code
    names = one.name, other.name
    is_told = any(all(map(_sure, fields)) for fields in (codes, names))
    return is_told and are_of_one(one, other)


def _has_code(licence: BusinessLicence) -> bool:
    return licence.unified_social_credit_code.state is not FieldState.ABSENT


def _sure(field: Field[T]) -> T | None:
    return read(field) if field.accepted else None
