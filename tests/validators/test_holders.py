"""Of two licences of one entity only the later one is judged; those of two entities never mix."""

from datetime import date
from typing import Any

import pytest

from schemas.licence import BusinessLicence
from tests.builders import absent, credit_code, dossier, field, licence
from validators.holders import are_of_one, in_force, replaced

NEW = licence(issue_date=field(date(2026, 1, 6)))
OLD_NUMBER = {
    "unified_social_credit_code": absent(),
    "registration_number": field("440301103448669"),
    "issue_date": absent(date),
}
OTHER_CODE = field(credit_code(body="87654321"))
OTHER_NAME = field("示例市另一家有限公司")


@pytest.mark.parametrize(
    ("changes", "is_gone"),
    [
        ({}, True),
        ({"name": field("示例市旧名有限公司")}, True),
        (OLD_NUMBER, True),
        ({"issue_date": field(date(2026, 1, 6))}, False),
        ({"issue_date": field(date(2025, 1, 6), accepted=False)}, False),
        ({"issue_date": absent(date)}, False),
        ({"unified_social_credit_code": OTHER_CODE}, False),
        (OLD_NUMBER | {"name": OTHER_NAME}, False),
        (OLD_NUMBER | {"name": absent()}, False),
    ],
    ids=[
        "earlier",
        "its former name",
        "without a code",
        "of the same day",
        "a day that is not sure",
        "of no day",
        "another code",
        "without a code, of another",
        "without a code or a name",
    ],
)
def test_a_licence_is_replaced_by_a_later_one_of_its_entity(
    changes: dict[str, Any], *, is_gone: bool
) -> None:
    old = licence(**({"issue_date": field(date(2019, 4, 1))} | changes))
    papers = dossier(old, NEW)

    assert [paper for _, paper in replaced(papers)] == ([old] if is_gone else [])
    assert [paper for _, paper in in_force(papers)] == ([NEW] if is_gone else [old, NEW])


@pytest.mark.parametrize(
    ("other", "are"),
    [
        (licence(name=OTHER_NAME), True),
        (licence(unified_social_credit_code=OTHER_CODE), False),
        (licence(name=OTHER_NAME, unified_social_credit_code=absent()), False),
        (licence(name=OTHER_NAME, unified_social_credit_code=OTHER_CODE), False),
        (licence(unified_social_credit_code=field(OTHER_CODE.value, accepted=False)), True),
        (licence(name=absent(), unified_social_credit_code=absent()), True),
    ],
    ids=["renamed", "another code", "another name", "another", "not sure", "nothing read"],
)
def test_codes_tell_entities_apart_and_names_where_there_are_none(
    other: BusinessLicence, *, are: bool
) -> None:
    assert are_of_one(licence(), other) is are
    assert are_of_one(other, licence()) is are
