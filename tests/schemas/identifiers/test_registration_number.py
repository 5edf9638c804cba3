import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.identifiers import registration_number
from schemas.identifiers.errors import AlphabetError, CheckError, LengthError
from tests.schemas.worked import EXAMPLES

stems = st.text("0123456789", min_size=14, max_size=14)


@given(stems, st.integers(0, 14), st.sampled_from("0123456789"))
def test_any_single_misread_digit_is_caught(stem: str, at: int, misread: str) -> None:
    number = stem + registration_number.check_digit(stem)
    read = number[:at] + misread + number[at + 1 :]
    assume(read != number)

    assert registration_number.validate(number) == number
    with pytest.raises(CheckError):
        registration_number.validate(read)


@given(stems, st.sets(st.integers(0, 14)))
def test_letters_are_read_as_digits_and_digits_are_never_exchanged(stem: str, at: set[int]) -> None:
    number = stem + registration_number.check_digit(stem)
    looks = dict(zip("0125689", "OIZSGBg", strict=True))
    read = "".join(looks.get(c, c) if i in at else c for i, c in enumerate(number))

    repaired = registration_number.repair(read.replace("g", "9"))

    assert repaired == number


@given(stems, st.integers(1, 9))
def test_a_wrong_digit_is_not_repaired(stem: str, off: int) -> None:
    check = (int(registration_number.check_digit(stem)) + off) % 10

    assert registration_number.repair(f"{stem}{check}") is None


@pytest.mark.parametrize("example", EXAMPLES["reg15_valid"], ids=lambda entry: entry["number"])
def test_published_numbers_are_valid(example: dict[str, str]) -> None:
    assert registration_number.is_valid(example["number"])


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        *((example["number"], ValueError) for example in EXAMPLES["reg15_invalid"]),
        ("4403011034486", LengthError),
        ("44030110344866X", AlphabetError),
    ],
)
def test_what_is_wrong_is_told(raw: str, error: type[ValueError]) -> None:
    with pytest.raises(error):
        registration_number.validate(raw)
    assert not registration_number.is_valid(raw)


@pytest.mark.parametrize(
    ("stem", "error"), [("123", LengthError), ("4403011034486X", AlphabetError)]
)
def test_a_check_is_only_given_for_fourteen_digits(stem: str, error: type[ValueError]) -> None:
    with pytest.raises(error):
        registration_number.check_digit(stem)


def test_the_seventh_digit_tells_a_sole_trader() -> None:
    assert registration_number.is_individual_business("440301610344866")
    assert not registration_number.is_individual_business("440301103448669")
    assert not registration_number.is_individual_business("440301")
