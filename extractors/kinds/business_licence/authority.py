"""The registration authority (登记机关): the text on the arc of the seal, or a line of its own."""

import re
from dataclasses import dataclass

from extractors.kinds.business_licence import arc
from extractors.kinds.business_licence.claims import ENOUGH, Claim
from extractors.kinds.business_licence.fields import Maker
from extractors.kinds.business_licence.labels import Mark
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Run, of_word
from extractors.ocr.engine import Line
from extractors.ocr.look import Look
from schemas.fields import Field
from schemas.geometry import Box
from schemas.text import Word

_NAME = re.compile(
    r"[\u3400-\u9fff()]{2,24}"
    r"(?:市场监督管理|工商行政管理|行政审批|市场监管|审批服务|政务服务|质量监督管理|质量技术监督)"
    r"[\u3400-\u9fff()]{0,12}(?:局|分局|委员会|厅|中心|办公室)"
)
_SMALLEST, _LARGEST = 1.7, 5.0
"""Radius of a seal in heights of the label 登记机关."""
_ABOVE, _BELOW, _LEFT, _RIGHT = 8, 12, 4, 16
"""Where around the label the seal is looked for, in its heights."""
_DIVISIONS = "省市区县旗州盟"
_LEAN = 0.04
"""A name that stands off the middle of the arc by this share of it has lost an end."""


@dataclass(frozen=True)
class _Seen:
    """A name on the arc; `is_whole` where it stands in the middle, with nothing lost at an end."""

    text: str
    run: Run
    is_whole: bool


def registration_authority(maker: Maker, face: Face, look: Look | None) -> Field[str]:
    """Return the name of the authority.

    From a seal it is accepted where two cuts of the ring agree on a name in the middle of the arc.
    """
    mark = face.layout.mark("registration_authority")
    if mark is None:
        return Field[str].unreadable()
    if look is None:
        return _from_lines(maker, face, mark)
    seen = _on_the_arc(look, _place(mark, face), mark.box.height)
    if not seen:
        return _from_lines(maker, face, mark)
    best = max(seen, key=lambda name: (name.is_whole, Claim((name.run,)).weakest))
    claim = Claim((best.run,), mark.label)
    agreed = len(seen) > 1 and len({name.text for name in seen}) == 1
    sure = agreed and best.is_whole and claim.weakest >= ENOUGH
    sure = sure and not _has_lost_its_beginning(best.text, face)
    return maker.field(Field[str], claim, str, accepted=sure)


def _from_lines(maker: Maker, face: Face, mark: Mark) -> Field[str]:
    """Return the name that stands in a line; in a picture it is a part of the arc, perhaps."""
    lines = [_without_label(run) for run in face.runs if run.box.top > _place(mark, face).top]
    found = [run for run in lines if _NAME.fullmatch(run.folded)]
    if not found:
        return Field[str].unreadable(None, maker.place(mark.box), mark.label)
    longest = max(found, key=lambda run: len(run.glyphs))
    recognised = any(glyph.probability < 1 for glyph in longest.glyphs)
    return maker.field(Field[str], Claim((longest,), mark.label), str, accepted=not recognised)


def _on_the_arc(look: Look, place: Box, height: float) -> list[_Seen]:
    found = arc.read(look, place, (_SMALLEST * height, _LARGEST * height))
    if found is None:
        return []
    box, lines = found
    seen = (_seen(line, box) for line in lines)
    return [name for name in seen if name is not None]


def _seen(line: Line, box: Box) -> _Seen | None:
    run = of_word(Word(text=line.text, box=box, characters=line.characters))
    name = _NAME.search(run.folded)
    if name is None:
        return None
    kept = run.cut(*name.span())
    first, last = (kept.glyphs[end].x for end in (0, -1))
    lean = abs((first - box.left) - (box.right - last)) / box.width
    return _Seen(kept.text, Run(kept.glyphs, box), is_whole=lean < _LEAN)


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
