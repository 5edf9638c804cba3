"""Whether the package has the papers that the product asks for."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from schemas.documents import STATEMENT_KINDS, DocumentKind
from schemas.findings import Severity
from schemas.records import Dossier
from schemas.statements import Context, Scope, StatementKind
from validators.books import Books, books
from validators.closings import own_day
from validators.papers import read, statements
from validators.policy import Policy
from validators.rule import Objection, rule

_YEAR_END: Final = (12, 31)
_FLOWS: Final[tuple[StatementKind, ...]] = (
    DocumentKind.INCOME_STATEMENT,
    DocumentKind.CASH_FLOW_STATEMENT,
)


@rule("package.empty", Severity.RETURN)
def empty(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """A package holds at least one file."""
    if not dossier.package.files and not dossier.package.refused:
        yield Objection()


@rule("package.unreadable_file", Severity.RETURN)
def unreadable_file(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Every file can be opened (R24)."""
    for file in dossier.package.refused:
        yield Objection({"reason": file.code}, subject=file.sha256)


@rule("package.missing_document", Severity.RETURN)
def missing_document(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Every document that the product requires is there (R01)."""
    for kind in _missing(dossier, policy):
        yield Objection({"document": kind.value})


@rule("package.not_checked", Severity.WARN)
def not_checked(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """What the product requires and no machine recognises yet is left to a person, and listed once.

    It is not told as missing: it may well be among the files.
    """
    if policy.unrecognised:
        yield Objection({"documents": ",".join(policy.unrecognised)})


@rule("package.incomplete_statements", Severity.RETURN)
def incomplete_statements(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """A balance sheet comes with the income and cash-flow statements of the same scope (R08).

    What is missing altogether is told as a missing document where the product requires it.
    """
    if not STATEMENT_KINDS & set(policy.required):
        return
    told = set(_missing(dossier, policy))
    for scope in dict.fromkeys(statement.scope for statement in dossier.statements):
        kinds = {statement.kind for statement in dossier.statements if statement.scope is scope}
        if DocumentKind.BALANCE_SHEET in kinds:
            for kind in sorted(STATEMENT_KINDS - kinds - told):
                yield Objection({"document": kind.value, "scope": scope.value})


@rule("statements.periods_apart", Severity.RETURN)
def periods_apart(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The latest balance sheet comes with an income statement of the same day (R08).

    A cash-flow statement of another day is only pointed out, since many make one for whole years
    alone. Where a date was recognised in a picture, a person looks before the applicant is asked.
    """
    if not STATEMENT_KINDS & set(policy.required):
        return
    for one in books(dossier):
        days = _days(one)
        latest = max(days.get(DocumentKind.BALANCE_SHEET, ()), default=None)
        for kind in _FLOWS:
            others = days.get(kind)
            if latest and others and latest not in others:
                day = max(others)
                params = {"document": kind.value, "date": latest.isoformat()}
                severity = Severity.WARN if kind is _FLOWS[1] else _ask_if_printed(one)
                subject = next(p.subject for p in one.papers if p.statement.kind is kind)
                yield Objection(params | {"other": day.isoformat()}, (), subject, severity)


@rule("statements.parent_only", Severity.WARN)
def parent_only(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """A parent company that calls itself so brings its consolidated statements as well."""
    told = {one.scope: subject for subject, one in statements(dossier) if one.scope_told}
    if Scope.PARENT in told and Scope.CONSOLIDATED not in told:
        yield Objection(subject=told[Scope.PARENT])


@rule("statements.years_missing", Severity.RETURN)
def years_missing(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The annual statements of the years that the product asks for are there (R06, FR02).

    Fewer where the borrower is younger. The statements of the year before are not asked for in
    the first months of a year. A borrower without any statements is told that they are missing.
    """
    closed = {day.year for day in _closings(dossier) if (day.month, day.day) == _YEAR_END}
    wanted = _years(dossier, policy, latest=max(closed, default=0))
    missing = [str(year) for year in wanted if year not in closed]
    if missing and DocumentKind.BALANCE_SHEET in dossier.kinds:
        yield Objection({"years": "、".join(missing)})


def _days(one: Books) -> dict[StatementKind, set[date]]:
    """Return the days of the statements of each kind; none where one of them has no day."""
    found: dict[StatementKind, set[date]] = {}
    undated: set[StatementKind] = set()
    for paper in one.papers:
        day, kind = own_day(paper.statement), paper.statement.kind
        if day:
            found.setdefault(kind, set()).add(day)
        else:
            undated.add(kind)
    return {} if undated else found


def _ask_if_printed(one: Books) -> Severity:
    """Return RETURN where all text was there to be taken, so that no date was misread."""
    papers = (paper.statement for paper in one.papers)
    cells = (cell for paper in papers for row in paper.rows for cell in row.values.values())
    return Severity.ERROR if any(cell.confidence is not None for cell in cells) else Severity.RETURN


def _closings(dossier: Dossier) -> Iterator[date]:
    """Yield the days that the balance sheets close on; what they compare with is no report."""
    for statement in dossier.statements:
        if statement.kind is DocumentKind.BALANCE_SHEET:
            days = (column.date for column in statement.columns if column.context is Context.END)
            yield from (day for day in days if day is not None)


def _years(dossier: Dossier, policy: Policy, latest: int) -> tuple[int, ...]:
    """Return the years whose end the borrower saw, the oldest first, as many as are asked for.

    `latest` is the newest year that is there, which may be sooner than it has to be.
    """
    applied = dossier.package.applied_on
    due = applied.year - (1 if applied.month > policy.annual_grace_months else 2)
    last = max(due, latest)
    founded = [day for one in dossier.licences if (day := read(one.established_date))]
    first = max([last - policy.annual_years + 1, *(day.year for day in founded)])
    return tuple(range(first, last + 1))


def _missing(dossier: Dossier, policy: Policy) -> tuple[DocumentKind, ...]:
    return tuple(kind for kind in policy.required if kind not in dossier.kinds)
