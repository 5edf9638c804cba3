"""Second readings of lines: the same text, and nothing before, behind or below it.

The short fields are read again whole, a little wider. The scope is half of all characters, so that
only the ends of its lines are, and beginnings that are not flush: what a line finder loses, it
loses there. Where an end tells that a line goes on, it is read again as far as there is room.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from extractors.kinds.business_licence import mending
from extractors.kinds.business_licence.claims import Claim, plain
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Run, of_line
from extractors.ocr.engine import Line
from extractors.ocr.look import Look, View
from schemas.geometry import Box

LONG = "business_scope"
_BEYOND = 2.2
"""How many line heights to the right of a value are read again, to see that it ends there."""
_BEFORE = 1.3
"""The same to the left of a line of the scope: room for one character."""
_FAR = 9.0
"""The same to the right of a line that is known to go on."""
_END = 3.2
"""How many line heights of the end of a line are read: three characters."""
_COMPARED = 2
_MARGIN = 0.12
_FLUSH = 0.4
"""How many line heights the beginnings of lines differ."""
_HOLE = 0.8
"""So many line heights between two pieces of a line have room for a character."""
_RAGGED = 1.5
"""How many line heights the ends of full lines differ."""


@dataclass(frozen=True)
class Second:
    """A second reading of the runs of a face, by the identity of the run.

    `whole` are lines read again in full, `ends` the beginnings and ends of those that were not,
    `wider` lines of which an end told that they go on. `below` is, by role, what stands where
    the next line of a value would.
    """

    whole: dict[int, Run]
    ends: dict[int, tuple[str, str]]
    wider: dict[int, Run] = field(default_factory=dict)
    below: dict[str, Run] = field(default_factory=dict)

    def agrees(self, claim: Claim) -> bool:
        """Return whether a wider cut of the same lines gives the same text and nothing more."""
        return all(self._agrees_on(run) for run in claim.runs)

    def instead(self, claim: Claim) -> Claim:
        """Return the claim as the wider cut reads it."""
        return replace(claim, runs=tuple(self.whole.get(id(run), run) for run in claim.runs))

    def mended(self, role: str, claim: Claim) -> Claim:
        """Return the claim with what a wider cut shows beyond its lines, and the line below it."""
        runs = tuple(map(self._mended, claim.runs, (*claim.runs[1:], None)))
        more = (self.below[role],) if role in self.below else ()
        return replace(claim, runs=(*runs, *more))

    def _mended(self, run: Run, after: Run | None) -> Run:
        wider = self.wider.get(id(run)) or self.whole.get(id(run))
        if wider is None:
            return run
        return mending.without_colour(run, wider) or mending.lengthened(run, wider, after)

    def _agrees_on(self, run: Run) -> bool:
        text = plain(run.folded)
        if id(run) in self.whole:
            return plain(self.whole[id(run)].folded).endswith(text)
        return id(run) in self.ends and _same_ends(text, self.ends[id(run)])


def second_reading(face: Face, look: Look) -> Second:
    """Read the lines of all fields again, those of the scope at their ends."""
    short = [run for role, claim in face.said.items() if role != LONG for run in claim.runs]
    long = list(face.said[LONG].runs) if LONG in face.said else []
    others = [run.box for run in face.layout.runs]
    others += [mark.box for mark in face.layout.marks]
    widened = [_widened(run, others, face.page.width) for run in (*short, *long)]
    places = mending.places_below(face)
    open_ended = [run for run in long if not _begins_in_line(run, long)]
    lines = iter(
        look.again(
            [
                *widened[: len(short)],
                *(_end(run, box) for run, box in zip(long, widened[len(short) :], strict=True)),
                *(_beginning(run, others) for run in open_ended),
                *places.values(),
            ]
        )
    )
    whole = {id(run): of_line(next(lines), box) for run, box in zip(short, widened, strict=False)}
    behind = [next(lines).text for _ in long]
    starts = {id(run): next(lines).text for run in open_ended}
    ends = {id(r): (starts.get(id(r), r.text), end) for r, end in zip(long, behind, strict=True)}
    below = {role: of_line(next(lines), box) for role, box in places.items()}
    return Second(
        whole=whole,
        ends=ends,
        wider=_read_wider(_cut_short(long, ends), long, others, look, face.page.width),
        below={role: run for role, run in below.items() if mending.is_text(run)},
    )


def _begins_in_line(run: Run, long: Sequence[Run]) -> bool:
    """Return whether a line begins under most others, with a character: nothing is lost there."""
    edge = median(other.box.left for other in long)
    first = run.glyphs[0].x - run.box.left
    return abs(run.box.left - edge) < _FLUSH * run.height and first < run.height


def _cut_short(long: Sequence[Run], ends: dict[int, tuple[str, str]]) -> list[Run]:
    """Return the lines that go on, and where one does, all that end where the longest do.

    What hides the end of one line, a printed border mostly, hides the others' too.
    """
    going_on = {id(run) for run in long if _goes_on(run, ends[id(run)]) or _has_gap(run, long)}
    edge = max((run.box.right - _RAGGED * run.height for run in long), default=0.0)
    return [run for run in long if id(run) in going_on or (going_on and run.box.right > edge)]


def _has_gap(run: Run, long: Sequence[Run]) -> bool:
    """Return whether the next piece of the line stands farther off than characters do."""
    after = [r.box.left - run.box.right for r in long if r is not run and _is_level(r.box, run)]
    return any(_HOLE * run.height < gap < _FAR * run.height for gap in after)


def _read_wider(
    runs: Sequence[Run], long: Sequence[Run], others: Sequence[Box], look: Look, width: float
) -> dict[int, Run]:
    """Read lines as far as there is room, in red: what hides an end is mostly a seal."""
    boxes = [_as_far_as_there_is_room(run, long, others, width) for run in runs]
    lines: Sequence[Line] = look.again(boxes, View.RED) if boxes else ()
    return {id(run): of_line(line, box) for run, box, line in zip(runs, boxes, lines, strict=True)}


def _same_ends(text: str, ends: tuple[str, str]) -> bool:
    start, end = map(plain, ends)
    return start.startswith(text[:_COMPARED]) and end.endswith(text[-_COMPARED:])


def _goes_on(run: Run, ends: tuple[str, str]) -> bool:
    """Return whether a wider cut shows more in front of a line or behind it."""
    text, (start, end) = plain(run.folded), map(plain, ends)
    before, after = start.find(text[:_COMPARED]), end.rfind(text[-_COMPARED:])
    return before > 0 or -1 < after < len(end) - _COMPARED or not _same_ends(text, (start, end))


def _widened(run: Run, others: Sequence[Box], width: float, beyond: float = _BEYOND) -> Box:
    """Return the box of a run with some room to the right, as far as nothing known stands there."""
    grown = _grown(run.box, _MARGIN * run.height)
    limit = min(run.box.right + beyond * run.height, width)
    for other in others:
        if _is_level(other, run) and run.box.right - 0.2 * run.height < other.left < limit:
            limit = max(grown.right, other.left)
    return Box(grown.left, grown.top, limit, grown.bottom)


def _as_far_as_there_is_room(
    run: Run, long: Sequence[Run], others: Sequence[Box], width: float
) -> Box:
    """Return the place of a whole line, up to and with the beginning of its next piece."""
    wide = _widened(run, others, width, _FAR)._replace(left=_beginning(run, others).left)
    pieces = [
        other.box.left
        for other in long
        if other is not run and _is_level(other.box, run) and other.box.left >= wide.right
    ]
    reach = min(pieces, default=float("inf")) + run.height
    return wide._replace(right=reach) if reach < wide.right + 2 * run.height else wide


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
