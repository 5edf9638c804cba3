"""Small drawings of values over the periods, as shapes that a page can set without scripts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from pipeline.report.views import Bar, Trend

_HEIGHT: Final = 24
_BAR: Final = 11
_GAP: Final = 4
_LEAST: Final = 1.5
"""What a value that is nearly nothing is drawn as, so that it is seen."""


def trend(values: Sequence[Decimal | None], words: str) -> Trend | None:
    """Return a bar for each value, the oldest first; nothing where there is nothing to compare.

    A missing value leaves its place empty; bars of values below 0 hang from the line.
    """
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return None
    highest, lowest = max(0.0, *known), min(0.0, *known)
    scale = (_HEIGHT - 2) / ((highest - lowest) or 1.0)
    zero = 1 + highest * scale
    last = max(place for place, value in enumerate(values) if value is not None)
    bars = tuple(
        _bar(place, float(value) * scale, zero, "last" if place == last else "past")
        for place, value in enumerate(values)
        if value is not None
    )
    width = len(values) * (_BAR + _GAP) - _GAP
    return Trend(width, _HEIGHT, round(zero, 1), bars, words)


def _bar(place: int, length: float, zero: float, kind: str) -> Bar:
    tall = max(abs(length), _LEAST)
    top = zero - tall if length >= 0 else zero
    return Bar(place * (_BAR + _GAP), round(top, 1), _BAR, round(tall, 1), kind)
