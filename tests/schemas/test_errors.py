import importlib
import inspect
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import ConfigError, DocumentError, TransientError, ZishenError
from schemas.identifiers.errors import IdentifierError
from schemas.messages import catalogue

WHO = {DocumentError: "applicant", TransientError: "operator", ConfigError: "operator"}


def subclasses(base: type) -> Iterator[type]:
    yield base
    for derived in base.__subclasses__():
        yield from subclasses(derived)


def made(error: type[ZishenError]) -> ZishenError:
    """Make an error of a class, with a word or a number for every argument."""
    if error.__init__ is ZishenError.__init__:
        return error("what happened")
    wanted = inspect.signature(error).parameters.values()
    arguments = {p.name: 7 if p.annotation is int else f"<{p.name}>" for p in wanted}
    return error(**arguments)


ROOT = Path(__file__).parents[2]
for package in ("schemas", "validators", "extractors", "pipeline", "flows"):
    for path in sorted((ROOT / package).rglob("*.py")):
        if re.search(r"^class \w+Error\(", path.read_text(encoding="utf-8"), re.MULTILINE):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))

ERRORS = sorted(set(subclasses(ZishenError)), key=lambda error: error.__name__)


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_crosses_a_process_border_whole(error: type[ZishenError]) -> None:
    one = made(error)

    other = pickle.loads(pickle.dumps(one))

    assert type(other) is error
    assert str(other) == str(one)
    assert vars(other) == vars(one)
    assert other.code == one.code


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_says_what_happened_with_what_it_was_given(error: type[ZishenError]) -> None:
    one = made(error)

    assert str(one)
    assert all(str(value)[:12] in str(one) for value in vars(one).values())


def test_codes_are_unique_and_each_has_a_message() -> None:
    codes = [error.code for error in ERRORS]

    assert len(set(codes)) == len(codes)
    assert set(codes) == set(catalogue().errors)


@pytest.mark.parametrize("branch", WHO)
def test_the_branch_of_an_error_says_who_acts(branch: type[ZishenError]) -> None:
    acting = {catalogue().errors[error.code].who for error in subclasses(branch)}

    assert acting == {WHO[branch]}


def test_the_reason_of_a_wrong_number_is_a_word_of_the_catalogue() -> None:
    reasons = {
        error.reason for error in subclasses(IdentifierError) if error is not IdentifierError
    }

    assert reasons <= set(catalogue().words)
    assert len(reasons) == len(list(subclasses(IdentifierError))) - 1
