"""The registration authority (登记机关): the text on the arc of the seal, or a line of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from extractors.kinds.business_licence import arc
from extractors.kinds.business_licence.claims import ENOUGH, Claim
from extractors.kinds.business_licence.fields import Maker
from extractors.kinds.business_licence.labels import Mark
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Run, of_line
from extractors.ocr.engine import Line
from extractors.ocr.look import Look
from schemas.fields import Field
from schemas.geometry import Box

_NAME = re.compile(
    r"[\u3400-\u9fff()]{2,24}"
    r"(?:市场监督管理|工商行政管理|行政审批|市场监管|审批服务|政务服务|质量监督管理|质量技术监督)"
    r"[\u3400-\u9fff()]{0,12}(?:局|分局|委员会|厅|中心|办公室)"
)
_SMALLEST, _LARGEST = 1.7, 5.0
"""Radius of a seal in heights of the label 登记机关."""
_LABEL = re.compile(r"登记机关|发照机关|登记机(?!关)|记机关")
_SHORT_LINE = 24
"""A line of more characters is a sentence that speaks of the authority."""
_LINES = 50
"""Lines that a page has room for, where nothing tells how high they are."""
_ABOVE, _BELOW, _LEFT, _RIGHT = 8, 12, 4, 16
"""Where around the label the seal is looked for, in its heights."""
_DIVISIONS = "省市区县旗州盟"
_CLOSED = re.compile(
    r"市场和?质?量?监督管理|工商行政管理|工商管理|行政审批|市场监管|审批服务|政务服务|质量监督管理|和?质量技术监督"
    r"|分局|局|委员会|厅|中心|办公室|[省市区县旗州盟]"
)
"""Words of which names of authorities are made; what is left of a name are places."""
_BRANCH = re.compile(r"分|局|所")
"""What a seal bears below its star where the authority on its arc has a branch."""
_WHOLE_BRANCH = re.compile(r"[\u3400-\u9fff]{2,8}(?:分局|所)")
_LEAN = 0.04
"""A name that stands off the middle of the arc by this share of it has lost an end."""
_LEGIBLE = 0.5
"""A character this sure will do where the face names the same place."""
_LOW = 0.4
"""Share of the page below which a seal is sought that stands beside no label."""


@dataclass(frozen=True)
class _Seen:
    """A name on the arc; `is_whole` where it stands in the middle, with nothing lost at an end."""

    text: str
    run: Run
    is_whole: bool

    @property
    def weakest(self) -> float:
        """The sureness of its weakest character."""
        return Claim((self.run,)).weakest


@dataclass(frozen=True)
class _Readings:
    """The names that the cuts of a ring gave, by recogniser."""

    own: tuple[_Seen, ...]
    others: tuple[_Seen, ...] | None

    def votes(self, name: _Seen) -> int:
        """Return how many readings say the same."""
        return sum(name.text == other.text for other in (*self.own, *(self.others or ())))

    def is_plain(self, name: _Seen, face: Face) -> bool:
        """Return whether two readings agree on a place that the face names too."""
        return (
            self.votes(name) > 1
            and name.weakest >= _LEGIBLE
            and name.is_whole
            and _is_on_the_face(name.text, face)
        )

    def is_sure(self, name: _Seen, face: Face) -> bool:
        """Return whether the readings agree: on a place that the face names, fewer will do."""
        if self.is_plain(name, face):
            return True
        if self.others is None:
            return self.votes(name) == len(self.own) > 1 and name.weakest >= ENOUGH
        unlike = any(name.text == other.text for other in self.others)
        return self.votes(name) > 2 and unlike and name.weakest >= ENOUGH


def registration_authority(maker: Maker, face: Face, look: Look | None) -> Field[str]:
    """Return the name of the authority.

    From a seal it is accepted where it stands in the middle of the arc and readings of unlike
    recognisers agree on it, or two on a place that the face names too.
    """
    mark = mark_of(face)
    printed = _printed(face, mark)
    if look is None:
        return _from_line(maker, face, mark, printed)
    place, height = (_place(mark, face), mark.box.height) if mark else _anywhere(face)
    seal = arc.read(look, place, (_SMALLEST * height, _LARGEST * height))
    readings = _readings(seal, face, look) if seal else _Readings((), None)
    if printed is not None and (not readings.own or _is_beside(printed, mark)):
        return _from_line(maker, face, mark, printed, readings)
    if seal is None or not readings.own:
        return _from_line(maker, face, mark, None)
    best = max(
        readings.own,
        key=lambda n: (n.is_whole, _is_on_the_face(n.text, face), readings.votes(n), n.weakest),
    )
    branch = _branch(seal)
    sure = (
        mark is not None
        and best.is_whole
        and branch is None
        and readings.is_sure(best, face)
        and not _has_lost_its_beginning(best.text, face)
    )
    is_named = branch is not None and _WHOLE_BRANCH.fullmatch(branch.folded)
    runs = (best.run, branch) if branch and is_named else (best.run,)
    return maker.field(Field[str], Claim(runs, mark.label if mark else None), str, accepted=sure)


def mark_of(face: Face) -> Mark | None:
    """Return the label 登记机关, also where a line runs into it or it lost a character."""
    mark = face.layout.mark("registration_authority")
    if mark is not None:
        return mark
    for run in face.runs:
        found = _LABEL.search(run.folded)
        if found and len(run.glyphs) < _SHORT_LINE and run.middle > _LOW * face.page.height:
            part = run.cut(*found.span())
            return Mark("registration_authority", "登记机关", part.box, frozenset())
    return None


def _printed(face: Face, mark: Mark | None) -> Run | None:
    """Return the longest line that is the name of an authority, as some forms print it."""
    top = _place(mark, face).top if mark else _LOW * face.page.height
    lines = [_without_label(run) for run in face.runs if run.box.top > top]
    found = [run for run in lines if _NAME.fullmatch(run.folded)]
    return max(found, key=lambda run: len(run.glyphs), default=None)


def _is_beside(run: Run, mark: Mark | None) -> bool:
    """Return whether a name stands on the line of the label, and so is no piece of an arc."""
    return mark is not None and run.box.vertical_overlap(mark.box) > 0.5 * run.height


def _from_line(
    maker: Maker,
    face: Face,
    mark: Mark | None,
    printed: Run | None,
    readings: _Readings | None = None,
) -> Field[str]:
    """Return the name that stands in a line; recognised, it needs the seal to say the same."""
    if mark is None:
        return Field[str].unreadable()
    if printed is None:
        return Field[str].unreadable(None, maker.place(mark.box), mark.label)
    recognised = any(glyph.probability < 1 for glyph in printed.glyphs)
    seen = (*readings.own, *(readings.others or ())) if readings else ()
    agreed = any(name.text == printed.text for name in seen)
    return maker.field(
        Field[str], Claim((printed,), mark.label), str, accepted=agreed or not recognised
    )


def _anywhere(face: Face) -> tuple[Box, float]:
    """Return the lower part of the page, and how high labels are on it."""
    heights = [mark.box.height for mark in face.layout.marks] or [face.page.height / _LINES]
    page = face.page
    return Box(0.0, _LOW * page.height, page.width, page.height), median(heights)


def _readings(seal: arc.Arc, face: Face, look: Look) -> _Readings:
    """Return the names on an arc; the unlike recogniser is asked where they are not plain."""
    own = _names(seal.lines, seal.box)
    readings = _Readings(own, ())
    if not own or any(readings.is_plain(name, face) for name in own):
        return readings
    lines = seal.doubted(look)
    return _Readings(own, _names(lines, seal.box) if lines is not None else None)


def _names(lines: Sequence[Line], box: Box) -> tuple[_Seen, ...]:
    return tuple(name for name in (_seen(line, box) for line in lines) if name is not None)


def _branch(seal: arc.Arc) -> Run | None:
    """Return what stands below the star of a seal and tells of a branch."""
    run = of_line(seal.below, seal.box)
    return run if _BRANCH.search(run.folded) else None


def _seen(line: Line, box: Box) -> _Seen | None:
    run = of_line(line, box)
    name = _NAME.search(run.folded)
    if name is None:
        return None
    kept = run.cut(*name.span())
    first, last = (kept.glyphs[end].x for end in (0, -1))
    lean = abs((first - box.left) - (box.right - last)) / box.width
    return _Seen(kept.text, Run(kept.glyphs, box), is_whole=lean < _LEAN)


def _is_on_the_face(name: str, face: Face) -> bool:
    """Return whether every place in a name of an authority stands in the address or the name."""
    said = "".join(face.said[role].folded for role in ("address", "name") if role in face.said)
    places = [place for place in _CLOSED.split(name) if place]
    return bool(places) and all(len(place) > 1 and place in said for place in places)


def _has_lost_its_beginning(name: str, face: Face) -> bool:
    """Return whether the place that a name begins with is the end of a place on the face.

    A seal that says 池县 where the address says 盐池县 was not read from its beginning.
    """
    said = (face.said[role].folded for role in ("address", "name") if role in face.said)
    places = [(text, found.start()) for text in said for found in re.finditer(name[:2], text)]
    return bool(places) and all(at > 0 and text[at - 1] not in _DIVISIONS for text, at in places)


def _place(mark: Mark, face: Face) -> Box:
    box, height = mark.box, mark.box.height
    return Box(
        max(0.0, box.left - _LEFT * height),
        max(0.0, box.top - _ABOVE * height),
        min(face.page.width, box.right + _RIGHT * height),
        min(face.page.height, box.bottom + _BELOW * height),
    )


def _without_label(run: Run) -> Run:
    label = re.match(r"(?:登记|发照)机关:?", run.folded)
    start = label.end() if label else 0
    return run.cut(start) if start < len(run.glyphs) else run
