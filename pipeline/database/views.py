"""Fills the tables that underwriting joins: in the transaction of the record, or anew."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any, Final, TypeVar

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from pipeline.database import chain
from pipeline.database.tables import RecordRow
from pipeline.database.tables.views import (
    VIEWS,
    DecisionRow,
    FindingRow,
    LicenceRow,
    OfRecord,
    RatioRow,
    StatementLineRow,
)
from pipeline.database.transactions import writing
from schemas.fields import Field, FieldState
from schemas.findings import Finding
from schemas.licence import BusinessLicence, Term
from schemas.records import Reading, Record
from schemas.statements import Statement
from validators.closings import accounts_of
from validators.ratios import Ratio, ratios_of

T = TypeVar("T")

_PLAIN: Final = tuple(
    name for name in BusinessLicence.field_names() if name not in {"business_term", "qr_code"}
)
"""The fields of a licence that are columns under their own name."""


def rebuild(engine: Engine) -> int:
    """Make the tables anew from every record, in one transaction, and return how many there are.

    Raises:
        StorageError: the database failed; everything is as it was.
    """
    with writing(engine, "rebuild the tables for underwriting") as session:
        chain.hold(session, RecordRow)
        for view in VIEWS:
            session.execute(delete(view))
        rows = session.execute(select(RecordRow.content).order_by(RecordRow.number))
        records = (row.content for row in rows if row.content.keys() != {chain.ERASED})
        return sum(add(session, Record.model_validate(content)) for content in records)


def add(session: Session, record: Record) -> int:
    """Add the rows of a record, and return 1, the count of it."""
    for view, found in rows(record).items():
        if found:
            session.execute(insert(view), found)
    return 1


def rows(record: Record) -> dict[type[OfRecord], list[dict[str, Any]]]:
    """Return what a record says, as rows of every table."""
    key = {"package_id": record.package_id, "revision": record.revision}
    several: dict[type[OfRecord], Iterator[dict[str, Any]]] = {
        LicenceRow: _licences(record),
        StatementLineRow: _lines(record),
        RatioRow: map(_ratio, _ratios(record)),
        FindingRow: map(_finding, record.findings),
    }
    numbered = {
        view: [{**key, "number": number, **values} for number, values in enumerate(found, start=1)]
        for view, found in several.items()
    }
    return {DecisionRow: [{**key, **_decision(record)}], **numbered}


def _decision(record: Record) -> dict[str, Any]:
    package, licence = record.dossier.package, next(iter(record.dossier.licences), None)
    return {
        "outcome": record.decision.outcome.value,
        "reasons": list(record.decision.reasons),
        "product": package.product,
        "applied_on": package.applied_on,
        "unified_social_credit_code": licence and accepted(licence.unified_social_credit_code),
        "name": licence and accepted(licence.name),
        "policy": record.made_by.policy,
        "rulebook": record.made_by.rulebook,
        "code": record.made_by.code,
        "made_at": record.made_at.astimezone(UTC),
    }


def accepted(field: Field[T]) -> T | None:
    """Return the value of a field where it was accepted."""
    return field.value if field.accepted else None


def _licences(record: Record) -> Iterator[dict[str, Any]]:
    for reading in record.dossier.readings:
        for document in reading.documents:
            if isinstance(document, BusinessLicence):
                yield _licence(reading, document)


def _licence(reading: Reading, licence: BusinessLicence) -> dict[str, Any]:
    term = accepted(licence.business_term) or Term(start=None, end=None)
    waiting = {FieldState.PRESENT, FieldState.UNREADABLE}
    doubtful = [
        name
        for name in (*_PLAIN, "business_term")
        if not (field := getattr(licence, name)).accepted and field.state in waiting
    ]
    return {
        "document": reading.source.sha256,
        "page": licence.pages[0],
        "entity_type": licence.entity_type,
        "capital_currency": licence.capital_currency,
        "term_start": term.start,
        "term_end": term.end,
        "doubtful": doubtful,
        **{name: accepted(getattr(licence, name)) for name in _PLAIN},
    }


def _lines(record: Record) -> Iterator[dict[str, Any]]:
    for reading in record.dossier.readings:
        for document in reading.documents:
            if isinstance(document, Statement):
                yield from _statement(reading, document)


def _statement(reading: Reading, statement: Statement) -> Iterator[dict[str, Any]]:
    columns = {column.id: column for column in statement.columns}
    for row in statement.rows:
        for name, field in row.values.items():
            place, column = field.provenance or row.provenance, columns.get(name)
            yield {
                "document": reading.source.sha256,
                "page": place.page if place else statement.pages[0],
                "kind": statement.kind.value,
                "scope": statement.scope.value,
                "entity": accepted(statement.entity),
                "currency": statement.currency,
                "item": row.item,
                "label": row.label,
                "context": column.context if column else None,
                "period_end": column.date if column else None,
                "value": field.value,
                "state": field.state.value,
                "accepted": field.accepted,
            }


def _ratios(record: Record) -> Iterator[Ratio]:
    return (ratio for accounts in accounts_of(record.dossier) for ratio in ratios_of(accounts))


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {
        "entity": ratio.entity,
        "scope": ratio.scope.value,
        "period_end": ratio.period,
        "months": ratio.months,
        "ratio": ratio.id,
        "value": ratio.value,
        "reason": ratio.reason,
        "accepted": not ratio.unsure,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    evidence = next(iter(finding.evidence), None)
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "document": finding.subject or (evidence.document if evidence else None),
        "page": evidence.page if evidence else None,
        "params": finding.params,
    }
