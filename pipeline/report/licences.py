"""The licence as a card: the picture of the paper with numbered boxes, and its fields beside it."""

from collections.abc import Iterator

from pipeline.report.album import Album, Urgency
from pipeline.report.values import share, shown
from pipeline.report.views import Licence, LicenceField, Mark, Spot
from pipeline.report.words import mark, marks_of, say, word
from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState, Provenance
from schemas.licence import BusinessLicence
from schemas.messages import Language
from schemas.records import Record
from validators.papers import licences


def cards(record: Record, album: Album, lang: Language) -> tuple[Licence, ...]:
    """Return every licence of the package."""
    names = {file.sha256: file.name for file in record.dossier.package.files}
    return tuple(
        _card(licence, names.get(subject, ""), album, lang)
        for subject, licence in licences(record.dossier)
    )


def standing(licence: BusinessLicence) -> Iterator[tuple[str, Field[object]]]:
    """Yield the fields that the form has."""
    for name in licence.field_names():
        field: Field[object] = getattr(licence, name)
        if field.state is not FieldState.ABSENT:
            yield name, field


def _card(licence: BusinessLicence, file: str, album: Album, lang: Language) -> Licence:
    found = list(standing(licence))
    first = next((field.provenance for _, field in found if field.provenance), None)
    fields = tuple(
        _field(number, name, field, album, lang) for number, (name, field) in enumerate(found, 1)
    )
    here = {name for name, _ in found}
    kind = licence.entity_type
    return Licence(
        title=word(kind.value, lang) if kind else word(licence.kind.value, lang),
        file=file,
        overview=album.whole(first.document, first.page) if first else None,
        fields=fields,
        spots=tuple(_spots(first, found, fields)),
        absent=tuple(word(name, lang) for name in licence.field_names() if name not in here),
    )


def _field(
    number: int, name: str, field: Field[object], album: Album, lang: Language
) -> LicenceField:
    label = word(name, lang)
    anchor = album.place(
        label, word(DocumentKind.BUSINESS_LICENCE.value, lang), field, Urgency.LICENCE
    )
    return LicenceField(
        number=number,
        name=label,
        printed=field.label or "",
        value=shown(field, lang),
        state=field.state.value,
        state_word=say(field.state.value, lang),
        marks=licence_marks(field, lang),
        confidence=share(field.confidence),
        anchor=anchor,
        card_here=album.claim(anchor),
    )


def licence_marks(field: Field[object], lang: Language) -> tuple[Mark, ...]:
    """Return the marks of a field, the one for acceptance among them."""
    found = marks_of(field, lang=lang)
    accepted = field.accepted and field.state is FieldState.PRESENT
    return (mark("accepted", lang), *found) if accepted else found


def _spots(
    first: Provenance | None,
    found: list[tuple[str, Field[object]]],
    fields: tuple[LicenceField, ...],
) -> Iterator[Spot]:
    for (_, field), shown_ in zip(found, fields, strict=True):
        where = field.provenance
        if where is None or first is None or shown_.anchor is None:
            continue
        if (where.document, where.page) == (first.document, first.page):
            kind = "sure" if field.accepted else "doubt"
            box = (where.box.left, where.box.top, where.box.width, where.box.height)
            yield Spot(shown_.number, shown_.anchor, box, kind)
