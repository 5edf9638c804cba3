import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.identifiers import organisation_code
from schemas.identifiers.errors import AlphabetError, CheckError, LengthError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
bodies = st.text(ALPHABET, min_size=8, max_size=8)


@given(bodies)
def test_a_body_with_its_check_is_valid_with_or_without_the_hyphen(body: str) -> None:
    check = organisation_code.check_character(body)

    assert organisation_code.validate(f"{body}-{check}") == body + check


@given(bodies, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_a_single_misread_character_is_caught_but_for_the_blind_spots_of_the_standard(
    body: str, at: int, misread: str
) -> None:
    """GB 11714 counts modulo 11: characters whose values differ by 11, 22 or 33 look alike."""
    assume(misread != body[at])
    blind = (ALPHABET.index(misread) - ALPHABET.index(body[at])) % 11 == 0
    read = body[:at] + misread + body[at + 1 :] + organisation_code.check_character(body)

    assert organisation_code.is_valid(read) is blind


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ("1234567", LengthError),
        ("1922038211", LengthError),
        ("19220 中2-1", LengthError),
        ("1922038中1", AlphabetError),
        ("192203820", CheckError),
    ],
)
def test_what_is_wrong_is_told(raw: str, error: type[ValueError]) -> None:
    with pytest.raises(error):
        organisation_code.validate(raw)
    assert not organisation_code.is_valid(raw)


def test_a_check_is_only_given_for_eight_characters() -> None:
    with pytest.raises(LengthError):
        organisation_code.check_character("1234567")
