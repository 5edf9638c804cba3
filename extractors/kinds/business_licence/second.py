"""Second readings of lines: the same text, and nothing before or behind it.

The short fields are read again whole, a little wider. The scope is half of all characters, so that
only the ends of its lines are: what a line finder loses, it loses there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.kinds.business_licence.claims import Claim, plain
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Run, of_word
from extractors.ocr.look import Look
from schemas.geometry import Box
from schemas.text import Word

LONG = "business_scope"
_BEYOND = 2.2
"""How many line heights to the right of a value are read again, to see that it ends there."""
_BEFORE = 1.3
"""The same to the left of a line of the scope: room for one character."""
_END = 3.2
"""How many line heights of the end of a line are read: three characters."""
_COMPARED = 2
_MARGIN = 0.12


@dataclass(frozen=True)
class Second:
    """A second reading of the runs of a face, by the identity of the run.

    `whole` are lines read again in full, `ends` the beginnings and ends of those that were not.
    """

    whole: dict[int, Run]
    ends: dict[int, tuple[str, str]]

    def agrees(self, claim: Claim) -> bool:
        """Return whether a wider cut of the same lines gives the same text and nothing more."""
        return all(self._agrees_on(run) for run in claim.runs)

    def instead(self, claim: Claim) -> Claim:
        """Return the claim as the wider cut reads it."""
        return replace(claim, runs=tuple(self.whole.get(id(run), run) for run in claim.runs))

    def _agrees_on(self, run: Run) -> bool:
        text = plain(run.folded)
        if id(run) in self.whole:
            return plain(self.whole[id(run)].folded).endswith(text)
        if id(run) not in self.ends:
            return False
        start, end = map(plain, self.ends[id(run)])
        return start.startswith(text[:_COMPARED]) and end.endswith(text[-_COMPARED:])


def second_reading(face: Face, look: Look) -> Second:
    """Read the lines of all fields again, those of the scope at their ends."""
    short = [run for role, claim in face.said.items() if role != LONG for run in claim.runs]
    long = list(face.said[LONG].runs) if LONG in face.said else []
    others = [run.box for run in face.layout.runs]
    others += [mark.box for mark in face.layout.marks]
    widened = [_widened(run, others, face.page.width) for run in (*short, *long)]
    lines = look.again(
        [
            *widened[: len(short)],
            *(_end(run, box) for run, box in zip(long, widened[len(short) :], strict=True)),
            *(_beginning(run, others) for run in long),
        ]
    )
    texts = [line.text for line in lines[len(short) :]]
    return Second(
        whole={
            id(run): of_word(Word(text=line.text, box=box, characters=line.characters))
            for run, box, line in zip(short, widened, lines, strict=False)
        },
        ends={
            id(run): (start, end)
            for run, end, start in zip(long, texts[: len(long)], texts[len(long) :], strict=True)
        },
    )


def _widened(run: Run, others: Sequence[Box], width: float) -> Box:
    """Return the box of a run with some room to the right, as far as nothing known stands there."""
    grown = _grown(run.box, _MARGIN * run.height)
    limit = min(run.box.right + _BEYOND * run.height, width)
    for other in others:
        if _is_level(other, run) and run.box.right - 0.2 * run.height < other.left < limit:
            limit = max(grown.right, other.left)
    return Box(grown.left, grown.top, limit, grown.bottom)


def _end(run: Run, widened: Box) -> Box:
    return widened._replace(left=max(widened.left, run.box.right - _END * run.height))


def _beginning(run: Run, others: Sequence[Box]) -> Box:
    """Return the box of the first characters, with room to the left as far as there is any."""
    grown = _grown(run.box, _MARGIN * run.height)
    limit = max(0.0, run.box.left - _BEFORE * run.height)
    for other in others:
        if _is_level(other, run) and limit < other.right < run.box.left + 0.5 * run.height:
            limit = min(run.box.left, other.right)
    right = min(grown.right, run.box.left + _END * run.height)
    return Box(limit, grown.top, right, grown.bottom)


def _is_level(other: Box, run: Run) -> bool:
    return other.vertical_overlap(run.box) > 0.2 * min(other.height, run.height)


def _grown(box: Box, by: float) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)
