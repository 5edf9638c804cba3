"""Values by a person in place of what was read; everything else stays as it was.

What a person says is a field like any other: its provenance points at the same place on the paper,
and its reader is `person/<id>`. What a machine read before stands in the revision before.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple, Self

from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState, Provenance
from schemas.geometry import Box
from schemas.licence import BusinessLicence
from schemas.records import Dossier, Extracted, Reading
from schemas.statements import Statement
from validators.proof import prove

_READER: Final = "person/"
_NOWHERE: Final = Box(0, 0, 0, 0)
"""The box of what a person knows from a page and nothing was read of."""


class Place(NamedTuple):
    """Where a field stands in a dossier: the file, the document in it, and which field of that.

    `row` and the id of a column for a cell of a statement; for a licence `row` is None and `name`
    the field. Written as `1.0.12.end`, or `0.0.-.name`.

    >>> Place.of("1.0.12.end"), str(Place(0, 0, None, "name"))
    (Place(reading=1, document=0, row=12, name='end'), '0.0.-.name')
    """

    reading: int
    document: int
    row: int | None
    name: str

    def __str__(self) -> str:
        """Return it as it stands in addresses and forms."""
        row = "-" if self.row is None else self.row
        return f"{self.reading}.{self.document}.{row}.{self.name}"

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Return the place that a text stands for, None where it stands for none."""
        parts = text.split(".", 3)
        if len(parts) < 4 or not (parts[0] + parts[1]).isdecimal():
            return None
        if parts[2] != "-" and not parts[2].isdecimal():
            return None
        row = None if parts[2] == "-" else int(parts[2])
        return cls(int(parts[0]), int(parts[1]), row, parts[3])


def places(dossier: Dossier) -> Iterator[tuple[Place, Field[Any]]]:
    """Yield every field that a paper has, in the order of the papers."""
    for number, reading in enumerate(dossier.readings):
        for index, document in enumerate(reading.documents):
            for row, name, field in fields_of(document):
                yield Place(number, index, row, name), field


def fields_of(document: Extracted) -> Iterator[tuple[int | None, str, Field[Any]]]:
    """Yield the fields of a document with their row and name."""
    if isinstance(document, BusinessLicence):
        for name in document.field_names():
            yield None, name, getattr(document, name)
    elif isinstance(document, Statement):
        for number, row in enumerate(document.rows):
            for column, cell in row.values.items():
                yield number, column, cell


def document_at(dossier: Dossier, reading: int, document: int) -> Extracted | None:
    """Return a document, None where there is none."""
    if reading >= len(dossier.readings) or document >= len(dossier.readings[reading].documents):
        return None
    return dossier.readings[reading].documents[document]


def field_at(dossier: Dossier, place: Place) -> Field[Any] | None:
    """Return a field, None where there is none.

    A cell of a statement in which nothing is printed is a field that is absent.
    """
    document = document_at(dossier, place.reading, place.document)
    if isinstance(document, BusinessLicence):
        known = place.row is None and place.name in document.field_names()
        return getattr(document, place.name) if known else None
    if not isinstance(document, Statement) or place.row is None:
        return None
    if place.row >= len(document.rows) or place.name not in {c.id for c in document.columns}:
        return None
    return document.rows[place.row].values.get(place.name, Field[Decimal].absent())


def by_person(field: Field[Any]) -> str | None:
    """Return the id of the person that a field is of, None where a machine read it."""
    reader = field.provenance.reader if field.provenance else ""
    return reader.removeprefix(_READER) if reader.startswith(_READER) else None


def said(
    before: Field[Any], value: object, raw: str, where: Provenance, state: FieldState
) -> Field[Any]:
    """Return the field that a person says in place of another; `where` is from `pointed`."""
    return type(before)(
        value=value,
        raw=raw,
        state=state,
        accepted=state is not FieldState.UNREADABLE,
        provenance=where,
        label=before.label,
        candidates=before.candidates,
    )


def pointed(dossier: Dossier, place: Place, person_id: str) -> Provenance:
    """Return the place of a field, with a person as the reader."""
    field, reading = field_at(dossier, place), dossier.readings[place.reading]
    reader = f"{_READER}{person_id}"
    if field is not None and field.provenance is not None:
        return field.provenance.model_copy(update={"reader": reader})
    pages = reading.documents[place.document].pages
    return Provenance(
        document=reading.source.sha256,
        page=pages[0] if pages else 1,
        box=_NOWHERE,
        reader=reader,
    )


def swapped(dossier: Dossier, fields: dict[Place, Field[Any]]) -> Dossier:
    """Return a dossier with other fields in their places, and what its sums then prove."""
    readings = list(dossier.readings)
    for number in {place.reading for place in fields}:
        mine = {place: field for place, field in fields.items() if place.reading == number}
        readings[number] = prove(_reading(readings[number], mine))
    return dossier.model_copy(update={"readings": tuple(readings)})


def carried(dossier: Dossier, before: Dossier) -> Dossier:
    """Return a dossier with what persons said of the same papers in an earlier one.

    A correction is taken over where the same file still has a document of that kind with a field
    of that label; nobody's work is lost when the papers are read again.
    """
    there = {reading.source.sha256: n for n, reading in enumerate(dossier.readings)}
    found: dict[Place, Field[Any]] = {}
    for place, field in places(before):
        number = there.get(before.readings[place.reading].source.sha256)
        if number is None or by_person(field) is None:
            continue
        here = place._replace(reading=number)
        if field_at(dossier, here) is not None and _name(dossier, here) == _name(before, place):
            found[here] = field
    return swapped(dossier, found) if found else dossier


def _name(dossier: Dossier, place: Place) -> tuple[DocumentKind | None, str]:
    document = document_at(dossier, place.reading, place.document)
    if isinstance(document, Statement) and place.row is not None:
        return document.kind, document.rows[place.row].label
    return (document.kind if document else None), place.name


def _reading(reading: Reading, fields: dict[Place, Field[Any]]) -> Reading:
    documents = list(reading.documents)
    for index in {place.document for place in fields}:
        mine = {place: field for place, field in fields.items() if place.document == index}
        documents[index] = _document(documents[index], mine)
    return reading.model_copy(update={"documents": tuple(documents)})


def _document(document: Extracted, fields: dict[Place, Field[Any]]) -> Extracted:
    if not isinstance(document, Statement):
        return document.model_copy(update={place.name: field for place, field in fields.items()})
    rows = list(document.rows)
    for place, field in fields.items():
        if place.row is not None:
            row = rows[place.row]
            rows[place.row] = row.model_copy(update={"values": row.values | {place.name: field}})
    return document.model_copy(update={"rows": tuple(rows)})
