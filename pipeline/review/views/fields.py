"""Fields as the page shows them: the value, how sure it is, and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.cases.corrections import Change, unit
from pipeline.report.doubts import column_name
from pipeline.report.licences import standing
from pipeline.report.values import plain, share, shown
from pipeline.report.words import is_doubtful, item_label, marks_of, word
from pipeline.review.words import say
from pipeline.stages.correct import Place, by_person, document_at, fields_of
from schemas.fields import Candidate, Field, FieldState
from schemas.geometry import Box
from schemas.licence import BusinessLicence, Term
from schemas.messages import Language
from schemas.records import Dossier, Extracted
from schemas.statements import Statement


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign and the word for it."""

    kind: str
    sign: str
    word: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a field stands on a page."""

    place: str
    page: int
    box: Box
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field; `text` is what a person would type to say the same, `is_open` asks for one."""

    place: str
    label: str
    printed: str
    value: str
    text: str
    state: str
    is_open: bool
    is_mine: bool
    marks: tuple[Mark, ...]
    page: int | None
    cell: str | None


@dataclass(frozen=True, slots=True)
class ReadingView:
    """What somebody or something made of a place; `text` goes into the form when it is chosen."""

    who: str
    value: str
    text: str


def is_open(field: Field[Any]) -> bool:
    """Return whether a person has to look: nobody stands behind it, or it was repaired."""
    return (is_doubtful(field) or field.repaired) and by_person(field) is None


def field_view(dossier: Dossier, place: Place, field: Field[Any], lang: Language) -> FieldView:
    """Return what is shown of a field."""
    document = document_at(dossier, place.reading, place.document)
    assert document is not None  # noqa: S101  the field is in it
    where = field.provenance
    has_box = where is not None and where.cell is None and where.box.width > 0
    return FieldView(
        place=str(place),
        label=label(document, place, lang),
        printed=field.label or "",
        value=value_text(document, place, field, lang),
        text=text_of(document, place, field),
        state=field.state.value,
        is_open=is_open(field),
        is_mine=by_person(field) is not None,
        marks=tuple(_marks(field, lang)),
        page=where.page if where and has_box else None,
        cell=where.cell if where else None,
    )


def licence_fields(
    dossier: Dossier, reading: int, document: int, lang: Language
) -> tuple[FieldView, ...]:
    """Return the fields of a licence, those that its form has."""
    licence = document_at(dossier, reading, document)
    if not isinstance(licence, BusinessLicence):
        return ()
    return tuple(
        field_view(dossier, Place(reading, document, None, name), field, lang)
        for name, field in standing(licence)
    )


def spots(
    dossier: Dossier, reading: int, document: int, page: int, lang: Language
) -> Iterator[Spot]:
    """Yield the boxes of a document's fields on a page."""
    paper = document_at(dossier, reading, document)
    if paper is None:
        return
    for row, name, field in fields_of(paper):
        where = field.provenance
        if where is None or where.page != page or where.cell or where.box.width <= 0:
            continue
        if field.state is FieldState.ABSENT:
            continue
        place = Place(reading, document, row, name)
        yield Spot(str(place), page, where.box, spot_kind(field), label(paper, place, lang))


def spot_kind(field: Field[Any]) -> str:
    """Return how a box is drawn: by a person, sure, blank, or in doubt."""
    if by_person(field) is not None:
        return "person"
    if is_open(field):
        return "doubt"
    return "blank" if field.state is FieldState.BLANK else "sure"


def readings(
    dossier: Dossier, place: Place, field: Field[Any], history: list[Change], lang: Language
) -> tuple[ReadingView, ...]:
    """Return what was made of a place so far, side by side: machines, sums, persons."""
    document = document_at(dossier, place.reading, place.document)
    assert document is not None  # noqa: S101  the field is in it
    original = history[0].before if history else field
    found = []
    if original.raw:
        found.append(ReadingView(say("as it was read", lang), original.raw, original.raw))
    if original.value is not None and original.repaired:
        found.append(_reading(say("what the sums prove", lang), document, place, original, lang))
    others = original.candidates
    found += [_candidate(other, document, place, original, lang) for other in others]
    for change in history:
        who = say("a person, revision {number}", lang, number=change.revision)
        found.append(_reading(who, document, place, change.after, lang))
    return tuple(dict.fromkeys(found))


def label(document: Extracted, place: Place, lang: Language) -> str:
    """Return what a field is called."""
    if isinstance(document, Statement) and place.row is not None:
        row = document.rows[place.row]
        column = next((c for c in document.columns if c.id == place.name), None)
        name = item_label(row.item or "", row.label, lang)
        return f"{name} · {column_name(column, lang)}" if column else name
    return word(place.name, lang)


def value_text(document: Extracted, place: Place, field: Field[Any], lang: Language) -> str:
    """Return a value as the page shows it: amounts of statements as they are printed."""
    if field.state is FieldState.ABSENT:
        return ""
    if isinstance(document, Statement) and place.row is not None and field.value is not None:
        return _printed(field.value / unit(document, place.row))
    return shown(field, lang)


def text_of(document: Extracted, place: Place, field: Field[Any]) -> str:
    """Return what a person types to say the same value."""
    if field.value is None:
        return (field.raw or "") if field.state is FieldState.UNREADABLE else ""
    if isinstance(document, Statement) and place.row is not None:
        return _printed(field.value / unit(document, place.row))
    match field.value:
        case Decimal():
            return f"{field.value:f}"
        case Term():
            start = field.value.start.isoformat() if field.value.start else ""
            end = field.value.end.isoformat() if field.value.end else "长期"
            return f"{start}至{end}" if start else end
        case _:
            return str(field.value)


def _printed(amount: Decimal) -> str:
    """Return an amount as accounts print it, with every digit that it has.

    >>> _printed(Decimal("-1234.5")), _printed(Decimal("0.123"))
    ('-1,234.50', '0.123')
    """
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{places}f}"


def _reading(
    who: str, document: Extracted, place: Place, field: Field[Any], lang: Language
) -> ReadingView:
    return ReadingView(
        who, value_text(document, place, field, lang), text_of(document, place, field)
    )


def _candidate(
    candidate: Candidate[Any],
    document: Extracted,
    place: Place,
    field: Field[Any],
    lang: Language,
) -> ReadingView:
    other = field.model_copy(update={"value": candidate.value, "state": FieldState.PRESENT})
    second = candidate.source == "second_reading"
    who = say("a second reading" if second else "another character", lang)
    if candidate.probability is not None:
        who = f"{who} {candidate.probability:.1%}"
    value = plain(candidate.value, lang)
    if isinstance(document, Statement):
        value = value_text(document, place, other, lang)
    return ReadingView(who, value, text_of(document, place, other))


def _marks(field: Field[Any], lang: Language) -> Iterator[Mark]:
    if by_person(field) is not None:
        yield Mark("person", "✎", say("by a person", lang))
        return
    if field.accepted and field.state is FieldState.PRESENT and not field.repaired:
        yield Mark("accepted", "✔", say("accepted by the machine", lang))
    for mark in marks_of(field, lang=lang):
        yield Mark(mark.kind, mark.sign, mark.word)
    if is_open(field) and field.confidence is not None:
        yield Mark("share", share(field.confidence), say("confidence of the reading", lang))
