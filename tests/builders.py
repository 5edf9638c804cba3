"""Dossiers of an invented company for tests of the rules: a clean one, and ways to spoil it."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from schemas.documents import DocumentKind, MediaType, Package, RefusedFile, SourceFile
from schemas.fields import Field, FieldState, Provenance
from schemas.findings import Finding
from schemas.geometry import Box
from schemas.identifiers import organisation_code, uscc
from schemas.licence import BusinessLicence, EntityType, Term
from schemas.notices import ChangeNotice
from schemas.records import Dossier, Extracted, Reading
from schemas.statements import Column, Context, Row, Scope, Statement
from schemas.taxonomy import Taxonomy, load

APPLIED = date(2026, 10, 15)
CLOSING = date(2026, 9, 30)
COMPANY = "示例市青禾机械有限公司"
FORMER = "示例市旧名有限公司"

BALANCE = DocumentKind.BALANCE_SHEET
INCOME = DocumentKind.INCOME_STATEMENT
CASH = DocumentKind.CASH_FLOW_STATEMENT

Values = Mapping[str, Mapping[Context, Decimal | str | int | None]]
Amend = Callable[[Field[Decimal]], Field[Decimal]]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def credit_code(prefix: str = "91", division: str = "440300", body: str = "12345678") -> str:
    stem = prefix + division + body + organisation_code.check_character(body)
    return stem + uscc.check_character(stem)


def provenance(page: int = 1) -> Provenance:
    return Provenance(document=sha256("file"), page=page, box=Box(10, 20, 110, 32), reader="test")


def field(value: Any, *, accepted: bool = True, **more: Any) -> Field[Any]:
    """Return a field that is present and, unless said otherwise, accepted."""
    return Field[type(value)](  # type: ignore[misc]
        value=value,
        raw=str(value),
        state=FieldState.PRESENT,
        accepted=accepted,
        provenance=provenance(),
        **more,
    )


def unread(kind: type = str) -> Field[Any]:
    """Return a field where something stands that nobody could read."""
    return Field[kind].unreadable("□□", provenance())  # type: ignore[valid-type]


def blank(kind: type = str) -> Field[Any]:
    return Field[kind].blank("—", provenance())  # type: ignore[valid-type]


def absent(kind: type = str) -> Field[Any]:
    return Field[kind].absent()  # type: ignore[valid-type]


def licence(**changes: Any) -> BusinessLicence:
    """Return the licence of a limited company with which nothing is wrong, but for `changes`."""
    fields: dict[str, Any] = {
        "pages": (1,),
        "entity_type": EntityType.LIMITED_COMPANY,
        "unified_social_credit_code": field(credit_code()),
        "name": field(COMPANY),
        "company_type": field("有限责任公司(自然人投资或控股)"),
        "legal_representative": field("某某"),
        "address": field("示例市示例区示例路1号"),
        "registered_capital": field(Decimal(20000)),
        "established_date": field(date(2015, 3, 5)),
        "business_term": field(Term(start=date(2015, 3, 5), end=None)),
        "business_scope": field("机械设备制造。"),
        "issue_date": field(date(2019, 4, 1)),
        "registration_authority": field("示例市市场监督管理局"),
    }
    return BusinessLicence(**(fields | changes))


def notice(**changes: Any) -> ChangeNotice:
    """Return the notice by which the company was given its present name, but for `changes`."""
    fields: dict[str, Any] = {
        "pages": (1,),
        "former_name": field(FORMER),
        "name": field(COMPANY),
        "issued_on": field(date(2026, 12, 31)),
        "authority": field("示例市市场监督管理局"),
    }
    return ChangeNotice(**(fields | changes))


def cell(amount: Decimal | str | int | None) -> Field[Decimal]:
    """Return a cell with an amount, or a dash for None."""
    return blank(Decimal) if amount is None else field(Decimal(amount))


def rows(kind: DocumentKind, taxonomy: Taxonomy, values: Values) -> tuple[Row, ...]:
    """Return the rows that have values, in the order of the form."""
    return tuple(
        Row(
            item=item.id,
            label=item.label,
            label_raw=item.label,
            values={context.value: cell(amount) for context, amount in values[item.id].items()},
        )
        for item in taxonomy.items
        if item.statement == kind.value and item.id in values
    )


def stray(amount: Decimal | str | int, context: Context = Context.END) -> Row:
    """Return a row that fits no line item."""
    return Row(
        item=None,
        label="自设项目",
        label_raw="自设项目",
        provenance=provenance(),
        values={context.value: cell(amount)},
    )


def columns(kind: DocumentKind, closing: date | None = CLOSING) -> tuple[Column, ...]:
    """Return the two columns that a statement has: the latest period, and one to compare."""
    labels = {Context.END: "期末余额", Context.BEGIN: "年初余额"}
    if kind is not BALANCE:
        labels = {Context.CURRENT: "本期金额", Context.PRIOR: "上期金额"}
    days = (closing, date(2025, 12, 31) if closing else None)
    return tuple(
        Column(id=context.value, label=label, context=context, date=day)
        for (context, label), day in zip(labels.items(), days, strict=True)
    )


def statement(
    kind: DocumentKind,
    values: Values | None = None,
    *,
    form: str | None = "cas2019_new",
    closing: date | None = CLOSING,
    **changes: Any,
) -> Statement:
    """Return a statement; without values, the worked example of the form, which adds up."""
    name = "cas"
    if form and form.startswith(("sme", "ifrs")):
        name = "small" if form.startswith("sme") else "ifrs"
    taxonomy = load(name)  # type: ignore[arg-type]
    fields: dict[str, Any] = {
        "kind": kind,
        "pages": (1,),
        "scope": Scope.SINGLE,
        "form": form,
        "entity": field(COMPANY),
        "currency": "CNY",
        "scale": Decimal(1),
        "scale_printed": True,
        "columns": columns(kind, closing),
        "rows": rows(kind, taxonomy, taxonomy.examples[0].values if values is None else values),
    }
    return Statement(**(fields | changes))


def amended(paper: Statement, item: str, context: Context, change: Amend) -> Statement:
    """Return the statement with one cell changed."""
    found = [
        row.model_copy(update={"values": row.values | {context.value: change(*[cell_])}})
        if row.item == item and (cell_ := row.values.get(context.value))
        else row
        for row in paper.rows
    ]
    return paper.model_copy(update={"rows": tuple(found)})


def set_to(amount: Decimal | str | int) -> Amend:
    return lambda old: old.model_copy(update={"value": Decimal(amount), "raw": str(amount)})


def raised_by(amount: Decimal | str | int) -> Amend:
    return lambda old: old.model_copy(update={"value": (old.value or 0) + Decimal(amount)})


def doubted(old: Field[Decimal]) -> Field[Decimal]:
    """Take the acceptance from a cell."""
    return old.model_copy(update={"accepted": False})


def unreadable_cell(_: Field[Decimal]) -> Field[Decimal]:
    return unread(Decimal)


def reading(
    *documents: Extracted, name: str = "a.pdf", findings: tuple[Finding, ...] = ()
) -> Reading:
    source = SourceFile(name=name, sha256=sha256(name), media_type=MediaType.PDF, size=1000)
    return Reading(source=source, pages=1, documents=documents, findings=findings)


def package(
    *readings: Reading, refused: tuple[RefusedFile, ...] = (), applied_on: date = APPLIED
) -> Dossier:
    files = tuple(reading_.source for reading_ in readings)
    return Dossier(
        package=Package(
            id="p1",
            name="示例",
            product="sme_small",
            applied_on=applied_on,
            files=files,
            refused=refused,
        ),
        readings=readings,
    )


def dossier(*documents: Extracted, applied_on: date = APPLIED) -> Dossier:
    """Return a package with one file for each document."""
    readings = [reading(document, name=f"{n}.pdf") for n, document in enumerate(documents)]
    return package(*readings, applied_on=applied_on)


def clean(*, without: DocumentKind | None = None, **swaps: Extracted) -> Dossier:
    """Return a dossier with which nothing is wrong, with a document left out or exchanged."""
    papers: dict[str, Extracted] = {
        "licence": licence(),
        "balance": statement(BALANCE),
        "income": statement(INCOME),
        "cash": statement(CASH),
    }
    papers |= swaps
    return dossier(*(paper for paper in papers.values() if paper.kind is not without))
