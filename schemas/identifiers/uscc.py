"""Unified social credit codes (统一社会信用代码, GB 32100-2015 and its amendment of 2016).

Character 1 is the registration authority, 2 the category of entity, 3 to 8 the division of the
first registration, 9 to 17 an organisation code with its own check, 18 the check of all. A code
never changes when the entity moves.

>>> check_character("91440300192203821")
'6'
>>> is_valid("9144030071526726XG")
True
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from math import prod

from schemas.identifiers import organisation_code
from schemas.identifiers.errors import (
    AlphabetError,
    BodyCheckError,
    CheckError,
    IdentifierError,
    LengthError,
    RegionError,
    RegistrarError,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters; I, O, S, V and Z do not exist."""

_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

_CATEGORIES = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "1239",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "123",
    "A": "19",
    "N": "1239",
    "Y": "1",
}
"""Registration authority to categories: 91 enterprise, 92 individual business, 93 cooperative."""

PROVINCES = frozenset(
    str(number)
    for numbers in (
        range(10, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82),
    )
    for number in numbers
)
"""The first two digits of a division code (GB/T 2260), and 10 for the central registrar."""

_FORCED = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "UY"}
_REGION = str.maketrans("DQLTJGBAU", "001116840")
_MOST_READINGS = 64
_LOOKS_LIKE = {
    "0": "DQ",
    "1": "LT7J",
    "2": "7",
    "3": "8",
    "4": "A",
    "5": "6",
    "6": "G5",
    "7": "1T",
    "8": "B3",
    "9": "PQ",
    "A": "4",
    "B": "8",
    "C": "G",
    "D": "0",
    "E": "F",
    "F": "E",
    "G": "6C",
    "H": "NM",
    "J": "1",
    "K": "X",
    "L": "1",
    "M": "NHW",
    "N": "HM",
    "P": "R",
    "Q": "0",
    "R": "P",
    "T": "17",
    "U": "Y",
    "W": "M",
    "X": "K",
    "Y": "U",
}


def compact(raw: str) -> str:
    """Return the code without separators, in capitals and half width.

    >>> compact("91 4403 0019 2203 8216")
    '914403001922038216'
    """
    return re.sub(r"[\s\-.·]", "", unicodedata.normalize("NFKC", raw)).upper()


def check_character(first17: str) -> str:
    """Return the eighteenth character: 31 minus the sum weighted with powers of 3, modulo 31.

    Raises:
        LengthError: there are not seventeen.
        AlphabetError: one is not of the 31.
    """
    if len(first17) != 17:
        raise LengthError("a unified social credit code has seventeen characters before its check")
    if any(character not in ALPHABET for character in first17):
        raise AlphabetError("the code holds a character that no code has")
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def problems(raw: str) -> Iterator[IdentifierError]:
    """Yield everything that is wrong with a code; nothing for a good one."""
    code = compact(raw)
    if len(code) != 18:
        yield LengthError("a unified social credit code has eighteen characters")
        return
    if any(character not in ALPHABET for character in code):
        yield AlphabetError("the code holds a character that no code has")
        return
    if code[1] not in _CATEGORIES.get(code[0], ""):
        yield RegistrarError("no authority gives codes that begin like this")
    if not re.fullmatch(r"[0-9]{6}", code[2:8]) or code[2:4] not in PROVINCES:
        yield RegionError("the division code is not of a province")
    if organisation_code.check_character(code[8:16]) != code[16]:
        yield BodyCheckError("the organisation code inside fails its check")
    if check_character(code[:17]) != code[17]:
        yield CheckError("the check character is another")


def validate(raw: str) -> str:
    """Return the compact code.

    Raises:
        IdentifierError: the first of `problems`.
    """
    for problem in problems(raw):
        raise problem
    return compact(raw)


def is_valid(raw: str) -> bool:
    """Return whether there are no `problems`."""
    return next(problems(raw), None) is None


def is_licence(code: str) -> bool:
    """Return whether the code is of the kind printed on business licences: 91, 92 or 93."""
    return code[:2] in {"91", "92", "93"}


def repair(raw: str) -> str | None:
    """Return the only valid licence code that this may be a misreading of, or None.

    Characters that no code has are exchanged for their likenesses, letters in the division
    become digits; then at most one further character is exchanged. Two exchanges are never tried:
    one guess in 341 passes both checks, so that they often give a code that is valid and wrong.

    >>> repair("9144O3OO1922O38216")
    '914403001922038216'
    >>> repair("91440300L92L8L490G") is None
    True
    """
    readings = _forced(raw)
    exact = {code for code in readings if _is_licence_code(code)}
    if exact:
        return exact.pop() if len(exact) == 1 else None
    near = {code for reading in readings for code in _neighbours(reading) if _is_licence_code(code)}
    return near.pop() if len(near) == 1 else None


def _is_licence_code(code: str) -> bool:
    return is_licence(code) and is_valid(code)


def _forced(raw: str) -> tuple[str, ...]:
    """Every reading without impossible letters; a code has no lower case, so l is a 1.

    None at all where they are too many to try: of some, one may look like the only answer.
    """
    text = compact(unicodedata.normalize("NFKC", raw).replace("l", "1"))
    choices = [_FORCED.get(character, character) for character in text]
    if len(text) != 18 or prod(map(len, choices)) > _MOST_READINGS:
        return ()
    readings = ("".join(choice) for choice in product(*choices))
    return tuple(code[:2] + code[2:8].translate(_REGION) + code[8:] for code in readings)


def _neighbours(code: str) -> Iterator[str]:
    for place, character in enumerate(code):
        for other in _LOOKS_LIKE.get(character, ""):
            yield code[:place] + other + code[place + 1 :]
