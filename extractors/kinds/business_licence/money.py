"""Amounts of capital as licences print them: digits or 大写, 万 and 亿, any currency."""

import re
from dataclasses import dataclass
from decimal import Decimal

_CURRENCIES = {
    "人民币": "CNY",
    "美元": "USD",
    "港元": "HKD",
    "港币": "HKD",
    "欧元": "EUR",
    "日元": "JPY",
    "英镑": "GBP",
    "新台币": "TWD",
    "新加坡元": "SGD",
    "加元": "CAD",
    "加拿大元": "CAD",
    "澳元": "AUD",
    "澳大利亚元": "AUD",
    "瑞士法郎": "CHF",
    "韩元": "KRW",
}
_FORMAL = dict(zip("零〇○壹贰叁肆伍陆柒捌玖", (0, 0, 0, *range(1, 10)), strict=True)) | dict(
    zip("一二三四五六七八九两弍叄", (*range(1, 10), 2, 2, 3), strict=True)
)
_TENS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_CENTS = {"角": Decimal("0.1"), "分": Decimal("0.01")}
_UNIT_NAMES = r"万亿|百万|千万|万|萬|亿|億"
_IN_DIGITS = re.compile(rf"([0-9][0-9,]*(?:\.[0-9]+)?)({_UNIT_NAMES})?[元圆]?")
_UNIT = {
    "万亿": 10**12,
    "百万": 10**6,
    "千万": 10**7,
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
    "億": 10**8,
}


@dataclass(frozen=True)
class Amount:
    """An amount in whole units of its currency (ISO 4217)."""

    value: Decimal
    currency: str = "CNY"


def amount(text: str) -> Amount | None:
    """Return the amount that a text is, or None when it is anything else.

    >>> amount("人民币35.0000万元整")
    Amount(value=Decimal('350000.0000'), currency='CNY')
    >>> amount("伍仟零伍拾万元整").value
    Decimal('50500000')
    >>> amount("美元壹佰万元").currency
    'USD'
    """
    plain = re.sub(r"[\s()（）]", "", text).replace("，", ",").replace("．", ".")
    currency = "CNY"
    for name in sorted(_CURRENCIES, key=len, reverse=True):
        if name in plain:
            currency = _CURRENCIES[name]
            plain = plain.replace(name, "元" if plain.endswith(name) else "", 1)
            break
    plain = re.sub(r"[整正]$", "", plain)
    plain = re.sub(r"[元圆]{2,}", "元", plain)
    value = _in_digits(plain)
    if value is None:
        value = _in_words(plain)
    return None if value is None else Amount(value, currency)


def _in_digits(text: str) -> Decimal | None:
    found = _IN_DIGITS.fullmatch(text)
    if not found:
        return None
    digits, unit = found.groups()
    if "," in digits and not re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", digits):
        return None
    return Decimal(digits.replace(",", "")) * (_UNIT[unit] if unit else 1)


def _in_words(text: str) -> Decimal | None:
    """Return an amount in 大写: sections below 万 and 亿, digits times tens within a section."""
    whole, mark, cents = re.fullmatch(r"([^元圆]*)([元圆]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    if cents and not mark:
        return None
    total = _whole(whole)
    rest = _cents(cents)
    return None if total is None or rest is None else total + rest


def _whole(text: str) -> Decimal | None:
    """Return a whole number in 大写; `hundred_millions` and `myriads` are what 亿 and 万 closed."""
    hundred_millions, myriads, section = 0, 0, 0
    digit: int | None = None
    for character in text:
        if character in _FORMAL:
            if digit:
                return None
            digit = _FORMAL[character]
        elif character in _TENS:
            section += (1 if digit is None else digit) * _TENS[character]
            digit = None
        elif character in "万萬":
            myriads, section, digit = myriads + (section + (digit or 0)) * 10**4, 0, None
        elif character in "亿億":
            hundred_millions += (myriads + section + (digit or 0)) * 10**8
            myriads, section, digit = 0, 0, None
        else:
            return None
    value = hundred_millions + myriads + section + (digit or 0)
    return Decimal(value) if value else None


def _cents(text: str) -> Decimal | None:
    total = Decimal(0)
    for digit, unit in re.findall(r"(.)(.)", text):
        if digit not in _FORMAL or unit not in _CENTS:
            return None
        total += _FORMAL[digit] * _CENTS[unit]
    return total if len(text) % 2 == 0 else None
