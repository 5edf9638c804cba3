"""Whether statements add up: the balance, the totals, and the roll of the cash."""

from collections.abc import Iterator

from schemas.documents import DocumentKind
from schemas.fields import FieldState
from schemas.findings import Severity
from schemas.records import Dossier
from schemas.statements import Context
from schemas.taxonomy import load
from validators.arithmetic import CHECKED, Gap, Ledger, allowances, gaps, sums
from validators.books import Paper, papers
from validators.diagnosis import Addend, Diagnosis, diagnose, first_cells
from validators.papers import ask_if_sure, evidence, money
from validators.policy import Policy
from validators.rule import Objection, rule

_SIDES = (
    ("total_assets", ("total_liabilities_and_equity",)),
    ("total_assets", ("total_equity_and_liabilities",)),
    ("total_assets", ("total_liabilities", "total_equity")),
    ("net_assets", ("total_equity",)),
)
"""What balances, the best first: the totals themselves, or the parts where none is printed."""

_CASH = frozenset({"net_increase_in_cash", "cash_equivalents_end", "cash_end"})

_OPENING = ("cash_equivalents_begin", "cash_begin")

_FLOWS = (
    ("net_cash_from_operating", "net_cash_from_investing", "net_cash_from_financing"),
    ("net_cash_operating", "net_cash_investing", "net_cash_financing"),
)
"""The names of the three flows, in the Chinese standards and in IFRS."""


@rule("statements.balance", Severity.RETURN)
def balance(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Total assets equal liabilities and equity in every column (R09).

    The printed totals must be equal to the last digit. Where the reading is not sure of them, a
    person looks before the applicant is asked.
    """
    for paper in papers(dossier):
        if paper.statement.kind is DocumentKind.BALANCE_SHEET:
            for ledger in paper.checked:
                yield from _imbalance(ledger, paper.subject)


@rule("statements.subtotal", Severity.RETURN)
def subtotal(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Every printed total is the sum of its rows (R10), within half a unit of print for each row.

    A difference that rounding may explain is only pointed out. The labels of IFRS statements are
    known in part, so that only their balance and cash are checked.
    """
    for paper in papers(dossier):
        if paper.taxonomy is not load("ifrs"):
            yield from _objections(paper, frozenset(paper.taxonomy.ways) - _CASH)


@rule("statements.sums_allowed", Severity.INFO)
def sums_allowed(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Every total is the plain sum of its rows; what only an allowance makes hold is listed.

    Rounding, a contra row printed with the other sign, a row of the filer's own or of another
    block. Such sums are no fault, and prove less.
    """
    for paper in papers(dossier):
        for ledger in paper.checked if paper.taxonomy is not load("ifrs") else ():
            totals = allowances(ledger)
            if totals:
                params = {
                    "document": paper.statement.kind.value,
                    "column": _column(ledger.column.context),
                    "totals": ",".join(totals),
                }
                places = evidence(*(ledger.cells[item] for item in totals))
                yield Objection(params, places, paper.subject)


@rule("statements.cash_roll", Severity.RETURN)
def cash_roll(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The net cash flows and the exchange effect make the increase, and opening cash the closing.

    Checked where all that the sum needs is printed; in interim reports the opening cash of a
    column is its own and not the closing cash of the column beside it.
    """
    for paper in papers(dossier):
        if paper.statement.kind is DocumentKind.CASH_FLOW_STATEMENT:
            yield from _objections(paper, _CASH)


def _objections(paper: Paper, totals: frozenset[str]) -> Iterator[Objection]:
    for ledger in paper.checked:
        for gap in gaps(ledger, totals):
            if totals is not _CASH or _is_whole(gap, ledger):
                yield _objection(ledger, paper.subject, gap)


def _objection(ledger: Ledger, subject: str, gap: Gap) -> Objection:
    """Tell a gap: to the applicant only what is certainly so on the paper."""
    found = _diagnosis(ledger, gap)
    severity = ask_if_sure(*gap.cells)
    if gap.rounding and severity is Severity.RETURN:
        severity = Severity.WARN
    elif gap.unmapped:
        severity = Severity.ERROR
    params = {
        "document": ledger.statement.kind.value,
        "column": _column(gap.column.context),
        "total": gap.total,
        "printed": money(gap.printed),
        "computed": money(gap.computed),
        "difference": money(gap.printed - gap.computed),
    }
    places = evidence(*first_cells(found, gap.cells))
    return Objection(params | _told(found, gap.total), places, subject, severity)


def _diagnosis(ledger: Ledger, gap: Gap) -> Diagnosis | None:
    """Return why a total is not the sum of its rows."""
    excess = gap.printed - gap.computed
    leaves = next(
        (rows for total, rows, over in sums(ledger) if (total, over) == (gap.total, excess)), ()
    )
    rows = (Addend(leaf.item, leaf.weight, ledger.cells[leaf.item]) for leaf in leaves)
    total = Addend(gap.total, -1, ledger.cells[gap.total])
    return diagnose(ledger, (total, *rows), excess)


def _told(found: Diagnosis | None, total: str) -> dict[str, str]:
    """Say the cause and where to look first; where nothing tells, at the total."""
    if found is None:
        return {"cause": "cause_unknown", "look_at": total}
    items = dict.fromkeys(item or "row_of_own" for item in found.items)
    return {"cause": found.cause.value, "look_at": ",".join(items)}


def _is_whole(gap: Gap, ledger: Ledger) -> bool:
    """Return whether a sum of cash has all its parts: three flows, or opening and increase."""
    flows = any(all(name in ledger.cells for name in names) for names in _FLOWS)
    if gap.total == "net_increase_in_cash":
        return flows
    opening = any(name in ledger.cells for name in _OPENING)
    return opening and (flows or "net_increase_in_cash" in ledger.cells)


def _imbalance(ledger: Ledger, subject: str) -> Iterator[Objection]:
    for left, right in _SIDES:
        cells = [ledger.cells.get(item) for item in (left, *right)]
        if any(cell is None for cell in cells):
            continue
        printed = [cell for cell in cells if cell is not None]
        amounts = [ledger.amount(item) for item in (left, *right)]
        known = [value for value in amounts if value is not None]
        if any(cell.state is FieldState.UNREADABLE for cell in printed) or len(known) < len(cells):
            return
        assets, other = known[0], sum(known[1:], start=known[0] * 0)
        if assets != other and abs(assets - other) > ledger.precision / 2 * len(right):
            sides = [Addend(left, -1, printed[0])]
            sides += [Addend(i, 1, c) for i, c in zip(right, printed[1:], strict=True)]
            found = diagnose(ledger, tuple(sides), assets - other)
            params = {
                "column": _column(ledger.column.context),
                "assets": money(assets),
                "other_side": money(other),
                "difference": money(assets - other),
            }
            places = evidence(*first_cells(found, printed))
            told = params | _told(found, left)
            yield Objection(told, places, subject, ask_if_sure(*printed))
        return


def _column(context: Context | None) -> str:
    return context.value if context in CHECKED and context else "cur"
