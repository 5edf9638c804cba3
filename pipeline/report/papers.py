"""The files of the package: what was found in each, or why it was refused."""

from collections.abc import Iterator

from pipeline.report.values import size
from pipeline.report.views import Fact, Paper
from pipeline.report.words import pages, say, word
from schemas.documents import MediaType, RefusedFile
from schemas.errors import PolicyError
from schemas.fields import Field, FieldState
from schemas.licence import BusinessLicence
from schemas.messages import Language, error_message, error_remedy
from schemas.records import Extracted, Reading, Record
from schemas.statements import Statement

_NAMES = {
    MediaType.PDF: "PDF",
    MediaType.CSV: "CSV",
    MediaType.HTML: "HTML (xls)",
    MediaType.ZIP: "ZIP",
    MediaType.XLS: "Excel (xls)",
    MediaType.XLSX: "Excel (xlsx)",
}


def papers(record: Record, lang: Language) -> tuple[Paper, ...]:
    """Return every file, those that were refused last."""
    package = record.dossier.package
    read = [_paper(reading, lang) for reading in record.dossier.readings]
    return (*read, *(_refused(file, lang) for file in package.refused))


def _paper(reading: Reading, lang: Language) -> Paper:
    source = reading.source
    found = tuple(
        Fact(word(document.kind.value, lang), pages(document.pages, lang), _read(document, lang))
        for document in reading.documents
    )
    return Paper(
        name=source.name,
        type=_NAMES.get(source.media_type, source.media_type.name),
        size=size(source.size),
        pages=str(reading.pages),
        found=found or (Fact(say("nothing known", lang), ""),),
        sha256=source.sha256,
    )


def _refused(file: RefusedFile, lang: Language) -> Paper:
    try:
        why, remedy = error_message(file.code, lang), error_remedy(file.code, lang)
    except PolicyError:
        why, remedy = file.code, ""  # an old record may have a code that is gone
    return Paper(
        name=file.name,
        type="",
        size=size(file.size),
        pages="",
        found=(),
        refused=why,
        remedy=remedy,
        code=file.code,
        sha256=file.sha256,
    )


def _read(document: Extracted, lang: Language) -> str:
    """Return how much of a document was read, and how much of that is accepted."""
    fields = [
        field
        for field in _fields(document)
        if field.state in {FieldState.PRESENT, FieldState.UNREADABLE}
    ]
    if not fields:
        return ""
    accepted = sum(field.accepted for field in fields)
    return say("{accepted} of {count} accepted", lang, accepted=accepted, count=len(fields))


def _fields(document: Extracted) -> Iterator[Field[object]]:
    if isinstance(document, BusinessLicence):
        yield from (getattr(document, name) for name in document.field_names())
    elif isinstance(document, Statement):
        for row in document.rows:
            yield from row.values.values()  # type: ignore[misc]
