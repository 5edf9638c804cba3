"""Ratios over the periods with their trend, and the red flags that fire."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from pipeline.report.album import Album
from pipeline.report.trend import trend
from pipeline.report.values import money
from pipeline.report.views import Figure, Flag, Mark, RatioCell, RatioGroup, RatioRow
from pipeline.report.words import DASH, derived, item_label, mark, reason, say, word
from schemas.messages import Language
from schemas.ratios import RatioEntry, ratio_table, reference
from schemas.statements import Context
from schemas.taxonomy import load
from validators import figures as used
from validators.ratios import Note, Ratio, ratios_of
from validators.red_flags import RedFlag, flags_of
from validators.spreads import Accounts, Period

_PERCENT: Final = frozenset({"profitability", "growth"})
_PERCENT_IDS: Final = frozenset(
    {"debt_to_assets", "interest_bearing_debt_ratio", "capitalisation_ratio"}
)
_PIECE: Final = re.compile(r"[a-z][a-z_]*[a-z]|[-+*/>]")
_SIGNS: Final = {"/": " ÷ ", "*": " × ", "-": " − ", "+": " + ", ">": " > "}
_ACRONYMS: Final = re.compile(
    r"\b(?:roa|roe|ebitda|cfo|em|z|dsri|gmi|aqi|sgi|sgai|lvgi|tata)\b", re.IGNORECASE
)
_ORNAMENT: Final = re.compile(
    r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[减加][：:]|其中[：:])|[（(].*?列[）)]"
)
_MOST_FIGURES: Final = 12
_WEIGHTS: Final = {"high": 0, "medium": 1, "low": 2}


def period_name(period: Period, lang: Language) -> str:
    """Return what a period is called: its date, or the word for its column."""
    return period.label if period.date or not period.label else word(period.label, lang)


def groups(accounts: Accounts, album: Album, lang: Language) -> tuple[RatioGroup, ...]:
    """Return the ratios of an entity by kind, the newest period first."""
    found: dict[str, list[Ratio]] = {}
    for ratio in ratios_of(accounts):
        found.setdefault(ratio.id, []).append(ratio)
    rows: dict[str, list[RatioRow]] = {}
    for entry in ratio_table().ratios:
        row = _row(entry, found[entry.id], album, lang) if entry.id in found else None
        if row is not None:
            rows.setdefault(entry.group, []).append(row)
    return tuple(RatioGroup(say(group, lang), tuple(several)) for group, several in rows.items())


def notes(found: Iterable[RatioGroup]) -> tuple[Mark, ...]:
    """Return the marks that stand beside ratios, each once."""
    cells = (cell for group in found for row in group.rows for cell in row.cells)
    return tuple(dict.fromkeys(mark for cell in cells for mark in cell.marks))


def _row(entry: RatioEntry, ratios: Sequence[Ratio], album: Album, lang: Language) -> RatioRow:
    newest = next((ratio for ratio in ratios if ratio.value is not None), None)
    values = [ratio.value for ratio in reversed(ratios)]
    texts = [_value(entry, value, lang) for value in values]
    return RatioRow(
        name=_ratio_name(entry, lang),
        definition=definition(entry.expr, lang),
        watch=_watch(entry)
        if lang == "zh"
        else re.sub(r"[（(].*|[^\x00-\x7f].*", "", _watch(entry)),
        cells=tuple(_cell(entry, ratio, lang) for ratio in ratios),
        trend=trend(values, " → ".join(texts)),
        figures=tuple(_figures(newest.figures, album, lang)) if newest else (),
    )


def _ratio_name(entry: RatioEntry, lang: Language) -> str:
    if lang == "zh":
        return entry.name
    spaced = entry.id.replace("_", " ").capitalize()
    return _ACRONYMS.sub(lambda found: found[0].upper(), spaced)


def definition(formula: str, lang: Language) -> str:
    """Return a formula in words.

    >>> definition("gross_profit/operating_revenue_cur", "en")
    'gross profit ÷ operating revenue'
    """
    return _PIECE.sub(lambda found: _said(found[0], lang), formula).strip()


def _said(piece: str, lang: Language) -> str:
    return _SIGNS[piece] if piece in _SIGNS else _named(piece, lang)


def _named(name: str, lang: Language) -> str:
    if name in {"max", "min", "abs"}:
        return name
    known = derived(name, lang)
    if known is not None:
        return known
    entries = {entry.id: entry for entry in ratio_table().ratios}
    if name in entries:
        return entries[name].name if lang == "zh" else name.replace("_", " ")
    ref = reference(name)
    label = load("cas").by_id[ref.item].label
    said = _ORNAMENT.sub("", label) if lang == "zh" else ref.item.replace("_", " ")
    before = {Context.BEGIN, Context.PRIOR}
    gap = "" if lang == "zh" else " "
    return f"{said}{gap}({word(ref.context.value, lang)})" if ref.context in before else said


def _watch(entry: RatioEntry) -> str:
    """Return what to watch for, in percent where the ratio is shown so."""
    if not entry.watch or not _in_percent(entry):
        return entry.watch or ""
    return re.sub(r"\d+\.\d+", lambda found: f"{Decimal(found[0]):.0%}", entry.watch)


def _in_percent(entry: RatioEntry) -> bool:
    return entry.group in _PERCENT or entry.id in _PERCENT_IDS


def _value(entry: RatioEntry, value: Decimal | None, lang: Language) -> str:
    if value is None:
        return DASH
    if entry.unit == "amount":
        return money(value)
    if entry.unit == "days":
        return say("{value} d", lang, value=f"{value:.1f}".replace("-", "−"))
    text = f"{value:.2%}" if _in_percent(entry) else f"{value:.2f}"
    return text.replace("-", "−")


def _cell(entry: RatioEntry, ratio: Ratio, lang: Language) -> RatioCell:
    if ratio.value is None:
        return RatioCell(reason(ratio.reason, lang) if ratio.reason else DASH, missing=True)
    marks = [Mark("note", *_note(note, ratio, lang)) for note in sorted(ratio.notes)]
    if ratio.unsure:
        marks.insert(0, Mark("doubt", "?", say("a figure in it is not accepted", lang)))
    return RatioCell(_value(entry, ratio.value, lang), False, tuple(marks))


def _note(note: Note, ratio: Ratio, lang: Language) -> tuple[str, str]:
    match note:
        case Note.ANNUALISED:
            return "×", say("annualised from {months} months", lang, months=ratio.months)
        case Note.APPROXIMATE:
            return "≈", say("another item stands in for one that is not disclosed", lang)
        case Note.UNIT_ASSUMED:
            return "¤", say("unit assumed", lang)


def _figures(figures: Iterable[used.Figure], album: Album, lang: Language) -> Iterator[Figure]:
    for figure in figures:
        fields = figure.cell.fields if figure.cell else ()
        label = f"{_item(figure.item, lang)} · {period_name(figure.period, lang)}"
        anchors = [album.known(field.provenance) for field in fields]
        anchor = next((known for known in anchors if known), None)
        marks = () if figure.accepted else (mark("doubt", lang),)
        text = money(figure.value) if figure.cell else say("not printed", lang)
        yield Figure(label, text, anchor, marks)


def _item(item: str, lang: Language) -> str:
    known = load("cas").by_id.get(item)
    return item_label(item, _ORNAMENT.sub("", known.label) if known else item, lang)


def flags(accounts: Accounts, album: Album, lang: Language) -> tuple[Flag, ...]:
    """Return the flags that fire, the weightiest first."""
    fired = [flag for flag in flags_of(accounts) if flag.fires]
    return tuple(
        _flag(flag, album, lang) for flag in sorted(fired, key=lambda one: _WEIGHTS[one.severity])
    )


def flags_told(accounts: Accounts, lang: Language) -> str:
    """Say of how many flags can be told whether they fire, over all periods."""
    every = {entry.id for entry in ratio_table().red_flags}
    told = {flag.id for flag in flags_of(accounts) if flag.fires is not None}
    fired = {flag.id for flag in flags_of(accounts) if flag.fires}
    text = "{fired} of {told} flags fire; {untold} cannot be told from these papers"
    return say(text, lang, fired=len(fired), told=len(told), untold=len(every - told))


def _flag(flag: RedFlag, album: Album, lang: Language) -> Flag:
    notes = []
    if flag.repeated:
        notes.append(say("also a year before", lang))
    if flag.unsure:
        notes.append(say("a figure in it is not accepted", lang))
    if flag.share is not None:
        notes.append(say("share {share}", lang, share=f"{flag.share:.0%}"))
    return Flag(
        code=flag.id,
        name=word(flag.id, lang),
        weight=flag.severity,
        weight_word=say(flag.severity, lang),
        period=flag.period.isoformat() if flag.period else say("no date", lang),
        notes=tuple(notes),
        figures=tuple(_figures(flag.figures[:_MOST_FIGURES], album, lang)),
        more=max(0, len(flag.figures) - _MOST_FIGURES),
    )
