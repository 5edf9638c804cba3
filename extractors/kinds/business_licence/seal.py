"""The date of issue: printed in pieces, mostly under the seal, below 登记机关 or beside 发照日期.

The pieces (2016 / 年 / 07月19日) stand on one line give or take; form and red ink break them. The
red channel, in which the seal fades, is the second reading.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.kinds.business_licence import days, readings
from extractors.kinds.business_licence.claims import ENOUGH, Claim
from extractors.kinds.business_licence.fields import Maker
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Run, around, of_line
from extractors.ocr.look import Look, View
from schemas.fields import Field
from schemas.geometry import Box

_PIECE = re.compile(r"[0-9〇○零一二三四五六七八九十廿年月日]+")
_PARTS = re.compile(r"((?:19|20)[0-9]{2})年?([0-9]{2})月?([0-9]{2})日?")
"""A date of which some of 年, 月 and 日 are lost; its month and day have two digits."""
_WHOLE = re.compile(r"20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日")
_SEED = re.compile(r"20[0-9]{2}|[年月]")
_LONGEST = 9
_STRIPS = 3
_BEYOND = 4.0
"""How many line heights a date may go on before and behind the pieces of it that were found."""
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
    second = None
    if first and look:
        second = _dated(readings.within(look, _reread(first), View.RED), place)
    best = first or (_looked_for(face, place, used, look) if look else None)
    if best and look and not first:
        second = _confirmed(best, look)
    if best is None:
        return Field[date].unreadable(None, maker.place(place))
    sure = _is_sure(best, second, face, has_picture=look is not None)
    return maker.field(Field[date], best.claim, lambda _: best.day, accepted=sure)


def _is_sure(best: _Dated, second: _Dated | None, face: Face, *, has_picture: bool) -> bool:
    if has_picture and (second is None or second.day != best.day):
        return False
    if not (face.layout.mark("issue_date") or face.layout.mark("registration_authority")):
        return False
    start = _founded(face)
    return best.claim.weakest >= ENOUGH and start is not None and start <= best.day


def _place(face: Face) -> Box | None:
    """Return where the date of issue stands: from its label or that of the authority downwards.

    A seal may hide both labels: then it is anywhere below the fields.
    """
    mark = face.layout.mark("issue_date") or face.layout.mark("registration_authority")
    if mark is None:
        return _below_all(face)
    box = mark.box
    return Box(
        max(0.0, box.left - _WIDE * box.height),
        max(0.0, box.top - 2 * box.height),
        face.page.width,
        min(face.page.height, box.bottom + _HIGH * box.height),
    )


def _below_all(face: Face) -> Box | None:
    boxes = [run.box for slot in face.layout.slots for run in slot.runs]
    if not boxes:
        return None
    return Box(0.0, max(box.bottom for box in boxes), face.page.width, face.page.height)


def _looked_for(face: Face, place: Box, used: set[int], look: Look) -> _Dated | None:
    """Return the date that a second look finds; one before the founding has lost a digit."""
    found = _of_strips(face, place, used, look)
    found = found or _dated(readings.within(look, place, View.RED), place)
    start = _founded(face)
    return None if found and start and found.day < start else found


def _confirmed(found: _Dated, look: Look) -> _Dated | None:
    """Return the date as the line of one that a second look found is read in plain view."""
    strip = _strip(found.claim.runs)
    return _printed(of_line(look.again([strip])[0], strip))


def _printed(run: Run) -> _Dated | None:
    printed = _WHOLE.search(run.folded)
    day = days.day(printed[0]) if printed else None
    return _Dated(day, Claim((run.cut(*printed.span()),))) if printed and day else None


def _founded(face: Face) -> date | None:
    established = face.said.get("established_date")
    return days.day(established.text) if established else None


def _of_strips(face: Face, place: Box, used: set[int], look: Look) -> _Dated | None:
    """Return the date of a line of which only pieces were found, read as one line."""
    pieces = [run for run in face.runs if id(run) not in used and _is_inside(run, place)]
    seeds = [run for run in pieces if _SEED.search(run.folded) and len(run.glyphs) < _LONGEST]
    seeds.sort(key=lambda run: -len(run.glyphs))
    strips = [_strip([run for run in seeds if _is_level(run, seed)]) for seed in seeds[:_STRIPS]]
    for view in (View.RED, View.PLAIN) if strips else ():
        for box, line in zip(strips, look.again(strips, view), strict=True):
            dated = _printed(of_line(line, box))
            if dated is not None:
                return dated
    return None


def _strip(line: Sequence[Run]) -> Box:
    """Return the place of a whole date around some of its pieces."""
    box = around(line)
    height = max(run.height for run in line)
    grown = 0.15 * height
    return Box(
        max(0.0, box.left - _BEYOND * height),
        box.top - grown,
        box.right + _BEYOND * height,
        box.bottom + grown,
    )


def _reread(first: _Dated) -> Box:
    box = first.claim.box
    by = 1.5 * box.height
    return Box(max(0.0, box.left - by), max(0.0, box.top - by), box.right + by, box.bottom + by)


def _dated(runs: Sequence[Run], place: Box) -> _Dated | None:
    """Return the date that pieces on one line make."""
    pieces = [run for run in runs if _PIECE.fullmatch(run.folded) and _is_inside(run, place)]
    for seed in sorted(pieces, key=lambda run: -len(run.glyphs)):
        level = sorted((r for r in pieces if _is_level(r, seed)), key=lambda run: run.box.left)
        for line in _around(level, level.index(seed)):
            claim = Claim(tuple(line))
            day = days.day(claim.folded) or _bare(line)
            if day is not None:
                return _Dated(day, claim)
    return None


def _around(line: Sequence[Run], at: int) -> Iterator[Sequence[Run]]:
    """Yield the neighbours of a piece with it, most first: a number of the seal may be level."""
    spans = [(a, b) for a in range(at + 1) for b in range(at + 1, len(line) + 1)]
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        yield line[start:end]


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
