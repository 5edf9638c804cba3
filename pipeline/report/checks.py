"""How every printed total of a statement stands to its rows, column by column.

What is called broken is what the rules objected to, so that the page and the outcome agree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.report.values import money
from pipeline.report.views import Check, CheckRow, Matrix
from pipeline.report.words import item_label, say, word
from schemas.documents import DocumentKind
from schemas.fields import Field
from schemas.findings import Finding
from schemas.messages import Language
from schemas.records import Record
from schemas.statements import Column, Statement
from schemas.taxonomy import load
from validators import papers
from validators.arithmetic import Gap, Ledger, gaps, ledgers, sums
from validators.papers import statements, taxonomy_of

_SUMS: Final = frozenset({"statements.subtotal", "statements.cash_roll"})
_BALANCES: Final = (
    ("total_assets", "total_liabilities_and_equity"),
    ("total_assets", "total_equity_and_liabilities"),
)
_STATES: Final = {
    "holds": ("✔", "holds"),
    "rounding": ("≈", "rounding"),
    "explained": ("✔+", "holds with rows of the filer's own"),
    "broken": ("✘", "broken"),
    "unchecked": ("○", "not checkable"),
    "absent": ("", "not printed"),
}
_BALANCE: Final = "statements.balance"

_Place = tuple[str | None, str, str, str]
"""The file, the total, the column and the printed amount that an objection speaks of."""
_Told = Mapping[_Place, Finding]


@dataclass(frozen=True, slots=True)
class Part:
    """A printed row of a sum."""

    item: str
    label: str
    amount: Decimal
    field: Field[Decimal]


@dataclass(frozen=True, slots=True)
class Broken:
    """A sum that fails: the total first, then its rows; `balance` where two totals differ.

    `cause` is a word of the message catalogue, and `look_at` what it is about: by its item, empty
    for a row of the filer's own.
    """

    statement: Statement
    column: Column
    total: str
    printed: Decimal
    computed: Decimal
    parts: tuple[Part, ...]
    cause: str
    look_at: tuple[Part, ...]
    balance: bool = False


def matrices(record: Record, lang: Language) -> tuple[Matrix, ...]:
    """Return a table of checks for every statement that has totals."""
    told = _objected(record.findings)
    names = {file.sha256: file.name for file in record.dossier.package.files}
    found = [
        _matrix(statement, subject, told, names.get(subject, ""), lang)
        for subject, statement in statements(record.dossier)
    ]
    return tuple(one for one in found if one.rows)


def broken_sums(record: Record) -> Iterator[Broken]:
    """Yield every sum that the rules object to, balances first within each column."""
    told = _objected(record.findings)
    for subject, statement in statements(record.dossier):
        for ledger in ledgers(statement, taxonomy_of(statement)):
            pair = _balance(ledger)
            if pair and _state(_difference(ledger, pair), ledger, 1) == "broken":
                yield _unbalanced(ledger, pair, subject, told)
            for gap in gaps(ledger):
                objection = told.get(_place(gap, subject))
                if not gap.rounding and objection is not None:
                    yield _broken(ledger, gap, objection)


def _unbalanced(ledger: Ledger, pair: tuple[str, str], subject: str, told: _Told) -> Broken:
    one, other = (_part(ledger, item) for item in pair)
    at = subject, "", _context(ledger.column), papers.money(one.amount)
    cause, look_at = _diagnosis(ledger, told.get(at))
    return Broken(
        ledger.statement,
        ledger.column,
        pair[0],
        one.amount,
        other.amount,
        (one, other),
        cause,
        look_at,
        balance=True,
    )


def _broken(ledger: Ledger, gap: Gap, objection: Finding) -> Broken:
    items = {id(cell): item for item, cell in ledger.cells.items()}
    parts = tuple(_part(ledger, items[id(cell)]) for cell in gap.cells)
    found = _diagnosis(ledger, objection)
    return Broken(ledger.statement, gap.column, gap.total, gap.printed, gap.computed, parts, *found)


def _diagnosis(ledger: Ledger, objection: Finding | None) -> tuple[str, tuple[Part, ...]]:
    """Return the likely cause and the printed rows that it is about, as the rules told them."""
    params = objection.params if objection else {}
    items = [item for item in params.get("look_at", "").split(",") if item in ledger.cells]
    return params.get("cause", ""), tuple(_part(ledger, item) for item in items)


def _part(ledger: Ledger, item: str) -> Part:
    label = ledger.statement.rows[ledger.places[item]].label
    return Part(item, label, ledger.amount(item) or Decimal(0), ledger.cells[item])


def _objected(findings: Sequence[Finding]) -> _Told:
    found: dict[_Place, Finding] = {}
    for one in findings:
        if one.code in {*_SUMS, _BALANCE}:
            params = one.params
            printed = params.get("printed") or params.get("assets", "")
            at = one.subject, params.get("total", ""), params.get("column", ""), printed
            found[at] = one
    return found


def _place(gap: Gap, subject: str) -> _Place:
    return subject, gap.total, _context(gap.column), papers.money(gap.printed)


def _context(column: Column) -> str:
    return column.context.value if column.context else "cur"


def _matrix(statement: Statement, subject: str, told: _Told, file: str, lang: Language) -> Matrix:
    books = list(ledgers(statement, taxonomy_of(statement)))
    checks = [_checked(ledger, subject, told, lang) for ledger in books]
    totals = list(dict.fromkeys(total for column in checks for total in column))
    places = {row.item: number for number, row in reversed(list(enumerate(statement.rows)))}
    rows = [
        CheckRow(
            label=_label(statement, total, lang),
            other="",
            checks=tuple(column.get(total, _check("absent", lang)) for column in checks),
        )
        for total in sorted(totals, key=lambda total: places.get(total, len(places) + 1))
    ]
    kind, scope = word(statement.kind.value, lang), word(statement.scope.value, lang)
    return Matrix(
        caption=f"{kind} · {scope} · {file}",
        columns=tuple(_column(ledger.column, lang) for ledger in books),
        rows=tuple(rows),
    )


def _column(column: Column, lang: Language) -> str:
    name = word(column.context.value, lang) if column.context else column.label
    return f"{name} {column.date}" if column.date else name


def _label(statement: Statement, total: str, lang: Language) -> str:
    if "=" in total:
        one, other = (_label(statement, item, lang) for item in total.split("="))
        return say("{one} = {other}", lang, one=one, other=other)
    row = next((row for row in statement.rows if row.item == total), None)
    return item_label(total, row.label if row else total, lang)


def _checked(ledger: Ledger, subject: str, told: _Told, lang: Language) -> dict[str, Check]:
    """Return the checks of a column by the total; those of a balance sheet's two sides last."""
    found = {total: _check("unchecked", lang) for total in _totals(ledger)}
    for total, (difference, rows) in _best(ledger).items():
        found[total] = _check(_lenient(difference, ledger, rows), lang, difference)
    for gap in gaps(ledger):
        state = ("rounding" if gap.rounding else "broken") if _place(gap, subject) in told else ""
        found[gap.total] = _check(state or "unchecked", lang, gap.printed - gap.computed)
    pair = _balance(ledger)
    if pair:
        off = _difference(ledger, pair)
        found["=".join(pair)] = _check(_state(off, ledger, 1), lang, off)
    return found


def _best(ledger: Ledger) -> dict[str, tuple[Decimal, int]]:
    """Return for each total the smallest difference of its ways, and the rows of that sum."""
    best: dict[str, tuple[Decimal, int]] = {}
    for total, leaves, difference in sums(ledger):
        if total not in best or abs(difference) < abs(best[total][0]):
            best[total] = difference, len(leaves)
    return best


def _totals(ledger: Ledger) -> Iterator[str]:
    """Yield the totals of the form that are printed; few of an IFRS statement are known."""
    if ledger.taxonomy is not load("ifrs"):
        for calculation in ledger.taxonomy.calculations:
            if calculation.total in ledger.cells:
                yield calculation.total


def _balance(ledger: Ledger) -> tuple[str, str] | None:
    if ledger.statement.kind is not DocumentKind.BALANCE_SHEET:
        return None
    return next((pair for pair in _BALANCES if all(item in ledger.cells for item in pair)), None)


def _difference(ledger: Ledger, pair: tuple[str, str]) -> Decimal | None:
    one, other = (ledger.amount(item) for item in pair)
    return None if one is None or other is None else one - other


def _state(difference: Decimal | None, ledger: Ledger, terms: int) -> str:
    """Return how a sum stands that has no allowances but for rounding."""
    if difference is None:
        return "unchecked"
    if difference == 0:
        return "holds"
    return "rounding" if abs(difference) <= ledger.precision / 2 * terms else "broken"


def _lenient(difference: Decimal, ledger: Ledger, rows: int) -> str:
    """Return how a sum stands that no rule objects to."""
    state = _state(difference, ledger, rows + 1)
    return "explained" if state == "broken" else state


def _check(state: str, lang: Language, difference: Decimal | None = None) -> Check:
    sign, text = _STATES[state]
    off = money(difference) if difference and state in {"broken", "rounding"} else ""
    return Check(state, sign, say(text, lang), off)
