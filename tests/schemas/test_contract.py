import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from schemas.contract import Extract
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.fields import Field, FieldState, Provenance
from schemas.findings import Finding, Severity
from schemas.geometry import Box
from schemas.licence import BusinessLicence, Term
from schemas.records import Extracted, OtherDocument, Reading
from schemas.statements import Column, Context, Row, Statement
from tests.builders import (
    BALANCE,
    COMPANY,
    FORMER,
    absent,
    blank,
    field,
    licence,
    notice,
    reading,
    statement,
    unread,
)
from tests.strategies import licences, statements


def said(document: Extracted) -> dict[str, Any]:
    """Return what a program reads of a document."""
    (found,) = json.loads(Extract.of(reading(document), "zh").to_json())["documents"]
    return dict(found)


def printed(**changes: Any) -> Field[Decimal]:
    values = {
        "value": Decimal("1234567.89"),
        "raw": "1,234,567.89",
        "state": FieldState.PRESENT,
        "accepted": True,
        "confidence": 0.99912345,
        "provenance": Provenance(
            document="d",
            page=66,
            box=Box(301.04, 120.06, 390, 131.96),
            reader="pdf-text",
            cell="Sheet1!B7",
        ),
    }
    return Field[Decimal](**(values | changes))


def test_the_file_is_named_by_its_content() -> None:
    source = SourceFile(name="s01.xlsx", sha256="ab", media_type=MediaType.XLSX, size=9)

    extract = json.loads(Extract.of(Reading(source=source, pages=3, documents=()), "zh").to_json())

    assert extract == {
        "schema_version": "1",
        "source": {
            "name": "s01.xlsx",
            "sha256": "ab",
            "media_type": MediaType.XLSX.value,
            "pages": 3,
        },
        "documents": [],
        "findings": [],
    }


def test_an_amount_is_said_with_its_evidence() -> None:
    row = Row(
        item="cash_and_bank_balances",
        label="货币资金",
        label_raw="货币资金 ",
        note="七、1",
        values={"end": printed()},
    )
    column = Column(id="end", label="期末余额", context=Context.END, date=date(2020, 12, 31))

    document = said(statement(BALANCE, rows=(row,), columns=(column,), scale=Decimal("1E+3")))

    assert document["scale"] == "1000"
    assert document["columns"] == [
        {"id": "end", "label": "期末余额", "context": "end", "date": "2020-12-31"}
    ]
    assert document["rows"] == [
        {
            "item": "cash_and_bank_balances",
            "label": "货币资金",
            "label_raw": "货币资金 ",
            "note": "七、1",
            "line_no": None,
            "values": {
                "end": {
                    "value": "1234567.89",
                    "raw": "1,234,567.89",
                    "state": "present",
                    "accepted": True,
                    "confidence": 0.9991,
                    "repaired": False,
                    "label": None,
                    "provenance": {
                        "page": 66,
                        "box": [301.0, 120.1, 390.0, 132.0],
                        "reader": "pdf-text",
                        "cell": "Sheet1!B7",
                    },
                }
            },
        }
    ]


@pytest.mark.parametrize(
    ("kind", "value", "plain"),
    [
        (Decimal, Decimal("1.2E+12"), "1200000000000"),
        (Decimal, Decimal("-0.00000001"), "-0.00000001"),
        (Decimal, Decimal("5.00"), "5.00"),
        (date, date(2019, 4, 1), "2019-04-01"),
        (Term, Term(start=date(2015, 3, 5), end=None), "2015-03-05/.."),
        (str, "某某", "某某"),
    ],
)
def test_values_are_plain_strings(kind: type, value: Any, plain: str) -> None:
    name = {Decimal: "registered_capital", date: "issue_date", Term: "business_term"}

    document = said(licence(**{name.get(kind, "name"): field(value)}))

    assert document["fields"][name.get(kind, "name")]["value"] == plain


@pytest.mark.parametrize("made", [absent, blank, unread], ids=["absent", "blank", "unreadable"])
def test_what_was_not_read_has_no_value_and_says_why(made: Any) -> None:
    value = said(licence(address=made()))["fields"]["address"]

    assert value["value"] is None
    assert value["state"] == made().state.value
    assert not value["accepted"]
    assert value["raw"] == made().raw


def test_a_field_says_its_printed_label_and_whether_it_was_repaired() -> None:
    value = said(licence(legal_representative=field("某某", label="经营者", repaired=True)))[
        "fields"
    ]["legal_representative"]

    assert (value["label"], value["repaired"]) == ("经营者", True)


def test_a_licence_says_every_field_of_the_contract() -> None:
    assert tuple(said(BusinessLicence(pages=(1,)))["fields"]) == BusinessLicence.field_names()


def test_a_value_that_nobody_stands_behind_is_not_accepted() -> None:
    assert not said(licence(name=field("某某", accepted=False)))["fields"]["name"]["accepted"]


def test_a_notice_says_both_names_and_its_day() -> None:
    found = said(notice(name=field(COMPANY, accepted=False)))

    assert (found["kind"], found["pages"]) == ("change_notice", [1])
    assert (found["former_name"]["value"], found["name"]["value"]) == (FORMER, COMPANY)
    assert (found["former_name"]["accepted"], found["name"]["accepted"]) == (True, False)
    assert found["issued_on"]["value"] == "2026-12-31"


def test_other_pages_are_named() -> None:
    cover = OtherDocument(kind=DocumentKind.AUDIT_REPORT, pages=(1, 2))

    assert said(cover) == {"kind": "audit_report", "pages": [1, 2]}


@pytest.mark.parametrize(("lang", "words"), [("zh", "未识别"), ("en", "Nothing of a known kind")])
def test_a_finding_is_said_in_the_language_asked_for(lang: Any, words: str) -> None:
    place = Provenance(document="d", page=2, box=Box(1, 2, 3, 4), reader="r")
    finding = Finding(code="reading.nothing_recognised", severity=Severity.WARN, evidence=(place,))

    (remark,) = Extract.of(reading(findings=(finding,)), lang).findings

    assert words in remark.message
    assert (remark.code, remark.severity) == (finding.code, Severity.WARN)
    assert remark.evidence[0].page == 2


@given(licences)
def test_any_licence_can_be_said_and_read_back(paper: BusinessLicence) -> None:
    extract = Extract.of(reading(paper), "zh")

    assert Extract.model_validate_json(extract.to_json()) == extract


@given(statements)
def test_any_amount_is_said_to_the_last_digit(paper: Statement) -> None:
    for row, meant in zip(said(paper)["rows"], paper.rows, strict=True):
        for column, cell in row["values"].items():
            value = meant.values[column].value
            assert "E" not in (cell["value"] or "")
            assert (None if value is None else Decimal(cell["value"])) == value


def test_the_published_schema_describes_every_key() -> None:
    schema = Extract.model_json_schema(mode="serialization")

    assert schema["title"] == "zishen extract"
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"schema_version", "source", "documents", "findings"}
    for name, part in [("Extract", schema), *schema["$defs"].items()]:
        for key, about in part.get("properties", {}).items():
            described = {"description", "$ref"} & about.keys()
            assert described or key in {"kind", "code"}, f"{name}.{key}"
