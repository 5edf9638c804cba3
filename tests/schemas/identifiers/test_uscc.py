import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.identifiers import uscc
from schemas.identifiers.errors import CheckError, IdentifierError
from schemas.licence_forms import licence_forms
from tests.builders import credit_code
from tests.schemas.worked import CONFUSABLE, EXAMPLES
from tests.strategies import credit_codes

CODE = credit_code()


@given(credit_codes())
def test_a_code_made_by_the_standards_is_valid_however_it_is_spaced(code: str) -> None:
    spaced = " ".join([code[:8], code[8:17], code[17:]]).lower()

    assert uscc.validate(spaced) == code
    assert uscc.is_valid(code)
    assert uscc.is_licence(code)


@given(credit_codes(), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_any_single_misread_character_is_caught(code: str, at: int, misread: str) -> None:
    read = code[:at] + misread + code[at + 1 :]
    assume(read != code)

    assert "check" in {problem.reason for problem in uscc.problems(read)}


@given(credit_codes(), st.integers(0, 16))
def test_any_two_neighbours_exchanged_are_caught(code: str, at: int) -> None:
    assume(code[at] != code[at + 1])
    read = code[:at] + code[at + 1] + code[at] + code[at + 2 :]

    assert not uscc.is_valid(read)


@given(credit_codes(), st.integers(0, 17), st.sampled_from("IOSVZ-中"))
def test_a_letter_that_no_code_has_is_caught(code: str, at: int, misread: str) -> None:
    with pytest.raises(IdentifierError):
        uscc.validate(code[:at] + misread + code[at + 1 :])


@given(credit_codes())
def test_a_good_code_is_never_repaired_into_another(code: str) -> None:
    assert uscc.repair(code) == code


@given(credit_codes(), st.sets(st.integers(0, 17), max_size=6))
def test_letters_that_cannot_be_are_read_as_what_they_look_like(code: str, at: set[int]) -> None:
    misread = {"1": "I", "0": "O", "5": "S", "2": "Z"}
    read = "".join(misread.get(c, c) if i in at else c for i, c in enumerate(code))

    assert uscc.repair(read) == code


@given(credit_codes(), st.sampled_from(CONFUSABLE), st.data())
def test_a_single_look_alike_is_undone_or_left_to_a_person(
    code: str, pair: tuple[str, str], data: st.DataObject
) -> None:
    places = [place for place, character in enumerate(code) if character in pair]
    assume(places)
    at = data.draw(st.sampled_from(places))
    other = pair[1 - pair.index(code[at])]

    assert uscc.repair(code[:at] + other + code[at + 1 :]) in {code, None}


@given(st.text(uscc.ALPHABET + "IOSVZl中 ", max_size=19))
def test_what_is_no_code_is_never_made_into_one(raw: str) -> None:
    repaired = uscc.repair(raw)

    assert repaired is None or (uscc.is_valid(repaired) and uscc.is_licence(repaired))


@given(credit_codes(), st.integers(0, 17), st.integers(0, 17), st.data())
def test_two_misread_characters_are_never_guessed_back(
    code: str, one: int, two: int, data: st.DataObject
) -> None:
    """What comes back may be wrong only where a single look-alike passes both checks."""
    assume(one != two and not {one, two} & set(range(8)))
    read = list(code)
    for at in (one, two):
        read[at] = data.draw(st.sampled_from(uscc.ALPHABET.replace(code[at], "")))
    repaired = uscc.repair("".join(read))

    assert repaired is None or sum(a != b for a, b in zip(read, repaired, strict=True)) <= 1


def test_a_v_is_a_u_or_a_y_and_only_the_checks_say_which() -> None:
    with_u, with_y = credit_code(body="1234567U"), credit_code(body="1234567Y")

    assert uscc.repair(with_u.replace("U", "V", 1)) == with_u
    assert uscc.repair(with_y.replace("Y", "V", 1)) == with_y


def test_more_unknown_letters_than_can_be_tried_are_not_guessed_at() -> None:
    """The code has two answers, of which only one is among the first readings."""
    answers = ("91440300YYYYUUUY9G", "91440300YUYUYYYY9G")

    assert all(uscc.is_valid(answer) for answer in answers)
    assert uscc.repair("91440300VVVVVVVV9G") is None


def test_two_answers_are_no_answer() -> None:
    """1 for L passes both checks, and so does 5 for 6 instead."""
    answers = ("91440300631706691T", "9144030063L706591T")

    assert all(uscc.is_valid(answer) for answer in answers)
    assert uscc.repair("9144030063L706691T") is None


@pytest.mark.parametrize("example", EXAMPLES["uscc_valid"], ids=lambda entry: entry["code"])
def test_published_codes_are_valid(example: dict[str, str]) -> None:
    assert uscc.validate(example["code"]) == example["code"]


WORDS = {"org_check": "body_check", "admin_code": "region"}


@pytest.mark.parametrize("example", EXAMPLES["uscc_invalid"], ids=lambda entry: entry["code"])
def test_wrong_codes_say_everything_that_is_wrong(example: dict[str, object]) -> None:
    expected = [WORDS.get(word, word) for word in example["problems"]]

    assert [problem.reason for problem in uscc.problems(str(example["code"]))] == expected


@pytest.mark.parametrize("example", EXAMPLES["ocr_repair"], ids=lambda entry: entry["raw"])
def test_worked_repairs(example: dict[str, object]) -> None:
    candidates = list(example["candidates"])

    assert uscc.repair(str(example["raw"])) == (candidates[0] if candidates else None)


def test_a_division_that_is_of_no_province_is_told() -> None:
    reasons = [problem.reason for problem in uscc.problems(credit_code(division="990000"))]

    assert reasons == ["region"]


def test_the_provinces_are_those_of_the_expert_table() -> None:
    assert set(licence_forms().provinces) == uscc.PROVINCES


@pytest.mark.parametrize("stem", ["9144030019220382", "9144030019220382I"])
def test_a_check_is_only_given_for_seventeen_characters_of_the_alphabet(stem: str) -> None:
    with pytest.raises(IdentifierError):
        uscc.check_character(stem)


def test_a_misread_check_character_raises_the_reason() -> None:
    wrong = CODE[:17] + uscc.ALPHABET[uscc.ALPHABET.index(CODE[17]) - 1]

    with pytest.raises(CheckError):
        uscc.validate(wrong)
    assert not uscc.is_valid(wrong)
