"""Printed amounts to exact numbers.

Money is `Decimal`, never float. What is certain is told apart from what is likely: an amount
whose digits are clear and whose separators are not (1,234,56.78) has a value and is not sound.

>>> parse("（1,234.50）").value
Decimal('-1234.50')
>>> parse("1.234.567,89")
Amount(value=Decimal('1234567.89'), sound=False)
>>> parse("—").is_blank
True
>>> parse("货币资金") is None
True
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_MINUS = "-−–—―‒‐‑﹣－ー"
_BLANK = frozenset({"", "/", "无", "不适用", "N/A", "n/a", "na", "*"})
_OPEN = re.compile(r"(?<=\d[,.]) (?=\d)")
_DASHES = re.compile(r"-+")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?")
_LOOSE = re.compile(r"\d[\d,.'` 、，。·:;]*")
_CURRENCY = re.compile(r"^(?:人民币|RMB|CNY|HKD|USD|[¥￥$])\s*")
_UNIT = re.compile(r"\s*元$")
_SEPARATORS = re.compile(r"[^\d]+")
_BRACKETS = {"(": ")", "<": ">", "《": "》", "〈": "〉"}
_SIGNED = re.compile(r"([.·](?=\d{1,3}[,.]\d{3}(?!\d))|[-+△▲一~]*)(.*?)(-*)")
"""The numeral 一, the tilde and a dot are what a recogniser makes of a minus sign now and then."""
_MOST_DECIMALS = 4
_MOST_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount; `value` is None where a dash or the like says that there is none.

    `sound` means that the text is a well-formed number and can be read in one way only.
    """

    value: Decimal | None
    sound: bool = True

    @property
    def is_blank(self) -> bool:
        """Whether it is a mark for nothing."""
        return self.value is None


def parse(text: str) -> Amount | None:
    """Return the amount that a text prints, or None when it prints no amount."""
    printed = _straight(text)
    if printed in _BLANK or _DASHES.fullmatch(printed):
        return Amount(None)
    printed = _UNIT.sub("", _CURRENCY.sub("", printed))
    body, negative, sound = _unsigned(printed)
    body, currency = _CURRENCY.subn("", body)
    if currency:
        body = body.strip()
    number, well_formed = _number(body)
    if number is None:
        return None
    return Amount(-number if negative else number, sound and well_formed)


def in_cents(text: str) -> Decimal | None:
    """Return what clear digits make where everything is printed with two decimals.

    None where the text ends in a separator, as one that was cut off does.

    >>> in_cents("-391,552,64"), in_cents("63,603,854.")
    (Decimal('-391552.64'), None)
    """
    printed = _straight(text)
    body, negative, _ = _unsigned(printed)
    if not _LOOSE.fullmatch(body) or not body[-1].isdigit():
        return None
    digits = _SEPARATORS.sub("", body)
    if not 2 < len(digits) <= _MOST_DIGITS:
        return None
    number = Decimal(digits).scaleb(-2)
    return -number if negative else number


def is_amount(text: str) -> bool:
    """Return whether a text prints a number, a dash excluded."""
    amount = parse(text)
    return amount is not None and not amount.is_blank


def closed(text: str) -> str:
    """Return text without the spaces that a recogniser sets behind separators.

    >>> closed("3, 353,405. 14")
    '3,353,405.14'
    """
    return _OPEN.sub("", text)


def _straight(text: str) -> str:
    """Return text with one form of every digit, space and minus sign."""
    for minus in _MINUS:
        text = text.replace(minus, "-")
    return closed(" ".join(unicodedata.normalize("NFKC", text).split()))


def _unsigned(text: str) -> tuple[str, bool, bool]:
    """Return the text without its sign, whether it is negative, and whether that is certain."""
    if text[:1] in _BRACKETS or text[-1:] in _BRACKETS.values():
        inner = text.strip("".join(_BRACKETS) + "".join(_BRACKETS.values())).strip()
        paired = _BRACKETS.get(text[0]) == text[-1]
        return inner.removeprefix("-").strip(), True, paired and not inner.startswith("-")
    match = _SIGNED.fullmatch(text)
    before, body, after = match.groups() if match else ("", text, "")
    signs = before + after
    return (
        body.strip(),
        signs not in {"", "+"},
        len(signs) < 2 and signs not in {"一", "~", ".", "·"},
    )


def _number(text: str) -> tuple[Decimal | None, bool]:
    """Return the number that digits and separators make, and whether they are well formed."""
    text = text.strip()
    if _GROUPED.fullmatch(text) or _SPACED.fullmatch(text):
        plain = text.replace(",", "").replace(" ", "")
        whole, _, decimals = plain.partition(".")
        if len(plain) > _MOST_DIGITS:
            return None, False
        padded = len(whole) > 1 and whole.startswith("0")
        return Decimal(plain), len(decimals) <= _MOST_DECIMALS and not padded
    if not _LOOSE.fullmatch(text):
        return None, False
    return _loose(text), False


def _loose(text: str) -> Decimal | None:
    """Return the number of certain digits with uncertain separators.

    Two digits behind the last separator are the decimals, as amounts are printed; otherwise
    all separators part thousands.
    """
    parts = [part for part in _SEPARATORS.split(text) if part]
    digits = "".join(parts)
    if len(digits) > _MOST_DIGITS:
        return None
    if len(parts) > 1 and len(parts[-1]) <= 2:
        return Decimal(f"{digits[: -len(parts[-1])]}.{parts[-1]}")
    return Decimal(digits)
