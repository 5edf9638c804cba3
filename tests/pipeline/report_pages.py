"""Reports of made-up records as a browser reads them, for tests."""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from pipeline.report import build_report, render
from schemas.errors import StorageError
from schemas.fields import Field
from schemas.findings import Finding
from schemas.geometry import Box
from schemas.messages import Language
from schemas.records import Dossier, MadeBy, Record
from schemas.statements import Context, Statement
from tests.builders import (
    BALANCE,
    CASH,
    COMPANY,
    INCOME,
    amended,
    blank,
    clean,
    doubted,
    field,
    licence,
    provenance,
    raised_by,
    statement,
    unread,
    unreadable_cell,
)
from validators.decide import decide
from validators.policy import load_policy
from validators.rulebook import check

LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Nothing:
    """A store without any original."""

    def put(self, data: bytes) -> str:
        raise NotImplementedError

    def put_file(self, path: object) -> str:
        raise NotImplementedError

    def get(self, sha256: str) -> bytes:
        raise StorageError("read a blob", f"{sha256} is not there")

    def has(self, sha256: str) -> bool:
        return False


def page(papers: Dossier, lang: Language = "zh", **changes: Any) -> str:
    """Return the report of a package, judged by the rules unless findings are given."""
    return render(build_report(record(papers, **changes), Nothing(), lang))


def record(papers: Dossier, findings: tuple[Finding, ...] | None = None, **changes: Any) -> Record:
    found = check(papers, load_policy("sme_small")) if findings is None else findings
    fields: dict[str, Any] = {
        "package_id": papers.package.id,
        "revision": 3,
        "dossier": papers,
        "findings": found,
        "decision": decide(found),
        "made_by": MadeBy(
            code="zishen/0", rulebook="rules-1", policy="policy-1", models=("m-1",), device="cpu"
        ),
        "made_at": datetime(2026, 10, 15, 9, 30, tzinfo=UTC),
    }
    return Record(**(fields | changes))


class Reading(HTMLParser):
    """What a browser makes of a page: its text and its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.pieces: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "img", "image", "rect", "circle", "line"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.pieces.append((self.open[-1] if self.open else "", data))

    @property
    def text(self) -> str:
        parts = (data for tag, data in self.pieces if tag != "style")
        return re.sub(r"\s+", " ", " ".join(parts))

    @property
    def attributes(self) -> Iterator[tuple[str, str, str]]:
        for tag, found in self.tags:
            for name, value in found.items():
                yield tag, name, value or ""


def spread_out(paper: Statement, page: int) -> Statement:
    """Give every cell a place of its own, as on paper."""
    places = itertools.count()
    rows = tuple(
        row.model_copy(
            update={
                "values": {key: _at(cell, page, next(places)) for key, cell in row.values.items()}
            }
        )
        for row in paper.rows
    )
    return paper.model_copy(update={"rows": rows})


def _at(cell: Field[Decimal], page: int, place: int) -> Field[Decimal]:
    where = provenance(page).model_copy(update={"box": Box(place, place, place + 9, place + 9)})
    return cell.model_copy(update={"provenance": where})


def spoiled() -> Dossier:
    """Return a package in which there is something of everything."""
    wrong = amended(statement(BALANCE), "total_assets", Context.END, raised_by(90_000))
    wrong = amended(wrong, "inventories", Context.END, doubted)
    wrong = amended(wrong, "goodwill", Context.BEGIN, unreadable_cell)
    made = licence(
        legal_representative=unread(), address=blank(), name=field(COMPANY, confidence=0.99996)
    )
    return clean(
        licence=made,
        balance=spread_out(wrong, 2),
        income=spread_out(statement(INCOME), 3),
        cash=spread_out(statement(CASH), 4),
    )
