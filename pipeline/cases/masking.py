"""Personal data out of sight of those who do their work without it (docs/security.md).

A licence names people and, where the business is an individual's, says where they live. Masked, a
name keeps its first character and everything else personal is gone, in the text as it was read and
in what it might have been too. Names of files go, since senders write people's names there.
"""

from pathlib import PurePath
from typing import Final, TypeVar

from schemas.documents import RefusedFile, SourceFile
from schemas.fields import Field
from schemas.licence import BusinessLicence, EntityType
from schemas.records import Dossier, Extracted, Reading, Record

_OF_PEOPLE: Final = frozenset({"legal_representative"})
_OF_INDIVIDUALS: Final = frozenset({"name", "address", "qr_code"})
"""Of the owner, where the business is an individual's or nobody knows whose it is."""
PERSONAL: Final = _OF_PEOPLE | _OF_INDIVIDUALS
"""Fields that name people or where they live, or may."""
_INDIVIDUAL: Final = frozenset(
    {EntityType.INDIVIDUAL_BUSINESS, EntityType.SOLE_PROPRIETORSHIP, None}
)
_HIDDEN: Final = "***"

_File = TypeVar("_File", SourceFile, RefusedFile)


def masked_record(record: Record) -> Record:
    """Return a record without what names people."""
    return record.model_copy(update={"dossier": masked_dossier(record.dossier)})


def masked_dossier(dossier: Dossier) -> Dossier:
    """Return everything that was read in a package without what names people."""
    package = dossier.package
    files = {
        "files": tuple(_nameless(file) for file in package.files),
        "refused": tuple(_nameless(file) for file in package.refused),
    }
    readings = tuple(masked_reading(reading) for reading in dossier.readings)
    return dossier.model_copy(
        update={"package": package.model_copy(update=files), "readings": readings}
    )


def masked_reading(reading: Reading) -> Reading:
    """Return what was read in a file without what names people."""
    documents = tuple(_document(document) for document in reading.documents)
    source = _nameless(reading.source)
    return reading.model_copy(update={"source": source, "documents": documents})


def hidden(document: Extracted, name: str, field: Field[str]) -> Field[str]:
    """Return a field of a document as whoever may not see people sees it.

    >>> hidden(BusinessLicence(pages=(1,)), "name", Field[str].absent()).state.value
    'absent'
    """
    if not _is_personal(document, name):
        return field
    value = field.value and _mask(name, field.value)
    raw = field.raw and _mask(name, field.raw)
    return field.model_copy(update={"value": value, "raw": raw, "candidates": ()})


def _is_personal(document: Extracted, name: str) -> bool:
    if not isinstance(document, BusinessLicence):
        return False
    individual = name in _OF_INDIVIDUALS and document.entity_type in _INDIVIDUAL
    return individual or name in _OF_PEOPLE


def _document(document: Extracted) -> Extracted:
    if not isinstance(document, BusinessLicence):
        return document
    fields = {name: hidden(document, name, getattr(document, name)) for name in PERSONAL}
    return document.model_copy(update=fields)


def _mask(name: str, text: str) -> str:
    """Return the first character of somebody's name, and nothing of anything else.

    >>> _mask("legal_representative", "欧阳明"), _mask("address", "海川市滨江路1号")
    ('欧***', '***')
    """
    return f"{text[:1]}{_HIDDEN}" if name in _OF_PEOPLE else _HIDDEN


def _nameless(file: _File) -> _File:
    """Return a file under the beginning of its hash, with the ending that tells what it is."""
    name = f"{file.sha256[:8]}{PurePath(file.name).suffix[:8]}"
    return file.model_copy(update={"name": name})
