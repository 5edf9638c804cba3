"""Values as they are set in type."""

import datetime as dt
import math
from decimal import Decimal

from pipeline.report.words import DASH, say
from schemas.fields import Field, FieldState
from schemas.licence import Term
from schemas.messages import Language


def money(amount: Decimal) -> str:
    """Return an amount with separators and a real minus.

    >>> money(Decimal("-1234567.5"))
    '−1,234,567.50'
    """
    return f"{amount:,.2f}".replace("-", "−")


def shown(field: Field[object], lang: Language) -> str:
    """Return a value, its text where it is none, or the word for its state."""
    if field.state is not FieldState.PRESENT:
        return DASH if field.state is FieldState.BLANK else say(field.state.value, lang)
    return plain(field.value, lang) if field.value is not None else field.raw or ""


def plain(value: object, lang: Language) -> str:
    """Return a value as a person writes it."""
    match value:
        case Decimal():
            return money(value)
        case Term():
            end = ("长期" if lang == "zh" else "open") if value.end is None else str(value.end)
            return f"{value.start or DASH} → {end}"
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def share(value: float | None) -> str:
    """Return a confidence, never rounded up to certainty; nothing where there is none.

    >>> share(0.99971)
    '0.999'
    """
    return "" if value is None else f"{math.floor(value * 1000) / 1000:.3f}"


def size(count: int) -> str:
    """Return a number of bytes.

    >>> size(2_300_000)
    '2.3 MB'
    """
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
