"""Organisation codes (组织机构代码, GB 11714-1997): eight characters and a check.

They live on as characters 9 to 17 of the unified social credit code.

>>> check_character("19220382")
'1'
>>> is_valid("71526726-X")
True
"""

import re
import unicodedata

from schemas.identifiers.errors import AlphabetError, CheckError, LengthError

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def compact(raw: str) -> str:
    """Return the nine characters without separators, in capitals and half width."""
    return re.sub(r"[\s\-.·]", "", unicodedata.normalize("NFKC", raw)).upper()


def check_character(body: str) -> str:
    """Return the check of eight characters: 11 minus the weighted sum modulo 11; X is ten.

    Raises:
        LengthError: there are not eight.
        AlphabetError: one is neither a digit nor a capital letter.
    """
    if len(body) != len(_WEIGHTS):
        raise LengthError("an organisation code has eight characters before its check")
    if any(character not in _ALPHABET for character in body):
        raise AlphabetError("an organisation code is of digits and capital letters")
    total = sum(_ALPHABET.index(c) * w for c, w in zip(body, _WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def validate(raw: str) -> str:
    """Return the compact code.

    Raises:
        LengthError: it does not have nine characters.
        AlphabetError: a character is not allowed.
        CheckError: the check character is another.
    """
    code = compact(raw)
    if len(code) != 9:
        raise LengthError("an organisation code has nine characters")
    if check_character(code[:8]) != code[8]:
        raise CheckError("the check character is another")
    return code


def is_valid(raw: str) -> bool:
    """Return whether `validate` has nothing to say."""
    try:
        validate(raw)
    except ValueError:
        return False
    return True
