"""Which lines belong to which label: columns, wrapped lines, and lines whose label was not read.

A licence has one column of labels or two. A value stands to the right of its label, goes on in
the lines below it that follow closely, and ends where the next label of the column, a printed
sentence of the form or a gap begins.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from extractors.kinds.business_licence import boilerplate, labels
from extractors.kinds.business_licence.labels import Mark
from extractors.kinds.business_licence.runs import Run, around, rows_of
from schemas.geometry import Box

_COLUMNS_APART = 0.22
"""Share of the width of all text that parts the labels of two columns."""
_LINE_GAP = 0.6
"""How many line heights may lie between the lines of one value."""
_LOOSE_GAP = 1.0
"""The same for a line of the scope that begins right below the first one."""
_SCOPE = "business_scope"
_ONE_LINE = frozenset(("established_date", "registered_capital", "paid_in_capital", "composition"))
_TERM_GOES_ON = re.compile(r"^(至|[0-9]{4}年|长期|永久|止|年)")
_HIGHEST = 2.4
"""A run so many times as high as most is no line of a value."""
_ABOVE = 2.5
"""How many line heights above the first label that was read another may have stood."""
_START = 3.0
"""How many line heights after the others a value may begin."""
_WORD_GAP = 4.0
"""How many line heights may lie between the pieces of one line."""


@dataclass(frozen=True)
class Slot:
    """The place of a field: its label and the lines of its value, each from the left.

    `beside` is text that stands in the same row and could not be explained; a value with such a
    neighbour may be cut short.
    """

    mark: Mark
    lines: tuple[tuple[Run, ...], ...] = ()
    beside: tuple[Run, ...] = ()

    @property
    def runs(self) -> tuple[Run, ...]:
        """The pieces of the value in reading order."""
        return tuple(run for line in self.lines for run in line)


@dataclass(frozen=True)
class Column:
    """Labels that stand below each other; values begin after `right` and end before `end`."""

    marks: tuple[Mark, ...]
    left: float
    right: float
    end: float


@dataclass(frozen=True)
class Layout:
    """The face of a licence taken apart.

    `strays` are rows of a value column that no label claims, with their column: their label was
    not read.
    """

    runs: tuple[Run, ...]
    marks: tuple[Mark, ...]
    columns: tuple[Column, ...]
    slots: tuple[Slot, ...]
    strays: tuple[tuple[Column, tuple[Run, ...]], ...] = ()
    free: tuple[Run, ...] = field(default=())

    def slot(self, role: str) -> Slot | None:
        """Return the place of a field: of several, one with a value, and with a whole label."""
        found = [slot for slot in self.slots if slot.mark.role == role]
        return max(found, key=lambda slot: (bool(slot.lines), slot.mark.whole), default=None)

    def mark(self, role: str) -> Mark | None:
        """Return the first label of a role."""
        return next((mark for mark in self.marks if mark.role == role), None)


def lay_out(runs: Iterable[Run], extra: Sequence[Mark] = ()) -> Layout:
    """Take a face apart; `extra` are labels that a second look has found."""
    pieces = tuple(piece for run in _printed(runs) for piece in labels.split_at_gaps(run))
    hints = frozenset(n for n, run in enumerate(pieces) if boilerplate.is_boilerplate(run))
    found = (*labels.marks(pieces, hints), *extra)
    columns = tuple(_columns(found, pieces))
    kept = {id(mark) for column in columns for mark in column.marks}
    marks = tuple(mark for mark in found if id(mark) in kept or mark.role not in labels.BODY)
    taken = set().union(*(mark.parts for mark in marks))
    free = tuple(run for index, run in enumerate(pieces) if index not in taken)
    slots, strays, used = [], [], set()
    floor = _floor(marks)
    for column in columns:
        inside = [run for run in free if _is_in(run, column, floor)]
        column_slots, left_over = _fill(column, inside)
        slots += column_slots
        strays += [(column, tuple(row)) for row in left_over]
        used |= {id(run) for slot in column_slots for run in slot.runs}
    rest = tuple(run for run in free if id(run) not in used)
    return Layout(pieces, marks, columns, tuple(slots), tuple(strays), rest)


def _printed(runs: Iterable[Run]) -> list[Run]:
    """Leave out what is too high for a line: titles and seals."""
    lines = list(runs)
    usual = median(run.height for run in lines) if lines else 0.0
    return [run for run in lines if run.height < _HIGHEST * usual]


def _columns(found: Sequence[Mark], runs: Sequence[Run]) -> Iterable[Column]:
    """Group the labels of the body into columns, from the left."""
    body = sorted(
        (mark for mark in found if mark.role in labels.BODY), key=lambda mark: mark.box.right
    )
    if not body:
        return
    width = around(runs).width
    groups = [[body[0]]]
    for mark in body[1:]:
        if mark.box.right - groups[-1][-1].box.right > _COLUMNS_APART * width:
            groups.append([])
        groups[-1].append(mark)
    groups = [group for group in map(_aligned, groups) if group]
    for number, group in enumerate(groups):
        after = groups[number + 1] if number + 1 < len(groups) else None
        yield Column(
            marks=tuple(sorted(group, key=lambda mark: mark.middle)),
            left=min(mark.box.left for mark in group),
            right=median(mark.box.right for mark in group),
            end=min(mark.box.left for mark in after) if after else float("inf"),
        )


def _aligned(group: list[Mark]) -> list[Mark]:
    """Keep the labels that stand in the column, not those that begin within its values.

    The end of a label counts only where it stands under the ends of whole ones, in a row without.
    """
    whole = [mark for mark in group if mark.whole] or group
    edge = median(mark.box.right for mark in whole)
    standing = [mark for mark in whole if mark.box.left < edge - 0.3 * mark.box.height]
    ends = [
        mark
        for mark in group
        if not mark.whole
        and abs(mark.box.right - edge) < (0.8 if len(mark.label) == 1 else 1.5) * mark.box.height
        and not any(mark.box.vertical_overlap(o.box) > 0.5 * mark.box.height for o in standing)
    ]
    kept = standing + [mark for mark in ends if mark not in standing]
    return [mark for mark in kept if not any(_is_repeated(mark, other) for other in kept)]


def _is_repeated(mark: Mark, other: Mark) -> bool:
    """Return whether a label stands farther right than the same label: it is a word of a value."""
    return mark.role == other.role and mark.box.left > other.box.left + mark.box.height


def _floor(marks: Sequence[Mark]) -> list[Box]:
    """Return the labels below which, in their part of the page, no value goes on."""
    return [mark.box for mark in marks if mark.role == "registration_authority"]


def _is_in(run: Run, column: Column, floor: Sequence[Box]) -> bool:
    below = any(run.middle > box.top and run.box.right > box.left - 2 * box.height for box in floor)
    top = column.marks[0].box.top - _ABOVE * column.marks[0].box.height
    return (
        not below
        and run.middle > top
        and column.left < run.box.left
        and column.right - 1.5 * run.height < run.box.left < column.end - run.height
    )


def _fill(column: Column, inside: Sequence[Run]) -> tuple[list[Slot], list[list[Run]]]:
    """Give the runs of a column to its labels; return the slots and the rows left over."""
    above: list[Run] = []
    held: dict[int, list[Run]] = {n: [] for n in range(len(column.marks))}
    for number, mark in enumerate(column.marks):
        if mark.value is not None:
            held[number].append(mark.value)
    for run in _reachable(column, inside, [mark.value for mark in column.marks if mark.value]):
        owner = _owner(column.marks, run)
        if owner is None:
            above += [] if boilerplate.is_boilerplate(run) else [run]
        elif column.marks[owner].role == _SCOPE or not boilerplate.is_boilerplate(run):
            held[owner].append(run)
    slots: list[Slot] = []
    strays = rows_of(above)
    for number, mark in enumerate(column.marks):
        slot, rest = _slot(mark, held[number])
        slots.append(slot)
        strays += rest
    return _rejoined(slots, strays)


def _reachable(column: Column, inside: Sequence[Run], values: Sequence[Run]) -> list[Run]:
    """Return the runs that begin where values begin, or go on closely in such a row.

    What stands farther right is another part of the paper: a seal, the right half of a folded copy.
    """
    edge = _value_edge(column, [*inside, *values])
    reached: list[Run] = []
    for run in sorted(inside, key=lambda run: run.box.left):
        starts = run.box.left < edge + _START * run.height
        if starts or any(_goes_on(run, other) for other in (*reached, *values)):
            reached.append(run)
    return reached


def _value_edge(column: Column, runs: Sequence[Run]) -> float:
    """Return where most values of a column begin."""
    firsts = []
    for mark in column.marks:
        level = [
            run.box.left
            for run in runs
            if mark.box.top < run.middle < mark.box.bottom and run.box.left > mark.box.left
        ]
        firsts += [min(level)] if level else []
    return median(firsts) if firsts else column.right


def _goes_on(run: Run, left: Run) -> bool:
    level = run.box.vertical_overlap(left.box) > 0.5 * min(run.height, left.height)
    return level and run.box.left - left.box.right < _WORD_GAP * max(run.height, left.height)


def _owner(marks: Sequence[Mark], run: Run) -> int | None:
    """Return the last label that does not begin below the middle of a run."""
    above = [n for n, mark in enumerate(marks) if mark.box.top <= run.middle]
    return above[-1] if above else None


def _slot(mark: Mark, runs: Sequence[Run]) -> tuple[Slot, list[list[Run]]]:
    """Take the rows that follow a label and each other closely; return also the others."""
    lines: list[tuple[Run, ...]] = []
    beside: list[Run] = []
    rows = rows_of(runs)
    bottom = mark.box.bottom
    for number, row in enumerate(rows):
        height = median(run.height for run in row)
        gap = min(run.box.top for run in row) - bottom
        if gap > height * _room(mark.role, row[0], lines):
            return Slot(mark, tuple(lines), tuple(beside)), rows[number:]
        near, far = _parted(row)
        if lines and not _wraps(mark.role, near[0]):
            return Slot(mark, tuple(lines), tuple(beside)), rows[number:]
        if lines and not _is_continuation(near[0], lines[0][0]):
            return Slot(mark, tuple(lines), tuple(beside)), rows[number + 1 :]
        lines.append(tuple(near))
        beside += far
        bottom = max(run.box.bottom for run in near)
    return Slot(mark, tuple(lines), tuple(beside)), []


def _room(role: str, run: Run, lines: Sequence[tuple[Run, ...]]) -> float:
    """Return how many line heights may lie between a label, or a line, and the next line."""
    if not lines:
        return 1.5 * _LINE_GAP
    is_below = abs(run.box.left - lines[0][0].box.left) < 0.5 * run.height
    return _LOOSE_GAP if role == _SCOPE and is_below else _LINE_GAP


def _wraps(role: str, run: Run) -> bool:
    """Return whether a field goes on in a second line that begins with a run."""
    if role == "business_term":
        return bool(_TERM_GOES_ON.search(run.folded))
    return role not in _ONE_LINE


def _is_continuation(run: Run, first: Run) -> bool:
    """Return whether a line goes on a value: a sentence of the form only right below the scope."""
    return not boilerplate.is_boilerplate(run) or abs(run.box.left - first.box.left) < run.height


def _parted(row: list[Run]) -> tuple[list[Run], list[Run]]:
    """Part a row where the gap is too wide for one value."""
    near = [row[0]]
    for run in row[1:]:
        if run.box.left - near[-1].box.right > _WORD_GAP * max(run.height, near[-1].height):
            break
        near.append(run)
    return near, row[len(near) :]


def _rejoined(slots: list[Slot], strays: list[list[Run]]) -> tuple[list[Slot], list[list[Run]]]:
    """Give a row that stands closely above the first line of a label to that label."""
    left: list[list[Run]] = []
    for row in strays:
        below = next((n for n, slot in enumerate(slots) if _follows(row, slot)), None)
        if below is None:
            left.append(row)
        else:
            slots[below] = replace(slots[below], lines=(tuple(row), *slots[below].lines))
    return slots, left


def _follows(row: list[Run], slot: Slot) -> bool:
    """Return whether a slot goes on, without a gap, right below a row."""
    if not slot.lines:
        return False
    box, top = around(row), min(run.box.top for run in slot.lines[0])
    reaches = box.bottom > slot.mark.box.top - 0.2 * box.height
    return reaches and -0.5 * box.height < top - box.bottom < _LINE_GAP * box.height
