"""What a correct reading of a package finds, in the words of the output contract."""

import json
import re
from datetime import date
from decimal import Decimal

from sample_docs.make.layout import Paper
from sample_docs.make.licences import Licence
from sample_docs.make.packages import APPLIED_ON, CLOSING, Sample

KEYS = {
    "balance_sheet": (
        "cash_and_bank_balances", "total_current_assets", "total_noncurrent_assets",
        "total_assets", "total_current_liabilities", "total_liabilities", "total_equity",
        "total_liabilities_and_equity",
    ),
    "income_statement": (
        "operating_revenue", "operating_profit", "profit_before_tax", "net_profit",
    ),
    "cash_flow_statement": (
        "net_cash_from_operating", "net_cash_from_investing", "net_cash_from_financing",
        "net_increase_in_cash", "cash_equivalents_end",
    ),
}  # fmt: skip
CAPITAL = {
    "贰仟万元整": Decimal(20_000_000),
    "叁佰万元整": Decimal(3_000_000),
    "捌佰万元整": Decimal(8_000_000),
}
DAY = re.compile(r"(\d{4})年(\d{2})月(\d{2})日")


def manifest(sample: Sample) -> str:
    """Return package.json: the product and the date from which freshness is counted."""
    return _json({"product": sample.product, "applied_on": APPLIED_ON.isoformat()})


def expected(sample: Sample) -> str:
    """Return expected.json: the outcome, the codes that must appear, and the key values."""
    documents = [{"file": sample.licence_file, **_licence(sample.licence)}]
    documents += [{"file": sample.statements_file, **_statement(p)} for p in sample.papers()]
    if sample.audit_cover:
        documents.append({"file": "audit-report-cover.pdf", "kind": "audit_report"})
    facts: dict[str, object] = {
        "product": sample.product,
        "applied_on": APPLIED_ON.isoformat(),
        "outcome": sample.outcome,
        "reasons": list(sample.reasons),
    }
    if sample.broken:
        facts["broken"] = list(sample.broken)
    return _json(facts | {"documents": documents})


def term(printed: str) -> str | None:
    """Return a printed business term as an ISO interval.

    >>> term("2017年03月14日至长期")
    '2017-03-14/..'
    """
    days = [date(*map(int, found)).isoformat() for found in DAY.findall(printed)]
    return "/".join((*days, "..")[:2]) if days else None


def _licence(licence: Licence) -> dict[str, object]:
    fields = {
        "unified_social_credit_code": licence.code,
        "name": licence.name,
        "company_type": licence.company_type,
        "legal_representative": licence.person,
        "address": licence.address,
        "registered_capital": str(CAPITAL[licence.money]) if licence.money in CAPITAL else None,
        "composition": licence.money if licence.entity_type == "individual_business" else None,
        "established_date": licence.established.isoformat(),
        "business_term": term(licence.term),
        "business_scope": licence.scope,
        "issue_date": licence.issued.isoformat(),
    }
    return {
        "kind": "business_licence",
        "entity_type": licence.entity_type,
        "seal": licence.authority,
        "fields": {name: value for name, value in fields.items() if value is not None},
    }


def _statement(paper: Paper) -> dict[str, object]:
    return {
        "kind": paper.kind,
        "form": paper.form,
        "scope": "single",
        "entity": paper.entity,
        "scale": "1",
        "date": CLOSING.isoformat(),
        "columns": {context: _totals(paper, context) for context in paper.contexts},
    }


def _totals(paper: Paper, context: str) -> dict[str, str]:
    column = paper.values[context]
    return {item: str(column[item]) for item in KEYS[paper.kind] if column.get(item)}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
