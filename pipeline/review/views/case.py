"""A case as the page shows it: its documents, what is open in them, and what persons changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.cases.corrections import Change
from pipeline.cases.desk import Standing
from pipeline.ports import Step
from pipeline.report.words import word
from pipeline.review.views.fields import Mark, is_open, label, value_text
from pipeline.review.words import SEVERITIES
from pipeline.stages.correct import Place, document_at, fields_of, places
from schemas.documents import DocumentKind
from schemas.fields import Field
from schemas.findings import Finding, Severity
from schemas.geometry import Box
from schemas.licence import BusinessLicence
from schemas.messages import Language, message, remedy
from schemas.records import Dossier, Extracted, Record
from schemas.statements import Statement

Eye = Callable[[Extracted, str, Field[Any]], Field[Any]]
_At = dict[tuple[str, int, Box], str]
_HOLDING = (Severity.ERROR, Severity.RETURN, Severity.WARN)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the case: what it is, its pages, and how many values are open."""

    key: str
    label: str
    file: str
    sha256: str
    pages: tuple[int, ...]
    open: int
    kind: str
    has_pictures: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words, with the places to look at."""

    code: str
    severity: str
    word: str
    message: str
    remedy: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A value before and after a person, side by side."""

    place: str
    label: str
    before: str
    after: str
    mark: Mark
    by: str
    revision: int


def everything(_document: Extracted, _name: str, field: Field[Any]) -> Field[Any]:
    """See a field as it is."""
    return field


def company(record: Record | None) -> str:
    """Return the name on the licence, or that on a statement; empty where none was read."""
    if record is None:
        return ""
    names = [licence.name.value for licence in record.dossier.licences]
    names += [statement.entity.value for statement in record.dossier.statements]
    return next((name for name in names if name), "")


def papers(dossier: Dossier, lang: Language) -> tuple[Paper, ...]:
    """Return the documents of a case in the order of the files."""
    found = []
    for number, reading in enumerate(dossier.readings):
        for index, document in enumerate(reading.documents):
            found.append(
                Paper(
                    key=f"{number}.{index}",
                    label=_name(document, lang),
                    file=reading.source.name,
                    sha256=reading.source.sha256,
                    pages=document.pages,
                    open=sum(is_open(field) for _, _, field in fields_of(document)),
                    kind=_kind(document),
                    has_pictures=not reading.source.media_type.is_sheet,
                )
            )
    return tuple(found)


def chosen(found: Sequence[Paper], key: str | None) -> Paper | None:
    """Return the document asked for, else the first with something open, else the first."""
    wanted = next((paper for paper in found if paper.key == key), None)
    still_open = next((paper for paper in found if paper.open), None)
    return wanted or still_open or (found[0] if found else None)


def told(record: Record, lang: Language) -> tuple[Told, ...]:
    """Return what the rules object to, what holds the case up first."""
    at = {
        (field.provenance.document, field.provenance.page, field.provenance.box): str(place)
        for place, field in places(record.dossier)
        if field.provenance is not None
    }
    ordered = sorted(
        (finding for finding in record.findings if finding.severity in _HOLDING),
        key=lambda finding: _HOLDING.index(finding.severity),
    )
    return tuple(_told(finding, at, lang) for finding in ordered)


def reasons(record: Record | None, lang: Language, most: int = 2) -> tuple[str, ...]:
    """Return why a case waits, in a few words."""
    if record is None:
        return ()
    holding = [f for f in record.findings if f.severity in {Severity.ERROR, Severity.RETURN}]
    ordered = sorted(holding, key=lambda finding: _HOLDING.index(finding.severity))
    texts = dict.fromkeys(message(finding, lang) for finding in ordered)
    return tuple(texts)[:most]


def count_open(record: Record | None) -> int:
    """Return how many values a person has to look at."""
    return sum(is_open(f) for _, f in places(record.dossier)) if record else 0


def change_views(
    dossier: Dossier, found: Sequence[Change], names: dict[str, str], lang: Language, eye: Eye
) -> tuple[ChangeView, ...]:
    """Return what persons changed, one line for each place: the first before, the last after.

    `eye` is how whoever looks sees a field of a document.
    """
    lines: dict[Place, ChangeView] = {}
    first: dict[Place, Change] = {}
    for change in found:
        document = document_at(dossier, change.place.reading, change.place.document)
        if document is None:
            continue
        name = change.place.name
        begun = first.setdefault(change.place, change)
        wrong = (begun.before.value, begun.before.state) != (change.after.value, change.after.state)
        lines[change.place] = ChangeView(
            place=str(change.place),
            label=f"{_name(document, lang)} · {label(document, change.place, lang)}",
            before=value_text(document, change.place, eye(document, name, begun.before), lang),
            after=value_text(document, change.place, eye(document, name, change.after), lang),
            mark=Mark("changed", "✎", "") if wrong else Mark("confirmed", "✔", ""),
            by=names.get(change.by, change.by),
            revision=change.revision,
        )
    return tuple(lines.values())


def makers(standing: Standing) -> frozenset[str]:
    """Return the ids of those who corrected the case."""
    corrected = (event for event in standing.events if event.step is Step.CORRECTED)
    return frozenset(event.by for event in corrected if event.by)


def _told(finding: Finding, at: _At, lang: Language) -> Told:
    where = [at.get((place.document, place.page, place.box)) for place in finding.evidence]
    return Told(
        code=finding.code,
        severity=finding.severity.value,
        word=SEVERITIES[finding.severity].text(lang),
        message=message(finding, lang),
        remedy=remedy(finding, lang),
        places=tuple(place for place in where if place)[:4],
    )


def _kind(document: Extracted) -> str:
    if isinstance(document, BusinessLicence):
        return "licence"
    return "statement" if isinstance(document, Statement) else "other"


def _name(document: Extracted, lang: Language) -> str:
    name = word(document.kind.value, lang)
    if isinstance(document, Statement):
        return f"{name} · {word(document.scope.value, lang)}"
    if document.kind is DocumentKind.UNKNOWN:
        return word("unknown", lang)
    return name
