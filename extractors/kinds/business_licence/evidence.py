"""Whether the pipeline stands behind a reading: weakest characters, second readings, grammar.

A wrong value that is accepted is the one error that must not be made, so everything has to speak
for a value: it is whole (nothing unexplained beside it, nothing lost at an edge), it is what the
field can hold, and every character is either beyond doubt or read alike in an unlike view.
"""

from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from extractors.kinds.business_licence import boilerplate, days, grammar
from extractors.kinds.business_licence.claims import ENOUGH, Claim, plain
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Glyph, Run
from extractors.kinds.business_licence.second import LONG
from extractors.kinds.business_licence.views import Views
from schemas.geometry import Box

UNPROVED = frozenset(("name", "legal_representative", "address", LONG))
"""Fields of which any text is possible: a misread or lost character makes another good value."""
_DATED = ("established_date", "business_term")
_STRICT, _STRICTEST = 0.9, 0.98
_HARDLY_A_DOUBT = 0.95
_CLEAR = 0.95
"""Pages with a smaller share of sure characters are blurred, and misread with confidence."""
_INDENT = 1.2
"""A value that begins so many line heights behind the others may have lost its beginning."""
_TIGHT = 0.85
"""Lines of one value are closer than this share of the distance of labels."""
_UNEVEN = 1.6
"""A step between characters so many times as wide as most has room for another."""
_NEAR = 2.5


def is_legible(face: Face, role: str, claim: Claim, views: Views) -> bool:
    """Return whether every character is beyond doubt and a second reading says the same."""
    if claim.weakest < ENOUGH:
        return False
    if views.second and not (views.second.agrees(claim) and role not in views.second.below):
        return False
    return role not in UNPROVED or _is_beyond_doubt(face, claim, views)


def _is_beyond_doubt(face: Face, claim: Claim, views: Views) -> bool:
    """Return whether a text without a grammar that would catch a misreading is what is printed.

    On a page where many characters are unsure, the sure ones are wrong more often too. So there,
    and where a character is a little unsure, the unlike recogniser has to say the same; where
    there is none, a character has to be the surer.
    """
    is_clear = _clarity(face) >= _CLEAR
    if is_clear and claim.weakest >= _STRICTEST:
        return True
    backed = views.opinion.backs(claim)
    if backed is None:
        return claim.weakest >= (_STRICT if is_clear else _STRICTEST)
    return backed


def _clarity(face: Face) -> float:
    """Return the share of the characters of all values that are read with hardly a doubt."""
    sure = [
        glyph.sureness >= _HARDLY_A_DOUBT
        for claim in face.said.values()
        for glyph in claim.glyphs
        if glyph.is_significant
    ]
    return sum(sure) / len(sure) if sure else 0.0


def is_one_licence(face: Face) -> bool:
    """Return whether the page bears one licence: of two, the fields might be mixed up."""
    names = {
        plain("".join(run.folded for run in slot.runs))
        for slot in face.layout.slots
        if slot.mark.role == "name" and slot.runs
    }
    return len(names) <= 1 and not face.has_more_codes


def is_of_one_start(face: Face, role: str) -> bool:
    """Return whether the term starts on the day of founding, as it does on all papers but few.

    Where it does not, one of the two is more likely misread, and nobody knows which.
    """
    if role not in _DATED or any(each not in face.said for each in _DATED):
        return True
    printed, lasting = (face.said[each].folded for each in _DATED)
    founded, term = days.day(printed), days.term(lasting)
    return founded is None or term is None or term.start in (None, founded)


def is_even(claim: Claim, face: Face) -> bool:
    """Return whether the characters follow each other evenly: a gap tells of a lost one."""
    usual = _usual_step(face)
    between = (_step(a, b) for a, b in pairwise(claim.runs) if a.box.vertical_overlap(b.box) > 0)
    within = (step for run in claim.runs for step in _steps(run))
    return all(step < _UNEVEN * usual for step in (*within, *between))


def _usual_step(face: Face) -> float:
    steps = [step for claim in face.said.values() for run in claim.runs for step in _steps(run)]
    return median(steps) if steps else 0.0


def _steps(run: Run) -> list[float]:
    """Return how far neighbouring Chinese characters stand apart."""
    pairs = zip(run.glyphs, run.glyphs[1:], strict=False)
    return [b.x - a.x for a, b in pairs if _is_han(a) and _is_han(b)]


def _step(run: Run, other: Run) -> float:
    """Return how far the second of two runs of a line begins from where the first ends."""
    return other.glyphs[0].x - run.glyphs[-1].x if run.glyphs and other.glyphs else 0.0


def _is_han(glyph: Glyph) -> bool:
    return "\u3400" <= glyph.text <= "\u9fff"


def is_in_place(role: str, claim: Claim, face: Face) -> bool:
    """Return whether a value begins beside its label, and its lines are closer than labels are.

    A first line that was not found leaves the second below the label; a label that was not found
    leaves its value to the label above.
    """
    slot = face.slot(role)
    if slot is None:
        return False
    box, first = slot.mark.box, claim.runs[0]
    if not box.top - 0.5 * box.height < first.middle < slot.mark.middle + 0.25 * box.height:
        return False
    middles = sorted(
        mark.middle for c in face.layout.columns if slot.mark in c.marks for mark in c.marks
    )
    apart = min((b - a for a, b in pairwise(middles)), default=float("inf"))
    return all(b.middle - a.middle < _TIGHT * apart for a, b in pairwise(claim.runs))


def is_whole(claim: Claim, face: Face) -> bool:
    """Return whether nothing unexplained stands on the lines of a value or runs through them."""
    if claim.is_cut or any(id(run) in face.rescued for run in claim.runs):
        return False
    if _is_indented(claim, face) or claim.box.right > face.page.width - 0.3 * claim.runs[-1].height:
        return False
    known = _explained(face, claim)
    return not any(
        _disturbs(run, line) for run in face.runs if not _within(run, known) for line in claim.runs
    )


def _is_indented(claim: Claim, face: Face) -> bool:
    """Return whether a value begins behind the other values of its column."""
    first = claim.runs[0]
    for column in face.layout.columns:
        lefts = [
            slot.runs[0].box.left
            for slot in face.layout.slots
            if slot.runs and slot.mark in column.marks
        ]
        if column.right - first.height < first.box.left < column.end and len(lefts) > 2:
            return first.box.left > median(lefts) + _INDENT * first.height
    return False


def _explained(face: Face, claim: Claim) -> list[Box]:
    boxes = [slot.mark.box for slot in face.layout.slots]
    boxes += [run.box for slot in face.layout.slots for run in slot.runs]
    boxes += [mark.box for mark in face.layout.marks]
    return boxes + [run.box for run in claim.runs]


def _within(run: Run, boxes: Iterable[Box]) -> bool:
    """Return whether a run is covered by what is known (a known piece may be a part of it)."""
    area = max(run.box.width * run.box.height, 1e-6)
    shared = sum(run.box.horizontal_overlap(b) * run.box.vertical_overlap(b) for b in boxes)
    return shared > 0.5 * area or boilerplate.is_boilerplate(run)


def _disturbs(run: Run, line: Run) -> bool:
    """Return whether a run stands on a line of a value: over it, or near to its right."""
    level = run.box.vertical_overlap(line.box) > 0.3 * min(run.height, line.height)
    return (
        level
        and run.box.right > line.box.left - 0.5 * line.height
        and run.box.left < line.box.right + _NEAR * line.height
    )


def fits(face: Face, role: str, claim: Claim) -> bool:
    """Return whether the grammar of the field allows the text."""
    return grammar.fits(role, claim.folded, face.form.entity_type)
