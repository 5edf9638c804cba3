"""What records and extracts look like: short ones, made by the code itself, of no real company."""

from datetime import UTC, datetime
from typing import Any, Final

from schemas.contract import Extract, Source
from schemas.decisions import Decision, Outcome
from schemas.documents import Package, RefusedFile
from schemas.findings import Finding, Severity
from schemas.records import Dossier, MadeBy, Record

_SHA: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_AT: Final = datetime(2026, 10, 15, 4, tzinfo=UTC)
_NAME: Final = "财务报表.pdf"


def extract() -> dict[str, Any]:
    """Return the extract of a file that wants a password."""
    source = Source(name=_NAME, sha256=_SHA, media_type=None, pages=0)
    return Extract.refused(source, "document.encrypted", "zh").model_dump(mode="json")


def record() -> dict[str, Any]:
    """Return the record of a package with that one file."""
    package = Package(
        id="0f5c2b9e4a7d41d0b6a8c3e2d1f09876",
        name="LN-2026-0042",
        product="sme_small",
        applied_on=_AT.date(),
        files=(),
        refused=(RefusedFile(name=_NAME, sha256=_SHA, size=184320, code="document.encrypted"),),
    )
    finding = Finding(
        code="package.missing_document",
        severity=Severity.RETURN,
        params={"document": "business_licence"},
    )
    made = Record(
        package_id=package.id,
        revision=1,
        dossier=Dossier(package=package, readings=()),
        findings=(finding,),
        decision=Decision(outcome=Outcome.SUPPLEMENT, reasons=(finding.code,)),
        made_by=MadeBy(
            code="0.1.0", rulebook="4f53cda18c2b", policy="2026-10", models=(), device="cpu"
        ),
        made_at=_AT,
    )
    return made.model_dump(mode="json")


def shown(example: dict[str, Any], text: str) -> dict[int | str, dict[str, Any]]:
    """Return a success with an example, for the description of a route."""
    return {200: {"description": text, "content": {"application/json": {"example": example}}}}
