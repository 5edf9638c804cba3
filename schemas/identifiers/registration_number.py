"""Registration numbers of the old licences (注册号, GS 15-2006): 14 digits and a check.

The check is ISO/IEC 7064, MOD 11,10.

>>> check_digit("44030110344866")
'9'
>>> is_valid("440301103448669")
True
"""

import re
import unicodedata

from schemas.identifiers.errors import AlphabetError, CheckError, LengthError

_FORCED = str.maketrans("DIJLOQSZBG", "0111005286")


def compact(raw: str) -> str:
    """Return the number without separators, in half width."""
    return re.sub(r"[\s\-.·]", "", unicodedata.normalize("NFKC", raw)).upper()


def check_digit(first14: str) -> str:
    """Return the fifteenth digit (ISO/IEC 7064 MOD 11,10).

    Raises:
        LengthError: there are not fourteen.
        AlphabetError: one is no digit.
    """
    if len(first14) != 14:
        raise LengthError("a registration number has fourteen digits before its check")
    if not re.fullmatch(r"[0-9]+", first14):
        raise AlphabetError("a registration number is of digits")
    product = 10
    for digit in first14:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def validate(raw: str) -> str:
    """Return the compact number.

    Raises:
        LengthError: it does not have fifteen digits (numbers of before 2007 have thirteen).
        AlphabetError: a character is no digit.
        CheckError: the check digit is another.
    """
    number = compact(raw)
    if len(number) != 15:
        raise LengthError("a registration number has fifteen digits")
    if not re.fullmatch(r"[0-9]+", number):
        raise AlphabetError("a registration number is of digits")
    if check_digit(number[:14]) != number[14]:
        raise CheckError("the check digit is another")
    return number


def is_valid(raw: str) -> bool:
    """Return whether `validate` has nothing to say."""
    try:
        validate(raw)
    except ValueError:
        return False
    return True


def is_individual_business(number: str) -> bool:
    """Return whether the number was given to an individual business (个体工商户).

    The seventh digit says so: 6 to 9 (GS 15-2006, 4.3).
    """
    return len(number) == 15 and number[6] in "6789"


def repair(raw: str) -> str | None:
    """Return the number with letters read as the digits they look like, if that is valid.

    One guess in ten passes the check, so no digit is ever exchanged for another.
    """
    number = compact(unicodedata.normalize("NFKC", raw).replace("l", "1"))
    for candidate in (number, number.translate(_FORCED)):
        if is_valid(candidate):
            return candidate
    return None
