"""What a person says of a value: that it is right, what it is, or that nobody can read it.

A correction is a new revision of the record, judged again by the same rules. The records hold the
whole truth of it: who said what stands in the fields, and what was there before in the revision
before.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from extractors import amounts
from extractors.kinds.business_licence import days, money
from pipeline.cases.desk import Desk
from pipeline.cases.refused import Refused
from pipeline.cases.states import FROM
from pipeline.ports import Application, Event, Person, Step
from pipeline.stages.correct import (
    Place,
    by_person,
    document_at,
    field_at,
    places,
    pointed,
    said,
    swapped,
)
from pipeline.stages.judge import concluded
from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState
from schemas.licence import BusinessLicence, Term
from schemas.records import Dossier, Record
from schemas.statements import Statement
from validators.papers import taxonomy_of

LONGEST: Final = 4000
"""Characters of a value that a person types; a scope of business can be long."""


class Action(StrEnum):
    """What a person says of a value."""

    ACCEPT = "accept"
    """It is what stands on the paper."""
    CORRECT = "correct"
    """Something else stands there."""
    BLANK = "blank"
    """Nothing stands there."""
    UNREADABLE = "unreadable"
    """Something stands there that nobody can read."""


@dataclass(frozen=True)
class Edit:
    """What a person says of the value in one place."""

    place: Place
    action: Action
    text: str = ""


@dataclass(frozen=True)
class Change:
    """A value as it was, and as a person said it is."""

    place: Place
    kind: DocumentKind
    name: str
    """The field of a licence, or the line item of a statement; empty for a row of the filer's."""
    before: Field[Any]
    after: Field[Any]
    by: str
    revision: int
    at: datetime

    @property
    def is_wrong(self) -> bool:
        """Whether the machine had read something else than stands there."""
        same = self.before.state is self.after.state and self.before.value == self.after.value
        return not same


def correct(
    desk: Desk, person: Person, application: Application, revision: int, edits: Sequence[Edit]
) -> Record:
    """Keep what a person says as a new revision of the record, judged again.

    Raises:
        Refused: the case waits for no reviewer, somebody else was faster, or what was typed is
            not a value of the field.
    """
    record = _under_review(desk, application, revision)
    made = concluded(
        edited(record.dossier, person.id, edits), desk.services, device=record.made_by.device
    )
    kept = desk.services.repository.revise(made, after=revision)
    if kept is None:
        raise Refused("review.changed_meanwhile")
    event = corrected(kept, by=person.id)
    desk.change(application.id, lambda now: (now, event))
    return kept


def corrected(record: Record, *, by: str | None) -> Event:
    """Return the event that a revision came of what a person corrected."""
    return Event(
        step=Step.CORRECTED,
        at=record.made_at,
        package_id=record.package_id,
        revision=record.revision,
        outcome=record.decision.outcome,
        by=by,
    )


def edited(dossier: Dossier, person_id: str, edits: Sequence[Edit]) -> Dossier:
    """Return a dossier as a person says it is; nothing is kept.

    Raises:
        Refused: there is no such field, or what was typed is not a value of it.
    """
    fields = {edit.place: _field(dossier, person_id, edit) for edit in edits}
    return swapped(dossier, fields)


def changes(records: Sequence[Record]) -> Iterator[Change]:
    """Yield what persons changed from each revision to the next."""
    for before, after in itertools.pairwise(records):
        old = dict(places(before.dossier))
        for place, field in places(after.dossier):
            by = by_person(field)
            was = old.get(place, type(field).absent())
            if by is None or was == field:
                continue
            document = document_at(after.dossier, place.reading, place.document)
            assert document is not None  # noqa: S101  it has the field
            yield Change(
                place,
                document.kind,
                _name(document, place),
                was,
                field,
                by,
                after.revision,
                after.made_at,
            )


def typed(dossier: Dossier, place: Place, text: str) -> object | None:
    """Return the value that a text is in its place, None where it is none.

    An amount of a statement is typed as it is printed, in the unit of the statement.
    """
    document = document_at(dossier, place.reading, place.document)
    if isinstance(document, Statement) and place.row is not None:
        amount = amounts.parse(text)
        value = amount.value if amount and amount.sound else None
        return None if value is None else value * unit(document, place.row)
    return _of_licence(place.name, text.strip())


def unit(statement: Statement, row: int) -> Decimal:
    """Return what a printed amount of a row is to be multiplied by."""
    item = taxonomy_of(statement).by_id.get(statement.rows[row].item or "")
    return Decimal(1) if item is not None and item.unit else statement.scale


def _of_licence(name: str, text: str) -> object | None:
    annotation = BusinessLicence.model_fields[name].annotation
    match _KINDS.get(annotation):
        case "amount":
            amount = money.amount(text)
            return amount.value if amount else None
        case "day":
            return days.day(text)
        case "term":
            return days.term(text.replace("/..", "至长期").replace("/", "至"))
        case _:
            return text or None


_KINDS: Final[dict[object, str]] = {
    Field[Decimal]: "amount",
    Field[date]: "day",
    Field[Term]: "term",
}


def _under_review(desk: Desk, application: Application, revision: int) -> Record:
    is_open = application.state in FROM[Step.CORRECTED] and application.ruling is None
    if not is_open or application.package_id is None:
        raise Refused("review.not_waiting")
    record = desk.services.repository.record(application.package_id)
    if record is None or record.revision != revision:
        raise Refused("review.changed_meanwhile")
    return record


def _field(dossier: Dossier, person_id: str, edit: Edit) -> Field[Any]:
    before = field_at(dossier, edit.place)
    if before is None:
        raise Refused("api.not_found")
    where = pointed(dossier, edit.place, person_id)
    state = _state(before, edit.action)
    raw = edit.text[:LONGEST] if edit.action is Action.CORRECT else before.raw or ""
    if state is not FieldState.PRESENT:
        return said(before, None, raw, where, state)
    is_typed = edit.action is Action.CORRECT
    value = typed(dossier, edit.place, raw) if is_typed else before.value
    if value is None:
        raise Refused("review.not_a_value")
    return said(before, value, raw, where, state)


def _state(before: Field[Any], action: Action) -> FieldState:
    """Return the state of a field after what a person says of it."""
    if action is Action.BLANK or (action is Action.ACCEPT and before.state is FieldState.BLANK):
        return FieldState.BLANK
    return FieldState.UNREADABLE if action is Action.UNREADABLE else FieldState.PRESENT


def _name(document: object, place: Place) -> str:
    if isinstance(document, Statement) and place.row is not None:
        return document.rows[place.row].item or ""
    return place.name
