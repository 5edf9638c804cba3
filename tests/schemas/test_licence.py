from datetime import date

import pytest
from hypothesis import given
from pydantic import TypeAdapter, ValidationError

from schemas.fields import Field
from schemas.licence import BusinessLicence, Term
from tests.builders import licence
from tests.strategies import terms


@given(terms)
def test_a_term_survives_being_written_and_read(term: Term) -> None:
    written = TypeAdapter(Term).dump_json(term)

    assert TypeAdapter(Term).validate_json(written) == term
    assert Term.model_validate(term.model_dump()) == term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2015-03-05/2035-03-04", Term(start=date(2015, 3, 5), end=date(2035, 3, 4))),
        ("2015-03-05/..", Term(start=date(2015, 3, 5), end=None)),
        ("../2035-03-04", Term(start=None, end=date(2035, 3, 4))),
        ("../..", Term(start=None, end=None)),
    ],
)
def test_a_term_is_an_interval_open_where_nothing_is_printed(text: str, term: Term) -> None:
    assert Term.model_validate(text) == term
    assert term.model_dump() == text


@pytest.mark.parametrize(
    "text", ["", "2015-03-05", "2035-01-01/2015-01-01", "长期/..", "2015/2035"]
)
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Term.model_validate(text)


def test_the_field_names_are_exactly_the_attributes_that_are_fields() -> None:
    paper = licence()
    found = [name for name in type(paper).model_fields if isinstance(getattr(paper, name), Field)]

    assert list(BusinessLicence.field_names()) == found


def test_a_licence_of_which_nothing_is_known_has_only_absent_fields() -> None:
    empty = BusinessLicence(pages=(1,))

    assert {getattr(empty, name).state for name in empty.field_names()} == {"absent"}
