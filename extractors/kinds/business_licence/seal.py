"""The date of issue: mostly under the seal, below 登记机关 or beside 发照日期.

It is read in several views: as the page was, in the place without the red ink, and as one line
around the pieces of it that were found. What two of them say, and none denies, is accepted.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from extractors.kinds.business_licence import authority, days, readings
from extractors.kinds.business_licence.claims import ENOUGH
from extractors.kinds.business_licence.dated import Dated, dated
from extractors.kinds.business_licence.fields import Maker
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Run, around, of_line
from extractors.ocr.engine import Line
from extractors.ocr.look import Look, View
from schemas.fields import Field
from schemas.geometry import Box

_SEED = re.compile(r"20[0-9]{2}|[年月]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?")
_LONGEST = 9
_STRIPS = 2
_REST = 9.0
"""How many line heights month and day reach beyond the year."""
_BEYOND = 4.0
"""How many line heights a date may go on before and behind the pieces of it that were found."""
_HIGH, _WIDE = 14, 4
"""How many heights of the label below it, and to its left, the date may stand."""
_AGREE = 2
"""Readings that have to say the same."""


def issue_date(maker: Maker, face: Face, look: Look | None) -> Field[date]:
    """Return the date of issue; it is accepted where two readings agree and none differs."""
    place = _place(face)
    if place is None:
        return Field[date].unreadable()
    used = {id(run) for slot in face.layout.slots for run in slot.runs}
    pieces = [run for run in face.runs if id(run) not in used and _is_inside(run, place)]
    said = _until_agreed(_readings(pieces, place, look))
    if not said:
        return Field[date].unreadable(None, maker.place(place))
    start = _founded(face) or date.min
    votes = Counter(found.day for found in said)
    best = max(said, key=lambda f: (f.day >= start, votes[f.day], f.claim.weakest))
    sure = _is_sure(best, said, face, has_picture=look is not None)
    field = maker.field(Field[date], best.claim, lambda _: best.day, accepted=sure)
    return field.model_copy(update={"raw": best.printed})


def _until_agreed(readings: Iterator[Dated]) -> list[Dated]:
    """Return readings until two agree; where any differs, all of them."""
    said: list[Dated] = []
    for found in readings:
        said.append(found)
        if len(said) == _AGREE and len({each.day for each in said}) == 1:
            break
    return said


def _readings(pieces: Sequence[Run], place: Box, look: Look | None) -> Iterator[Dated]:
    """Yield the date as it is read in one view after the other."""
    first = dated(pieces)
    if first is not None:
        yield first
    if look is None:
        return
    if first is not None:
        yield from _on(look, [_strip(first.claim.runs)])
    runs = _inside(readings.within(look, _around(first) if first else place, View.UNSEALED), place)
    second = dated(runs)
    if second is not None:
        yield second
    if first is None:
        strips = [_strip(second.claim.runs)] if second else _strips([*pieces, *runs])
        yield from _on(look, strips)


def _is_sure(best: Dated, said: Sequence[Dated], face: Face, *, has_picture: bool) -> bool:
    """Return whether the readings agree, and on a date that has lost no digit.

    The day of founding is another witness: a part of a date is hardly ever that day.
    """
    labelled = face.layout.mark("issue_date") or authority.mark_of(face)
    if not labelled or best.day < (_founded(face) or date.min):
        return False
    if not has_picture:
        return best.claim.weakest >= ENOUGH
    same = [found for found in said if found.day == best.day]
    agreed = len(same) == len(said) >= _AGREE
    sure = agreed and max(found.claim.weakest for found in same) >= ENOUGH
    if best.day == _founded(face):
        return sure
    return sure and _is_complete(same, face)


def _is_complete(same: Sequence[Dated], face: Face) -> bool:
    established = face.said.get("established_date")
    other = established.folded if established else None
    return not same[0].is_in_numerals and any(found.is_complete(other) for found in same)


def _place(face: Face) -> Box | None:
    """Return where the date of issue stands: from its label or that of the authority downwards.

    A seal may hide both labels: then it is anywhere below the fields.
    """
    mark = face.layout.mark("issue_date") or authority.mark_of(face)
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


def _founded(face: Face) -> date | None:
    established = face.said.get("established_date")
    return days.day(established.text) if established else None


def _on(look: Look, strips: Sequence[Box]) -> Iterator[Dated]:
    """Yield the dates of some lines, each read in two views and by the unlike recogniser."""
    if not strips:
        return
    views: tuple[Callable[[], Sequence[Line] | None], ...] = (
        lambda: look.again(strips, View.UNSEALED),
        lambda: look.again(strips, View.PLAIN),
        lambda: look.doubted(strips, View.UNSEALED),
    )
    for view in views:
        found = (
            dated([of_line(line, box)]) for box, line in zip(strips, view() or (), strict=False)
        )
        yield from (day for day in found if day is not None)


def _strips(pieces: Sequence[Run]) -> list[Box]:
    """Return where a date may stand of which only pieces were found.

    On the line of a year, and on the line of several pieces, letters of the form among them; a
    place counts once, so that one reading does not agree with itself.
    """
    years = [run for run in pieces if _YEAR.fullmatch(run.folded)]
    seeds = [run for run in pieces if _SEED.search(run.folded) and len(run.glyphs) < _LONGEST]
    seeds.sort(key=lambda run: -len(run.glyphs))
    lines = [[run for run in seeds if _is_level(run, seed)] for seed in seeds[:_STRIPS]]
    return list(dict.fromkeys([*map(_after, years[:_STRIPS]), *map(_strip, lines)]))


def _after(year: Run) -> Box:
    box, height = year.box, year.height
    return Box(
        box.left - 0.2 * height,
        box.top - 0.1 * height,
        box.right + _REST * height,
        box.bottom + 0.1 * height,
    )


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


def _around(first: Dated) -> Box:
    box = first.claim.box
    by = 1.5 * box.height
    return Box(max(0.0, box.left - by), max(0.0, box.top - by), box.right + by, box.bottom + by)


def _inside(runs: Sequence[Run], place: Box) -> list[Run]:
    return [run for run in runs if _is_inside(run, place)]


def _is_inside(run: Run, place: Box) -> bool:
    x, y = run.box.centre
    return place.left < x < place.right and place.top < y < place.bottom


def _is_level(run: Run, seed: Run) -> bool:
    return abs(run.middle - seed.middle) < 0.8 * max(run.height, seed.height)
