"""What a line finder lost of a value: the beginning or end of a line, or its last line.

What is mended is shown to a person and never accepted: it was seen once.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from extractors.kinds.business_licence import boilerplate
from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.layout import Layout, Slot
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Glyph, Run, around
from schemas.geometry import Box

_OF_SEVERAL_LINES = ("address",)
"""Fields of which the last line may be lost without a trace; below a scope stands the seal."""
_ALIKE = 85.0
"""How alike, of 100, a line has to be to a part of its wider cut."""
_SURE = 0.8
"""A character less sure than this, beyond a line that is known, is a frame or a seal."""
_STRANGE = 4
"""So many characters of a line a watermark may have put there."""
_LINE = 1.6
"""How many line heights below a value its next line is looked for."""
_LEAST_ROOM = 0.8
_TEXT = re.compile(r"[\u3400-\u9fff0-9()、,;:。\-]")
_WORD = re.compile(r"[\u3400-\u9fff]")


def lengthened(run: Run, wider: Run, following: Run | None = None) -> Run:
    """Return a run with what a wider cut of its line shows before and behind it.

    What belongs to the run that follows is left to it.
    """
    same = fuzz.partial_ratio_alignment(run.folded, wider.folded, score_cutoff=_ALIKE)
    if same is None or len(wider.glyphs) <= len(run.glyphs):
        return run
    start, end = same.dest_start, same.dest_end
    before = _sure(tuple(reversed(wider.glyphs[:start])))
    after = _own(_sure(wider.glyphs[end:]), following)
    if not before and not after:
        return run
    return Run((*reversed(before), *run.glyphs, *after), run.box | wider.box)


def without_colour(run: Run, wider: Run) -> Run | None:
    """Return a line as it reads without the colour, where only that takes characters from it.

    Print is black: a character that goes with the colour is of a watermark or a stamp.
    """
    rest = iter(run.folded)
    less = all(character in rest for character in wider.folded)
    few = len(run.glyphs) - len(wider.glyphs)
    sure = all(glyph.sureness >= _SURE for glyph in wider.glyphs)
    return wider if less and 0 < few <= _STRANGE and sure else None


def _own(glyphs: tuple[Glyph, ...], following: Run | None) -> tuple[Glyph, ...]:
    """Return glyphs up to where the following run begins, nothing if they are all of it."""
    if following is None:
        return glyphs
    text = "".join(glyph.folded for glyph in glyphs)
    if text in following.folded[: len(text) + 2]:
        return ()
    shared = max(n for n in range(len(text) + 1) if text.endswith(following.folded[:n]))
    return glyphs[: len(glyphs) - shared]


def _sure(glyphs: Sequence[Glyph]) -> tuple[Glyph, ...]:
    """Return the first glyphs, as long as each is surely text."""
    kept = []
    for glyph in glyphs:
        if glyph.sureness < _SURE or not _TEXT.fullmatch(glyph.folded):
            break
        kept.append(glyph)
    return tuple(kept)


def places_below(face: Face) -> dict[str, Box]:
    """Return, by role, where one more line of a long value would stand, if there is room."""
    found = {}
    for role in _OF_SEVERAL_LINES:
        claim, slot = face.said.get(role), face.slot(role)
        place = _below(face.layout, slot, claim) if claim and slot else None
        if place is not None:
            found[role] = place
    return found


def _below(layout: Layout, slot: Slot, claim: Claim) -> Box | None:
    box, last = around(claim.runs), claim.runs[-1]
    top = last.box.bottom
    bottom = top + _LINE * last.height
    column = next((column for column in layout.columns if slot.mark in column.marks), None)
    nexts = [mark.box.top for mark in column.marks] if column else []
    level = [run.box.top for run in layout.runs if run.box.horizontal_overlap(box) > 0]
    edges = [edge for edge in (*nexts, *level) if edge > last.middle]
    bottom = min([bottom, *edges])
    if bottom - top < _LEAST_ROOM * last.height:
        return None
    return Box(box.left - 0.2 * last.height, top, box.right + last.height, bottom)


def is_text(run: Run) -> bool:
    """Return whether what was read where nothing was expected is a line of text."""
    words = [glyph for glyph in run.glyphs if _WORD.fullmatch(glyph.folded)]
    sure = sum(glyph.sureness >= _SURE for glyph in words)
    return sure > 1 and 2 * sure > len(run.glyphs) and not boilerplate.is_boilerplate(run)
