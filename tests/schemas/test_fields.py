import pytest
from pydantic import ValidationError

from schemas.fields import Field, FieldState
from schemas.text import Page, PageSource
from tests.builders import blank, field, provenance, unread

PAGE = Page(
    document="ab", number=3, width=595, height=842, source=PageSource.OCR, reader="paddleocr/x"
)


@pytest.mark.parametrize(
    "claim",
    [
        {"value": "甲", "raw": None, "state": "present", "provenance": provenance()},
        {"value": "甲", "raw": "甲", "state": "present"},
        {"value": "甲", "raw": "甲", "state": "blank", "provenance": provenance()},
        {"value": "甲", "raw": None, "state": "absent"},
        {"value": "甲", "raw": None, "state": "unreadable"},
        {"value": None, "raw": "甲", "state": "unreadable", "accepted": True},
        {
            "value": None,
            "raw": "甲",
            "state": "present",
            "accepted": True,
            "provenance": provenance(),
        },
    ],
    ids=[
        "present without a text",
        "present without evidence",
        "blank with a value",
        "absent with a value",
        "unreadable with a value",
        "unreadable and accepted",
        "accepted without a value",
    ],
)
def test_a_field_that_contradicts_itself_cannot_be_made(claim: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Field[str].model_validate(claim)


def test_a_text_that_could_not_be_understood_is_present_without_a_value() -> None:
    seen = Field[str](
        value=None, raw="1.2.3", state=FieldState.PRESENT, provenance=provenance(), confidence=0.4
    )

    assert not seen.accepted


def test_that_nothing_stands_there_can_be_accepted() -> None:
    assert blank().model_copy(update={"accepted": True}) == Field[str].model_validate(
        {"value": None, "raw": "—", "state": "blank", "accepted": True, "provenance": provenance()}
    )


def test_the_three_ways_to_have_no_value_stay_apart() -> None:
    states = {blank().state, unread().state, Field[str].absent().state}

    assert states == {FieldState.BLANK, FieldState.UNREADABLE, FieldState.ABSENT}


def test_a_field_is_frozen_and_knows_its_keys() -> None:
    made = field("甲")

    with pytest.raises(ValidationError):
        made.value = "乙"
    with pytest.raises(ValidationError):
        Field[str].model_validate(made.model_dump() | {"confidense": 1})
