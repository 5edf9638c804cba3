"""The date of issue: printed in pieces, mostly under the seal, below 登记机关 or beside 发照日期.

The pieces (2016 / 年 / 07月19日) stand on one line give or take; form and red ink break them. The
red channel, in which the seal fades, is the second reading.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from extractors.kinds.business_licence import days, readings
from extractors.kinds.business_licence.claims import ENOUGH, Claim
from extractors.kinds.business_licence.fields import Maker
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Run
from extractors.ocr.look import Look, View
from schemas.fields import Field
from schemas.geometry import Box

_PIECE = re.compile(r"[0-9〇○零一二三四五六七八九十廿年月日]+")
_PARTS = re.compile(r"((?:19|20)[0-9]{2})年?([0-9]{2})月?([0-9]{2})日?")
"""A date of which some of 年, 月 and 日 are lost; its month and day have two digits."""
_HIGH, _WIDE = 14, 4
"""How many heights of the label below it, and to its left, the date may stand."""


@dataclass(frozen=True)
class _Dated:
    """A date with the pieces that it is made of."""

    day: date
    claim: Claim


def issue_date(maker: Maker, face: Face, look: Look | None) -> Field[date]:
    """Return the date of issue; it is accepted where two readings agree on it."""
    place = _place(face)
    if place is None:
        return Field[date].unreadable()
    used = {id(run) for slot in face.layout.slots for run in slot.runs}
    first = _dated([run for run in face.runs if id(run) not in used], place)
    second = _dated(readings.within(look, _reread(first, place), View.RED), place) if look else None
    best = first or second
    if best is None:
        return Field[date].unreadable(None, maker.place(place))
    sure = _is_sure(best, second, face, has_picture=look is not None)
    return maker.field(Field[date], best.claim, lambda _: best.day, accepted=sure)


def _is_sure(best: _Dated, second: _Dated | None, face: Face, *, has_picture: bool) -> bool:
    if has_picture and (second is None or second.day != best.day):
        return False
    established = face.said.get("established_date")
    start = days.day(established.text) if established else None
    return best.claim.weakest >= ENOUGH and start is not None and start <= best.day


def _place(face: Face) -> Box | None:
    """Return where the date of issue stands: from its label or that of the authority downwards."""
    mark = face.layout.mark("issue_date") or face.layout.mark("registration_authority")
    if mark is None:
        return None
    box = mark.box
    return Box(
        max(0.0, box.left - _WIDE * box.height),
        max(0.0, box.top - 2 * box.height),
        face.page.width,
        min(face.page.height, box.bottom + _HIGH * box.height),
    )


def _reread(first: _Dated | None, place: Box) -> Box:
    if first is None:
        return place
    box = first.claim.box
    by = 1.5 * box.height
    return Box(max(0.0, box.left - by), max(0.0, box.top - by), box.right + by, box.bottom + by)


def _dated(runs: Sequence[Run], place: Box) -> _Dated | None:
    """Return the date that pieces on one line make."""
    pieces = [run for run in runs if _PIECE.fullmatch(run.folded) and _is_inside(run, place)]
    for seed in sorted(pieces, key=lambda run: -len(run.glyphs)):
        line = sorted((run for run in pieces if _is_level(run, seed)), key=lambda run: run.box.left)
        claim = Claim(tuple(line))
        day = days.day(claim.folded) or _bare(line)
        if day is not None:
            return _Dated(day, claim)
    return None


def _bare(line: Sequence[Run]) -> date | None:
    """Return the date of a line that lost a 年, 月 or 日."""
    found = _PARTS.fullmatch("".join(run.folded for run in line))
    whole = found and len(line) >= 3
    return days.day("{}年{}月{}日".format(*found.groups())) if found and whole else None


def _is_inside(run: Run, place: Box) -> bool:
    x, y = run.box.centre
    return place.left < x < place.right and place.top < y < place.bottom


def _is_level(run: Run, seed: Run) -> bool:
    return abs(run.middle - seed.middle) < 0.8 * max(run.height, seed.height)
