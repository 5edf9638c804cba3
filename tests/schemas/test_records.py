import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from pydantic import ValidationError

from schemas.documents import DocumentKind
from schemas.records import Dossier, OtherDocument, Record
from tests.builders import BALANCE, clean, dossier, licence, statement
from tests.strategies import records


@given(records)
@hypothesis_settings(max_examples=40)
def test_a_record_survives_json_to_the_last_digit(record: Record) -> None:
    again = Record.model_validate_json(record.model_dump_json())

    assert again == record
    assert again.model_dump_json() == record.model_dump_json()


def test_a_dossier_knows_its_papers_in_the_order_of_the_files() -> None:
    cover = OtherDocument(kind=DocumentKind.AUDIT_REPORT, pages=(1,))
    first, second = licence(), licence(entity_type=None)
    papers = dossier(first, cover, statement(BALANCE), second)

    assert papers.licences == (first, second)
    assert [paper.kind for paper in papers.statements] == [BALANCE]
    assert papers.kinds == {DocumentKind.BUSINESS_LICENCE, DocumentKind.AUDIT_REPORT, BALANCE}


def test_a_key_that_nobody_knows_is_refused_anywhere_in_a_record() -> None:
    data = clean().model_dump(mode="json")
    data["readings"][0]["documents"][0]["name"]["colour"] = "red"

    with pytest.raises(ValidationError, match="colour"):
        Dossier.model_validate(data)


def test_a_kind_that_is_read_field_by_field_is_no_other_document() -> None:
    with pytest.raises(ValidationError):
        OtherDocument.model_validate({"kind": "balance_sheet", "pages": [1]})
