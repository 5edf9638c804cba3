"""What a person looks at first: sums that fail, and values that nobody stands behind."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.report.album import Album, Urgency
from pipeline.report.checks import Broken, Part
from pipeline.report.licences import standing
from pipeline.report.values import money, plain, share, shown
from pipeline.report.views import Doubt, Doubts, Fact, FailedSum, Figure
from pipeline.report.words import is_doubtful, item_label, marks_of, say, word
from schemas.documents import DocumentKind
from schemas.fields import Candidate, Field, FieldState
from schemas.messages import Language
from schemas.records import Record
from schemas.statements import Column, Statement

KEY_TOTALS: Final[dict[DocumentKind, frozenset[str]]] = {
    DocumentKind.BALANCE_SHEET: frozenset(
        {
            "total_assets",
            "total_current_assets",
            "total_liabilities",
            "total_current_liabilities",
            "total_equity",
            "total_liabilities_and_equity",
            "total_equity_and_liabilities",
        }
    ),
    DocumentKind.INCOME_STATEMENT: frozenset(
        {"operating_revenue", "operating_profit", "profit_before_tax", "net_profit"}
    ),
    DocumentKind.CASH_FLOW_STATEMENT: frozenset(
        {"net_cash_from_operating", "net_increase_in_cash", "cash_equivalents_end"}
    ),
}
"""The figures whose crops are always shown."""

_FIRST: Final = 24
_MOST_PICTURED: Final = 4


@dataclass(frozen=True, slots=True)
class _Value:
    """A field with its names, and whether it is one of those that decide."""

    where: str
    label: str
    field: Field[object]
    key: bool


def doubts(record: Record, broken: Iterable[Broken], album: Album, lang: Language) -> Doubts:
    """Return what is to be looked at, the weightiest first."""
    failed = tuple(_failed(one, album, lang) for one in broken)
    values = [one for one in _values(record, lang) if is_doubtful(one.field) or one.field.repaired]
    ordered = sorted(values, key=_weight)
    told = [_doubt(one, album, lang) for one in ordered]
    return Doubts(failed, tuple(told[:_FIRST]), tuple(told[_FIRST:]))


def column_name(column: Column, lang: Language) -> str:
    """Return what a column is called, with its date."""
    name = column.label if column.context is None else word(column.context.value, lang)
    return name if column.date is None else f"{name} {column.date}"


def statement_name(statement: Statement, lang: Language) -> str:
    """Return the kind and scope of a statement."""
    return f"{word(statement.kind.value, lang)} · {word(statement.scope.value, lang)}"


def _weight(one: _Value) -> tuple[bool, bool, int]:
    unsure = math.floor((one.field.confidence or 0.0) * 100)
    return not one.key, not one.field.repaired, unsure


def _values(record: Record, lang: Language) -> Iterator[_Value]:
    for licence in record.dossier.licences:
        for name, field in standing(licence):
            key = name in {"unified_social_credit_code", "name"}
            yield _Value(word(licence.kind.value, lang), word(name, lang), field, key)
    for statement in record.dossier.statements:
        yield from _cells(statement, lang)


def _cells(statement: Statement, lang: Language) -> Iterator[_Value]:
    columns = {column.id: column_name(column, lang) for column in statement.columns}
    for row in statement.rows:
        key = row.item in KEY_TOTALS[statement.kind]
        label = item_label(row.item or "", row.label, lang)
        for column, cell in row.values.items():
            where = f"{statement_name(statement, lang)} · {columns.get(column, column)}"
            field: Field[object] = cell  # type: ignore[assignment]
            yield _Value(where, label, field, key)


def _doubt(one: _Value, album: Album, lang: Language) -> Doubt:
    field = one.field
    anchor = album.place(one.label, one.where, field, Urgency.DOUBT)
    return Doubt(
        where=one.where,
        label=one.label,
        value=shown(field, lang),
        raw=field.raw or "",
        why=_why(field, lang),
        confidence=share(field.confidence),
        candidates=tuple(_candidate(candidate, lang) for candidate in field.candidates),
        marks=marks_of(field, lang=lang),
        anchor=anchor,
        card_here=album.claim(anchor),
    )


def _why(field: Field[object], lang: Language) -> str:
    if field.state is FieldState.UNREADABLE:
        return say("could not be read", lang)
    if field.repaired:
        return say("repaired from {raw}", lang, raw=field.raw or "")
    return say("not proven by any sum" if _is_amount(field) else "not accepted", lang)


def _is_amount(field: Field[object]) -> bool:
    return field.label is None and field.value is not None


def _candidate(candidate: Candidate[object], lang: Language) -> Fact:
    if candidate.source == "second_reading":
        note = say("another reading of the same place", lang)
    elif candidate.probability is None:
        note = say("another character", lang)
    else:
        likely = f"{candidate.probability:.1%}"
        note = say("another character at {share}", lang, share=likely)
    return Fact(plain(candidate.value, lang), candidate.raw, note)


def _failed(one: Broken, album: Album, lang: Language) -> FailedSum:
    titles = [item_label(part.item, part.label, lang) for part in one.parts]
    where = f"{statement_name(one.statement, lang)} · {column_name(one.column, lang)}"
    figures = tuple(
        Figure(
            title,
            money(part.amount),
            album.place(title, where, part.field, Urgency.DOUBT),
            marks_of(part.field, lang=lang),  # type: ignore[arg-type]
        )
        for title, part in zip(titles, one.parts, strict=True)
    )
    pictured = figures[:_MOST_PICTURED] if len(figures) <= _MOST_PICTURED else figures[:1]
    fresh = tuple(figure for figure in pictured if album.claim(figure.anchor))
    look_at = tuple(_look_at(part, where, album, lang) for part in one.look_at)
    return FailedSum(
        where=where,
        label=_sum_label(one, titles, lang),
        printed=figures[0],
        other_name=say("other side" if one.balance else "computed", lang),
        other=money(one.computed),
        difference=money(one.printed - one.computed),
        parts=tuple(figure for figure in figures[1:] if figure not in fresh),
        pictured=fresh,
        cause=word(one.cause, lang) if one.cause else "",
        look_at=look_at,
    )


def _look_at(part: Part, where: str, album: Album, lang: Language) -> Figure:
    title = item_label(part.item, part.label, lang)
    return Figure(title, money(part.amount), album.place(title, where, part.field, Urgency.DOUBT))


def _sum_label(one: Broken, titles: list[str], lang: Language) -> str:
    if one.balance:
        return say("{one} = {other}", lang, one=titles[0], other=titles[1])
    return titles[0]
