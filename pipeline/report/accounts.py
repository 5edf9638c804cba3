"""The statements of one entity side by side over all periods."""

from collections.abc import Iterator

from pipeline.report.album import Album, Urgency
from pipeline.report.doubts import KEY_TOTALS
from pipeline.report.ratios import flags, flags_told, groups, notes, period_name
from pipeline.report.values import money
from pipeline.report.views import Account, Figure, Mark, Row, Table
from pipeline.report.words import DASH, item_label, mark, marks_of, say, word
from schemas.fields import FieldState
from schemas.messages import Language
from schemas.records import Record
from schemas.taxonomy import load
from validators import spreads as side_by_side
from validators.spreads import Accounts, Cell, Line, Period, Spread

_TOP_LEVELS = 2


def accounts(record: Record, album: Album, lang: Language) -> tuple[Account, ...]:
    """Return what is shown of every entity and scope of the package."""
    return tuple(_account(one, album, lang) for one in side_by_side.spread(record.dossier))


def _account(one: Accounts, album: Album, lang: Language) -> Account:
    tables = tuple(_table(found, one.currency, album, lang) for found in one.spreads.values())
    fired = flags(one, album, lang)
    found = groups(one, album, lang)
    return Account(
        title=word(one.scope.value, lang),
        entity=one.entity or say("the name of the entity was not read", lang),
        tables=tables,
        periods=tuple(period_name(period, lang) for period in one.periods),
        groups=found,
        notes=notes(found),
        flags=fired,
        flags_told=flags_told(one, lang),
    )


def _table(spread: Spread, currency: str, album: Album, lang: Language) -> Table:
    rows = [_row(spread, line, album, lang) for line in spread.lines]
    return Table(
        caption=word(spread.kind.value, lang),
        note=say("in whole {currency}", lang, currency=currency),
        columns=tuple(period_name(period, lang) for period in spread.periods),
        rows=tuple(rows),
        remarks=tuple(_remarks(spread, lang)),
    )


def _row(spread: Spread, line: Line, album: Album, lang: Language) -> Row:
    item = load("cas").by_id.get(line.item)
    label = item_label(line.item, line.label, lang)
    return Row(
        label=label,
        other=line.label if label != line.label else "",
        kind="total" if item is not None and item.kind == "total" else "line",
        level=min(item.level, _TOP_LEVELS) if item is not None else _TOP_LEVELS,
        cells=tuple(_figure(spread, line, period, album, lang) for period in spread.periods),
    )


def _figure(spread: Spread, line: Line, period: Period, album: Album, lang: Language) -> Figure:
    cell = spread.cell(line.item, period)
    name = item_label(line.item, line.label, lang)
    label = f"{name} · {period_name(period, lang)}"
    if cell is None:
        return Figure(label, "")
    urgency = Urgency.TOTAL if line.item in KEY_TOTALS[spread.kind] else None
    context = f"{word(spread.kind.value, lang)} · {period_name(period, lang)}"
    anchors = [album.place(name, context, field, urgency) for field in cell.fields]
    anchor = next((anchor for anchor in anchors if anchor), None)
    return Figure(label, _text(cell), anchor, _marks(cell, lang))


def _text(cell: Cell) -> str:
    if cell.fields and all(field.state is FieldState.BLANK for field in cell.fields):
        return DASH
    if cell.value is None:
        return "？" if cell.fields else ""
    return money(cell.value)


def _marks(cell: Cell, lang: Language) -> tuple[Mark, ...]:
    found = list(marks_of(*cell.fields, lang=lang))  # type: ignore[arg-type]
    if cell.mark is not None:
        found.append(mark(cell.mark.value, lang))
    return tuple(found)


def _remarks(spread: Spread, lang: Language) -> Iterator[str]:
    """Yield what other prints of the same figures say."""
    for line in spread.lines:
        for period in spread.periods:
            cell = spread.cell(line.item, period)
            for other in cell.others if cell else ():
                yield _remark(line, period, other, cell, lang)


def _remark(line: Line, period: Period, other: Cell, cell: Cell | None, lang: Language) -> str:
    restated = cell is not None and cell.mark is side_by_side.Mark.RESTATED
    day = other.source.reported
    text = "before restatement ({day})" if restated else "another paper ({day})"
    said = say(text, lang, day=day.isoformat() if day else say("no date", lang))
    value = say("unreadable", lang) if other.value is None else money(other.value)
    sign = mark("restated" if restated else "conflict", lang).sign
    label = item_label(line.item, line.label, lang)
    return f"{sign} {label} · {period_name(period, lang)} · {said} {value}"
