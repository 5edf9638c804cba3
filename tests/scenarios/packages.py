"""The packages of the scenarios: whole ones of the sample generator, and ways to spoil them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from schemas.decisions import Outcome
from schemas.documents import AuditOpinion, DocumentKind, RefusedFile
from schemas.fields import Field
from schemas.findings import Finding, Severity
from schemas.licence import BusinessLicence, EntityType, Term
from schemas.records import Dossier, Extracted, OtherDocument
from schemas.statements import Context, Scope, Statement
from tests.builders import (
    absent,
    amended,
    credit_code,
    dossier,
    field,
    licence,
    package,
    raised_by,
    reading,
)
from tests.scenarios.books import accounts, small

APPLIED = date(2026, 2, 1)
AUTUMN = date(2026, 10, 15)
CHANGED = field(date(2025, 3, 5))
"""The day of the notice by which the company changed its name."""
CAPITAL = Decimal(12_000_000)
AUDIT = OtherDocument(kind=DocumentKind.AUDIT_REPORT, pages=(1,), opinion=AuditOpinion.CLEAN)
COVER = OtherDocument(kind=DocumentKind.UNKNOWN, pages=(1,))


@dataclass(frozen=True)
class Scenario:
    """A package, and what becomes of it.

    `papers` is given the seed of the books. `told` is all that the applicant is told, in Chinese,
    with # for every number. `reason` is that of completeness.yaml.
    """

    name: str
    papers: Callable[[int], Dossier]
    outcome: Outcome
    codes: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    reason: str = ""
    product: str = "sme_small"


def licensed(**changes: Any) -> BusinessLicence:
    """The licence of the company whose books these are."""
    return licence(**({"registered_capital": field(CAPITAL)} | changes))


def whole(seed: int, **changes: Any) -> Dossier:
    """Two years of a company, with changes to its licence."""
    return dossier(licensed(**changes), *accounts(seed, 2025, 2024), applied_on=APPLIED)


def of(*papers: Extracted, applied_on: date = APPLIED) -> Dossier:
    return dossier(*papers, applied_on=applied_on)


def quarter(seed: int, **changes: Any) -> Dossier:
    """The autumn of a small enterprise."""
    paper = licence(registered_capital=field(Decimal(3_000_000)), **changes)
    return of(paper, *small(seed), applied_on=AUTUMN)


def group(seed: int, *parent: Statement) -> Dossier:
    """The consolidated accounts of a year, with statements of the parent company."""
    return of(licensed(), *accounts(seed, 2025, scope=Scope.CONSOLIDATED), *parent)


def parents(seed: int) -> tuple[Statement, ...]:
    return accounts(seed, 2025, scope=Scope.PARENT)


def spoilt(
    seed: int, kind: DocumentKind, item: str, context: Context, *, by: int = 5000, **more: Any
) -> Dossier:
    """Two years in which one amount of the latest is another one."""
    change = more.pop("change", raised_by(by))
    papers = list(accounts(seed, 2025, 2024))
    at = next(n for n, paper in enumerate(papers) if paper.kind is kind)
    papers[at] = amended(papers[at], item, context, change)
    return of(licensed(**more), *papers)


def moved(paper: Statement, context: Context, **amounts: int) -> Statement:
    """The statement with amounts moved between its rows."""
    for item, by in amounts.items():
        paper = amended(paper, item, context, raised_by(by))
    return paper


def without(papers: Dossier, *kinds: DocumentKind) -> Dossier:
    """The package without some kinds of documents."""
    left = [one for one in papers.readings if one.documents[0].kind not in kinds]
    return package(*left, applied_on=papers.package.applied_on)


def with_paper(papers: Dossier, *more: Extracted) -> Dossier:
    """The package with more files."""
    extra = [reading(paper, name=f"more-{n}.pdf") for n, paper in enumerate(more)]
    return package(*papers.readings, *extra, applied_on=papers.package.applied_on)


def with_refused(papers: Dossier, code: str) -> Dossier:
    refused = RefusedFile(name="c.pdf", sha256="c", size=9, code=code)
    return package(*papers.readings, refused=(refused,), applied_on=papers.package.applied_on)


def with_remark(papers: Dossier, code: str, severity: Severity, **params: str) -> Dossier:
    """The package in which a reader remarked something of the licence."""
    first, *others = papers.readings
    remark = Finding(code=code, severity=severity, params=params, subject=first.source.sha256)
    noted = first.model_copy(update={"findings": (remark,)})
    return package(noted, *others, applied_on=papers.package.applied_on)


def dated(papers: tuple[Statement, ...], closing: date | None) -> tuple[Statement, ...]:
    """The statements with another day on the column of the period, or none."""
    own = {Context.END, Context.CURRENT}
    return tuple(
        paper.model_copy(
            update={
                "columns": tuple(
                    column.model_copy(update={"date": closing}) if column.context in own else column
                    for column in paper.columns
                )
            }
        )
        for paper in papers
    )


def in_units_of(unit: int, paper: Statement) -> Statement:
    """The statement rounded to two places of a larger unit, as it is printed there."""

    def rounded(cell: Field[Decimal]) -> Field[Decimal]:
        value = (cell.value or Decimal(0)) / unit
        return cell.model_copy(update={"value": value.quantize(Decimal("0.01")) * unit})

    return each(paper, rounded).model_copy(update={"scale": Decimal(unit)})


def recognised(paper: Statement) -> Statement:
    """The statement as it is read from a picture, sure of every amount."""
    return each(paper, lambda cell: cell.model_copy(update={"confidence": 0.99}))


def each(paper: Statement, change: Callable[[Field[Decimal]], Field[Decimal]]) -> Statement:
    """The statement with every cell changed."""
    rows = tuple(
        row.model_copy(update={"values": {at: change(cell) for at, cell in row.values.items()}})
        for row in paper.rows
    )
    return paper.model_copy(update={"rows": rows})


def alone(paper: Statement) -> Statement:
    """The statement without the columns that it compares itself with."""
    left = tuple(one for one in paper.columns if one.context not in {Context.BEGIN, Context.PRIOR})
    ids = {column.id for column in left}
    rows = tuple(
        row.model_copy(update={"values": {at: row.values[at] for at in row.values if at in ids}})
        for row in paper.rows
    )
    return paper.model_copy(update={"columns": left, "rows": rows})


def in_debt(papers: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements with so much owed that the equity of the latest day is negative."""
    owed = 30_000_000
    more = dict.fromkeys(
        ("short_term_borrowings", "total_current_liabilities", "total_liabilities"), owed
    )
    less = dict.fromkeys(("retained_earnings", "total_equity"), -owed)
    return (moved(papers[0], Context.END, **more, **less), *papers[1:])


def young(founded: date = date(2025, 3, 3)) -> BusinessLicence:
    """The licence of a company that was founded on a day."""
    return licensed(
        established_date=field(founded), issue_date=field(founded), business_term=absent(Term)
    )


def sole_trader(**changes: Any) -> BusinessLicence:
    fields: dict[str, Any] = {
        "entity_type": EntityType.INDIVIDUAL_BUSINESS,
        "company_type": field("个体工商户"),
        "unified_social_credit_code": field(credit_code("92")),
        "registered_capital": absent(Decimal),
        "name": absent(),
        "business_term": absent(),
    }
    return licence(**(fields | changes))


def a_branch() -> BusinessLicence:
    return licence(
        entity_type=EntityType.BRANCH,
        company_type=field("有限责任公司分公司"),
        registered_capital=absent(Decimal),
    )


def of_a_guarantor() -> BusinessLicence:
    """The licence of another company."""
    code = field(credit_code(body="87654321"))
    return licensed(name=field("示例市另一家有限公司"), unified_social_credit_code=code)


def unsure(old: Field[Decimal]) -> Field[Decimal]:
    """Another amount, that the reading is not sure of."""
    raised = raised_by(5000)(old)
    return raised.model_copy(update={"accepted": False})
