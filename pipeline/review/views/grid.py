"""A statement as a grid: rows, columns, and the sums that fail, by the rules' own arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.report.doubts import column_name
from pipeline.report.words import item_label
from pipeline.review.views.fields import FieldView, field_view
from pipeline.review.words import say
from pipeline.stages.correct import Place
from schemas.documents import DocumentKind
from schemas.fields import Field
from schemas.messages import Language
from schemas.records import Dossier
from schemas.statements import Statement
from schemas.taxonomy import load
from validators.arithmetic import Ledger, gaps, ledgers
from validators.papers import taxonomy_of

_BALANCES = (
    ("total_assets", "total_liabilities_and_equity"),
    ("total_assets", "total_equity_and_liabilities"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed row with a cell for each column."""

    label: str
    kind: str
    level: int
    cells: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Failing:
    """A sum that fails: what is printed, what its rows make, and the cells that have a part."""

    label: str
    printed: str
    computed: str
    difference: str
    rounding: bool
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A statement, ready to be set."""

    unit: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    failing: tuple[Failing, ...]

    @property
    def lit(self) -> frozenset[str]:
        """The places of the cells in sums that fail."""
        return frozenset(cell for one in self.failing for cell in one.cells)


def grid(dossier: Dossier, reading: int, document: int, lang: Language) -> Grid | None:
    """Return a document as a grid, None where it is no statement."""
    statement = dossier.readings[reading].documents[document]
    if not isinstance(statement, Statement):
        return None
    lines = []
    for number, row in enumerate(statement.rows):
        item = load("cas").by_id.get(row.item or "")
        cells = (
            (Place(reading, document, number, c.id), row.values.get(c.id, Field[Decimal].absent()))
            for c in statement.columns
        )
        lines.append(
            Line(
                label=item_label(row.item or "", row.label, lang),
                kind="total" if item is not None and item.kind == "total" else "line",
                level=min(item.level, 2) if item is not None else 2,
                cells=tuple(field_view(dossier, place, cell, lang) for place, cell in cells),
            )
        )
    return Grid(
        unit=_unit(statement, lang),
        columns=tuple(column_name(column, lang) for column in statement.columns),
        lines=tuple(lines),
        failing=tuple(failing(statement, reading, document, lang)),
    )


def failing(statement: Statement, reading: int, document: int, lang: Language) -> Iterator[Failing]:
    """Yield the sums of a statement that do not hold, those of its two sides first."""
    for ledger in ledgers(statement, taxonomy_of(statement)):
        places = {
            id(cell): str(Place(reading, document, row, ledger.column.id))
            for row, line in enumerate(statement.rows)
            if (cell := line.values.get(ledger.column.id)) is not None
        }
        yield from _sides(ledger, places, lang)
        for gap in gaps(ledger):
            yield Failing(
                label=_label(ledger, (gap.total,), lang),
                printed=_money(statement, gap.printed),
                computed=_money(statement, gap.computed),
                difference=_money(statement, gap.printed - gap.computed),
                rounding=gap.rounding,
                cells=tuple(places[id(cell)] for cell in gap.cells if id(cell) in places),
            )


def _sides(ledger: Ledger, places: dict[int, str], lang: Language) -> Iterator[Failing]:
    if ledger.statement.kind is not DocumentKind.BALANCE_SHEET:
        return
    for pair in _BALANCES:
        if not all(item in ledger.cells for item in pair):
            continue
        one, other = (ledger.amount(item) for item in pair)
        if one is None or other is None or abs(one - other) <= ledger.precision / 2:
            continue
        yield Failing(
            label=_label(ledger, pair, lang),
            printed=_money(ledger.statement, one),
            computed=_money(ledger.statement, other),
            difference=_money(ledger.statement, one - other),
            rounding=False,
            cells=tuple(places[id(ledger.cells[item])] for item in pair),
        )


def _label(ledger: Ledger, items: tuple[str, ...], lang: Language) -> str:
    names = (item_label(i, ledger.statement.rows[ledger.places[i]].label, lang) for i in items)
    return f"{' = '.join(names)} · {column_name(ledger.column, lang)}"


def _money(statement: Statement, amount: Decimal) -> str:
    return f"{amount / statement.scale:,.2f}"


def _unit(statement: Statement, lang: Language) -> str:
    names = {Decimal(1): "元", Decimal(1000): "千元", Decimal(10000): "万元"}
    scale = statement.scale
    known = names.get(scale, f"{scale:f} 元") if lang == "zh" else f"× {scale:f}"
    said = say(
        "amounts as printed, {currency}, unit {unit}", lang, currency=statement.currency, unit=known
    )
    return said if statement.scale_printed else f"{said} {say('(unit assumed)', lang)}"
