"""The outcome, why, and the few numbers that say how sure the reading is."""

from collections.abc import Iterable
from typing import Final

from pipeline.report.album import Album, Urgency
from pipeline.report.views import Fact, Figure, Head, Matrix, Share, Told
from pipeline.report.words import page, say
from schemas.decisions import Outcome
from schemas.errors import PolicyError
from schemas.fields import Field, FieldState, Provenance
from schemas.findings import Finding, Severity
from schemas.messages import Language, message, remedy
from schemas.records import Record

_SIGNS: Final = {Outcome.PASS: "✔", Outcome.SUPPLEMENT: "✎", Outcome.MANUAL: "☛"}
_MEANINGS: Final = {
    Outcome.PASS: "The papers are complete, legible and consistent.",
    Outcome.SUPPLEMENT: "The applicant is to mend what is listed below, all of it at once.",
    Outcome.MANUAL: (
        "The machine is not sure enough: a person has to look at what is listed below."
    ),
}
_HOLDING: Final = {Severity.ERROR, Severity.RETURN}
_MOST_PLACES: Final = 6


def head(
    record: Record, album: Album, matrices: Iterable[Matrix], lang: Language, product: str
) -> Head:
    """Return the head of the page; every finding of the record is in it once.

    `product` is what the bank calls the product.
    """
    outcome = record.decision.outcome
    return Head(
        name=record.dossier.package.name or record.package_id,
        outcome=outcome.value,
        sign=_SIGNS[outcome],
        word=say(outcome.name, lang),
        meaning=say(_MEANINGS[outcome], lang),
        facts=_facts(record, lang, product),
        shares=tuple(_shares(record, matrices, lang)),
        why=_told(record, album, lang, holding=True),
        notes=_told(record, album, lang, holding=False),
    )


def made_by(record: Record, lang: Language) -> tuple[Fact, ...]:
    """Return what is needed to make the record again."""
    made = record.made_by
    return (
        Fact(say("package", lang), record.package_id),
        Fact(say("code", lang), made.code),
        Fact(say("rulebook", lang), made.rulebook),
        Fact(say("policy", lang), made.policy),
        Fact(say("models", lang), "  ".join(made.models)),
        Fact(say("device", lang), made.device),
        Fact(say("made at", lang), record.made_at.isoformat(sep=" ", timespec="seconds")),
    )


def _facts(record: Record, lang: Language, product: str) -> tuple[Fact, ...]:
    package, made = record.dossier.package, record.made_by
    refused = len(package.refused)
    files = "{count} files, {refused} refused" if refused else "{count} files"
    return (
        Fact(say("product", lang), product),
        Fact(say("applied on", lang), package.applied_on.isoformat()),
        Fact(say("files", lang), say(files, lang, count=len(package.files), refused=refused)),
        Fact(say("policy", lang), made.policy),
        Fact(say("record", lang), say("revision {number}", lang, number=record.revision)),
        Fact(say("made at", lang), f"{record.made_at:%Y-%m-%d %H:%M}"),
    )


def _shares(record: Record, matrices: Iterable[Matrix], lang: Language) -> Iterable[Share]:
    amounts: list[Field[object]] = [
        cell  # type: ignore[misc]
        for one in record.dossier.statements
        for row in one.rows
        for cell in row.values.values()
    ]
    fields = [getattr(one, name) for one in record.dossier.licences for name in one.field_names()]
    states = [
        check.state
        for one in matrices
        for row in one.rows
        for check in row.checks
        if check.state in {"holds", "rounding", "explained", "broken"}
    ]
    holding = sum(state != "broken" for state in states)
    yield from _share("amounts accepted", *_accepted(amounts), lang)
    yield from _share("licence fields accepted", *_accepted(fields), lang)
    yield from _share("sums that hold", holding, len(states), lang)


def _accepted(fields: Iterable[Field[object]]) -> tuple[int, int]:
    standing = [one for one in fields if one.state in {FieldState.PRESENT, FieldState.UNREADABLE}]
    return sum(one.accepted for one in standing), len(standing)


def _share(name: str, count: int, of: int, lang: Language) -> Iterable[Share]:
    if of:
        told = say("{count} of {of}", lang, count=count, of=of)
        yield Share(say(name, lang), count, of, round(100 * count / of, 1), told)


def _told(record: Record, album: Album, lang: Language, *, holding: bool) -> tuple[Told, ...]:
    return tuple(
        _finding(finding, album, lang)
        for finding in record.findings
        if (finding.severity in _HOLDING) == holding
    )


def _look_at(album: Album, anchor: str, place: Provenance, lang: Language) -> str:
    where = place.cell or page(place.page, lang)
    title = album.title(anchor)
    return f"{title} ({where})" if title else where


def _in_words(finding: Finding, lang: Language) -> tuple[str, str]:
    """Return the message and the remedy; an old record may have a finding that neither fits."""
    try:
        said = message(finding, lang)
    except PolicyError:
        told = [f"{name} {value}" for name, value in finding.params.items()]
        said = " · ".join([finding.code, *told])
    try:
        return said, remedy(finding, lang)
    except PolicyError:
        return said, ""


def _finding(finding: Finding, album: Album, lang: Language) -> Told:
    said, owed = _in_words(finding, lang)
    places: dict[str, Figure] = {}
    for place in finding.evidence:
        anchor = album.cite("", place, Urgency.EVIDENCE)
        text = _look_at(album, anchor, place, lang)
        places.setdefault(text, Figure(said, text, anchor))
    file = album.file(finding.subject)
    if file and not places:
        places[file] = Figure(said, file)
    return Told(
        code=finding.code,
        severity=finding.severity.value,
        word=say(finding.severity.value, lang),
        message=said,
        remedy=owed,
        places=tuple(places.values())[:_MOST_PLACES],
        more=max(0, len(places) - _MOST_PLACES),
    )
