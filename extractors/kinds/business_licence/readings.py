"""Looking again: where a label, a line or the number ought to stand and was not found."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.kinds.business_licence import labels
from extractors.kinds.business_licence.labels import Mark
from extractors.kinds.business_licence.layout import Column, Layout
from extractors.kinds.business_licence.runs import Run, around, of_word
from extractors.ocr.look import Look, View
from schemas.geometry import Box
from schemas.text import Word

_NUMBER_LABEL = re.compile(r"统一社会|信用代码|注册号")
_GUESS = 0.5
"""A line with a character less probable than this is taken for nothing: a frame, a fold."""
_ROOM = 1.3
"""A gap of so many line heights between a value and the next label has room for a line."""


def missing_labels(layout: Layout, look: Look) -> tuple[Mark, ...]:
    """Read the label beside each row of values that no label claims.

    A label that is as high as several lines is read beside each of them, and is one.
    """
    places = [_label_place(column, row) for column, row in layout.strays]
    boxes = [place for place in places if place is not None]
    if not boxes:
        return ()
    found: dict[str, Mark] = {}
    for box, line in zip(boxes, look.again(boxes), strict=True):
        role, label = labels.match(line.text) or (None, "")
        if role is None:
            continue
        before = found.get(role)
        if before is None:
            found[role] = Mark(role, label, box, frozenset())
        elif before.box.vertical_overlap(box) > 0:
            found[role] = replace(before, box=before.box | box)
    return tuple(found.values())


def empty_slots(layout: Layout, look: Look) -> tuple[Run, ...]:
    """Read what stands to the right of labels beside which no line was found."""
    values = [run.box for slot in layout.slots for run in slot.runs]
    boxes = []
    for column in layout.columns:
        beside = [box for box in values if column.right < box.left < column.end]
        if not beside:
            continue
        left, right = min(box.left for box in beside), max(box.right for box in beside)
        boxes += [
            Box(left - 0.1 * mark.box.height, mark.box.top, right, mark.box.bottom)
            for slot in layout.slots
            if not slot.runs and slot.mark in column.marks
            for mark in (slot.mark,)
        ]
    lines = look.again(boxes, View.RED) if boxes else ()
    return tuple(
        of_word(Word(text=line.text, box=box, characters=line.characters))
        for box, line in zip(boxes, lines, strict=True)
        if line.weakest > _GUESS
    )


def number_lines(runs: Sequence[Run], look: Look) -> tuple[Run, ...]:
    """Read the line of the number again in red, where gold foil or a title runs through it."""
    found = [run for run in runs if _NUMBER_LABEL.search(run.folded)]
    boxes = [
        Box(run.box.left, run.box.top, run.box.left + 26 * run.height, run.box.bottom)
        for run in found[:2]
    ]
    return tuple(run for box in boxes for run in within(look, box, View.RED))


def hidden_lines(layout: Layout, look: Look) -> tuple[Run, ...]:
    """Find and read again where a column has room for a line and none was found."""
    known = [run.box for run in layout.runs]
    found = [
        run
        for column in layout.columns
        for hole in _holes(layout, column)
        for run in within(look, hole, View.RED)
    ]
    return tuple(run for run in found if not any(_is_same(run.box, box) for box in known))


def _holes(layout: Layout, column: Column) -> list[Box]:
    """Return the places within a column where a line would fit and nothing stands."""
    marks = list(column.marks)
    slots = {id(slot.mark): slot for slot in layout.slots}
    values = [run for slot in slots.values() if slot.mark in marks for run in slot.runs]
    right = max((run.box.right for run in values), default=column.right)
    holes = []
    for mark, below in zip(marks, [*marks[1:], None], strict=True):
        slot = slots.get(id(mark))
        height = mark.box.height
        empty = slot is None or not slot.runs
        top = (
            mark.box.bottom
            if slot is None or empty
            else max(mark.box.bottom, around(slot.runs).bottom)
        )
        if empty:
            holes.append(Box(column.left, mark.box.top - 0.3 * height, right, top + 0.4 * height))
        if below is not None and below.box.top - top > _ROOM * height:
            holes.append(Box(column.left - height, top, right, below.box.top))
    return holes


def _is_same(a: Box, b: Box) -> bool:
    """Return whether two boxes are of one line: a watermark is larger than a line under it."""
    shared = a.horizontal_overlap(b) * a.vertical_overlap(b)
    return shared > 0.4 * max(a.width * a.height, b.width * b.height)


def _label_place(column: Column, row: Sequence[Run]) -> Box | None:
    value = around(row)
    right = min(column.right + 0.3 * value.height, value.left)
    if right - column.left < value.height:
        return None
    grown = 0.25 * value.height
    return Box(column.left - grown, value.top - grown, right, value.bottom + grown)


def within(look: Look, box: Box, view: View) -> tuple[Run, ...]:
    """Find and read the lines of a part of the page in a view."""
    part = Look(look.pixels(box), look.engine, look.scale)
    left, top = max(0.0, box.left), max(0.0, box.top)
    words = part.whole(view)
    return tuple(
        of_word(
            word.model_copy(
                update={
                    "box": Box(
                        word.box.left + left,
                        word.box.top + top,
                        word.box.right + left,
                        word.box.bottom + top,
                    )
                }
            )
        )
        for word in words
    )
