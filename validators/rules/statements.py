"""What a statement says of itself: whose it is, of when, in which unit, and how much was read."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from schemas.documents import STATEMENT_KINDS, DocumentKind
from schemas.fields import Field, FieldState
from schemas.findings import Severity
from schemas.records import Dossier
from schemas.statements import Context, Statement
from validators.books import Paper, papers
from validators.papers import (
    ask_if_sure,
    evidence,
    has_known_unit,
    is_variant,
    licences,
    read,
    same_name,
    statements,
)
from validators.policy import Policy
from validators.renames import may_be_renamed, proof
from validators.rule import Objection, rule

_LATEST = (Context.END, Context.CURRENT)

_KEY_TOTALS: dict[DocumentKind, tuple[tuple[str, ...], ...]] = {
    DocumentKind.BALANCE_SHEET: (("total_assets",), ("total_liabilities",), ("total_equity",)),
    DocumentKind.INCOME_STATEMENT: (
        ("operating_revenue", "total_operating_revenue"),
        ("net_profit",),
    ),
    DocumentKind.CASH_FLOW_STATEMENT: (
        ("net_cash_from_operating",),
        ("net_cash_from_investing",),
        ("net_cash_from_financing",),
        ("cash_equivalents_end",),
    ),
}
"""The rows that a review rests on; of a group, one is enough."""


@rule("statements.no_rows", Severity.ERROR)
def no_rows(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """A statement has rows with amounts."""
    for subject, statement in statements(dossier):
        if not _has_amounts(statement):
            yield Objection({"document": statement.kind.value}, subject=subject)


@rule("statements.unaccepted_key_cells", Severity.ERROR)
def unaccepted_key_cells(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The pipeline stands behind the key totals of the latest period.

    A row that is printed without an amount is sure where the text was there to be taken, and not
    where it was recognised: there, the amount may have been lost.
    """
    for paper in papers(dossier):
        kind = paper.statement.kind
        if not _has_amounts(paper.statement):
            continue
        unsure = [group[0] for group in _KEY_TOTALS[kind] if not _is_sure(paper, group)]
        if unsure:
            cells = [_latest_cell(paper, item) for item in unsure]
            yield Objection(
                {"document": kind.value, "items": ",".join(unsure)},
                evidence(*(cell for cell in cells if cell is not None)),
                paper.subject,
            )


@rule("statements.unaccepted_cells", Severity.WARN)
def unaccepted_cells(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The pipeline stands behind every amount; how many it does not is counted."""
    for subject, statement in statements(dossier):
        cells = [cell for row in statement.rows for cell in row.values.values()]
        unsure = [cell for cell in cells if not cell.accepted and _is_printed(cell.state)]
        if unsure:
            params = {"document": statement.kind.value, "count": str(len(unsure))}
            yield Objection(params, evidence(*unsure), subject)


@rule("statements.repaired_cells", Severity.WARN)
def repaired_cells(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """No amount was repaired; what was is counted, with both readings in the record."""
    for subject, statement in statements(dossier):
        cells = [cell for row in statement.rows for cell in row.values.values()]
        mended = [cell for cell in cells if cell.repaired]
        if mended:
            params = {"document": statement.kind.value, "count": str(len(mended))}
            yield Objection(params, evidence(*mended), subject)


@rule("statements.unmapped_rows", Severity.INFO)
def unmapped_rows(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Every row with an amount fits a line item; how many do not is counted."""
    for subject, statement in statements(dossier):
        rows = [row for row in statement.rows if row.item is None and row.values]
        if rows:
            params = {"document": statement.kind.value, "count": str(len(rows))}
            places = tuple(row.provenance for row in rows if row.provenance is not None)
            yield Objection(params, places, subject)


@rule("statements.unit_assumed", Severity.ERROR)
def unit_assumed(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The unit of the amounts is printed, on the statement or on others of its file (R20)."""
    for reading in dossier.readings:
        for statement in reading.documents:
            if isinstance(statement, Statement) and not has_known_unit(statement, reading):
                subject = reading.source.sha256
                yield Objection({"document": statement.kind.value}, subject=subject)


@rule("statements.undated", Severity.ERROR)
def undated(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """A date was read on the statements, so that their age can be told."""
    found = list(statements(dossier))
    if found and _latest_date(dossier) is None:
        yield Objection(subject=found[0][0])


@rule("statements.future_dated", Severity.ERROR)
def future_dated(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """No statement is of a date after the application."""
    for subject, statement in statements(dossier):
        day = _date(statement)
        if day and day > dossier.package.applied_on:
            params = {"document": statement.kind.value, "date": day.isoformat()}
            yield Objection(params, subject=subject)


@rule("statements.stale", Severity.RETURN)
def stale(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The latest statement is no older than the product allows on the day of application (FR01).

    Where the product requires no statements, old ones beside the rest are no fault.
    """
    if not STATEMENT_KINDS & set(policy.required):
        return
    latest = _latest_date(dossier)
    oldest = dossier.package.applied_on - timedelta(days=policy.statement_age_days)
    if latest and latest < oldest:
        params = {"date": latest.isoformat(), "days": str(policy.statement_age_days)}
        yield Objection(params)


@rule("statements.entity_mismatch", Severity.RETURN)
def entity_mismatch(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The statements are of the entity that the licence names (CC01, R05).

    Brackets, width, spaces and the long form of 有限公司 may differ, or a notice of change says
    that the name is a former one. A name that the reading is not sure of, on the notice as well,
    goes to a person rather than back to the applicant; so does a former name on a paper from after
    the change.
    """
    names = _licensed(dossier)
    for subject, statement in _otherwise_named(dossier, names):
        if _is_variant(statement, names):
            continue
        if proof(dossier, statement.entity, names, _date(statement)):
            continue
        asked = ask_if_sure(statement.entity, *names)
        renamed = may_be_renamed(dossier, statement.entity, names)
        yield Objection(
            {"document": statement.kind.value},
            evidence(statement.entity, *names),
            subject,
            Severity.ERROR if renamed else asked,
        )


@rule("statements.entity_variant", Severity.WARN)
def entity_variant(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The name of a statement has the same form as on the licence: 有限公司 or 有限责任公司."""
    names = _licensed(dossier)
    for subject, statement in _otherwise_named(dossier, names):
        if _is_variant(statement, names):
            places = evidence(statement.entity, *names)
            yield Objection({"document": statement.kind.value}, places, subject)


@rule("statements.former_name", Severity.INFO)
def former_name(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """No statement bears a former name of the entity; one that a notice tells is accepted (CC01).

    The notice is of exactly the two names, and of no day before that of the statement.
    """
    names = _licensed(dossier)
    for subject, statement in _otherwise_named(dossier, names):
        notice = proof(dossier, statement.entity, names, _date(statement))
        if notice is not None:
            places = evidence(statement.entity, notice.former_name, notice.name)
            yield Objection({"document": statement.kind.value}, places, subject)


@rule("statements.entity_unread", Severity.WARN)
def entity_unread(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The entity that a statement is of was read, so that it can be compared with the licence.

    Told once for each file: reports print the name on the balance sheet and not on the others.
    """
    found: dict[str, list[Statement]] = {}
    for subject, statement in statements(dossier):
        if not read(statement.entity):
            found.setdefault(subject, []).append(statement)
    for subject, nameless in found.items():
        kinds = dict.fromkeys(statement.kind.value for statement in nameless)
        places = evidence(*(statement.entity for statement in nameless))
        yield Objection({"document": ",".join(kinds)}, places, subject)


def _licensed(dossier: Dossier) -> list[Field[str]]:
    return [licence.name for _, licence in licences(dossier) if read(licence.name)]


def _otherwise_named(
    dossier: Dossier, names: Sequence[Field[str]]
) -> Iterator[tuple[str, Statement]]:
    """Yield the statements whose name is none of those of licences; none where none was read."""
    for subject, statement in statements(dossier):
        entity = read(statement.entity)
        if entity and names and not any(same_name(entity, name.value or "") for name in names):
            yield subject, statement


def _is_variant(statement: Statement, names: Sequence[Field[str]]) -> bool:
    entity = read(statement.entity) or ""
    return any(is_variant(entity, name.value or "") for name in names)


def _has_amounts(statement: Statement) -> bool:
    return any(row.values for row in statement.rows)


def _is_printed(state: FieldState) -> bool:
    return state in {FieldState.PRESENT, FieldState.UNREADABLE}


def _is_sure(paper: Paper, group: tuple[str, ...]) -> bool:
    cells = (_latest_cell(paper, item) for item in group)
    sure = any(cell is not None and cell.accepted for cell in cells)
    return sure or any(_is_nil(paper, item) for item in group)


def _is_nil(paper: Paper, item: str) -> bool:
    """Return whether a row is printed without an amount, in a statement that was not recognised."""
    rows = paper.statement.rows
    recognised = any(cell.confidence is not None for row in rows for cell in row.values.values())
    names = _names(paper, item)
    printed = any(row.item in names for row in rows)
    return printed and not recognised and _latest_cell(paper, item) is None


def _names(paper: Paper, item: str) -> tuple[str, ...]:
    """Return the ids of an item of the CAS taxonomy in that of the statement."""
    return (item, *paper.taxonomy.same_as.get(item, ()))


def _latest_cell(paper: Paper, item: str) -> Field[Decimal] | None:
    """Return the cell of a row in the latest period; `item` is an id of the CAS taxonomy."""
    for name in _names(paper, item):
        for context in _LATEST:
            cell = paper.statement.amount(name, context)
            if cell is not None:
                return cell
    return None


def _date(statement: Statement) -> date | None:
    days = [column.date for column in statement.columns if column.context in _LATEST]
    return max((day for day in days if day is not None), default=None)


def _latest_date(dossier: Dossier) -> date | None:
    """Return the latest date of a balance sheet or, where none has one, of any statement."""
    found = [(statement.kind, _date(statement)) for statement in dossier.statements]
    sheets = [day for kind, day in found if day and kind is DocumentKind.BALANCE_SHEET]
    return max(sheets or [day for _, day in found if day], default=None)
