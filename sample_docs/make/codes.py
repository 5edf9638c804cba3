"""Valid codes for companies that do not exist (GB 32100-2015 with GB 11714-1997 inside)."""

from schemas.identifiers import organisation_code, uscc


def credit_code(registrar: str, division: str, body: str) -> str:
    """Complete a code: registrar and category ("91"), division, eight characters of the body.

    >>> credit_code("91", "440300", "19220382")
    '914403001922038216'
    """
    stem = registrar + division + body + organisation_code.check_character(body)
    return stem + uscc.check_character(stem)
