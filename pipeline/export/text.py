"""Text from papers that no spreadsheet may take for a formula."""

import re

_NUMBER = re.compile(r"[-+]?[\d,.\s]*\d[\d,.\s]*%?$")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def clean(text: str) -> str:
    """Return text without the control characters that a workbook must not hold."""
    return _ILLEGAL.sub("", text)


def harmless(text: str) -> str:
    """Return text that a spreadsheet shows as it is: what would start a formula gets an apostrophe.

    A number keeps its sign.

    >>> harmless("=1+1"), harmless("-1,234.00"), harmless("@SUM(A1)")
    ("'=1+1", '-1,234.00', "'@SUM(A1)")
    """
    text = clean(text)
    starts = text.lstrip(" \n").startswith(_STARTS)
    return f"'{text}" if starts and not _NUMBER.match(text) else text
