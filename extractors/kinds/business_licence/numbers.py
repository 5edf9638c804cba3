"""The number of the licence: where it stands, and which of several numbers it is.

Beside the credit code or the registration number a licence may bear a print serial (编号,
证照编号), the index of the copy, and the addresses of web sites. What stands after the right label
counts; a number whose check characters hold needs no label.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from extractors.kinds.business_licence.runs import Run, rows_of
from schemas.identifiers import registration_number, uscc

_TOKEN = re.compile(r"[0-9A-Za-z]{2,}")
_CODE_LABEL = re.compile(r"信用代码|社会信用|用代码|代码")
_OLD_LABEL = re.compile(r"注册号|册号|登记号")
_SERIAL_LABEL = re.compile(r"编号|标识|序号|编码|档案|[Nn][Oo][.:]|副本号")
_LENGTHS = (15, 18)
_GAP = 1.5
"""A step so many times as wide as most parts two numbers."""
_JOIN = 2.0
"""How many line heights may part the pieces of one number."""


@dataclass(frozen=True)
class Number:
    """A number on the page with the text before it; `label` is the label that it follows."""

    run: Run
    before: str
    source: Run

    @property
    def text(self) -> str:
        """The compact number."""
        return uscc.compact(self.run.text.replace("l", "1"))

    @property
    def is_serial(self) -> bool:
        """Whether its label says that it counts prints or copies."""
        nearest = max(
            ((found.end(), kind) for kind in _LABELS for found in kind.finditer(self.before)),
            key=lambda found: found[0],
            default=(0, None),
        )
        return nearest[1] is _SERIAL_LABEL

    @property
    def is_after_code_label(self) -> bool:
        """Whether it follows 统一社会信用代码."""
        return not self.is_serial and bool(_CODE_LABEL.search(self.before))

    @property
    def is_after_old_label(self) -> bool:
        """Whether it follows 注册号."""
        return not self.is_serial and bool(_OLD_LABEL.search(self.before))


_LABELS = (_CODE_LABEL, _OLD_LABEL, _SERIAL_LABEL)


def numbers(runs: Sequence[Run]) -> tuple[Number, ...]:
    """Return every number of eight characters and more with the text to its left or above."""
    found = []
    for row in rows_of(runs):
        for token, before, source in _tokens(row):
            if len(token.glyphs) >= 8:
                context = before or _above(token, runs)
                found.append(Number(token, context, source))
    return tuple(found)


def is_sound_code(text: str) -> bool:
    """Return whether a text is a valid credit code of a kind that licences bear."""
    return uscc.is_valid(text) and uscc.is_licence(text)


def credit_code(found: Sequence[Number]) -> Number | None:
    """Return the unified social credit code: a valid one, or what stands after its label."""
    valid = [number for number in found if is_sound_code(number.text)]
    if valid:
        return max(valid, key=lambda n: n.is_after_code_label)
    likely = [n for n in found if not n.is_serial and _is_like_a_code(n)]
    return max(likely, key=lambda n: (n.is_after_code_label, _closeness(n.text)), default=None)


def old_number(found: Sequence[Number]) -> Number | None:
    """Return the registration number: what stands after its label, or a valid one."""
    labelled = [n for n in found if n.is_after_old_label and _is_like_a_number(n.text)]
    valid = [
        n
        for n in found
        if not n.is_serial and not n.is_after_code_label and registration_number.is_valid(n.text)
    ]
    both = [n for n in labelled if n in valid]
    return next(iter((*both, *labelled, *valid)), None)


def serial(found: Sequence[Number]) -> Number | None:
    """Return the serial of the print (证照编号, 编号), if one stands on the page."""
    return next((number for number in found if number.is_serial), None)


def _is_like_a_code(number: Number) -> bool:
    text = number.text
    if number.is_after_code_label:
        return 16 <= len(text) <= 20 and sum(c.isdigit() for c in text) >= 8
    return len(text) in {17, 18, 19} and text[:2] in {"91", "92", "93"}


def _closeness(text: str) -> int:
    return -abs(len(text) - 18)


def _is_like_a_number(text: str) -> bool:
    return len(text) in range(12, 17) and sum(c.isdigit() for c in text) >= len(text) - 2


def _tokens(row: Sequence[Run]) -> Iterator[tuple[Run, str, Run]]:
    """Yield the numbers of a row, each with the text before it; near pieces are one number."""
    before = ""
    open_piece: tuple[Run, str, Run] | None = None
    for run in row:
        at = 0
        for start, end in _spans(run):
            piece = run.cut(start, end)
            lead = run.folded[at:start]
            at = end
            apart = open_piece is not None and open_piece[2] is not run
            if open_piece and apart and not lead and _touches(open_piece[0], piece):
                open_piece = (_joined(open_piece[0], piece), open_piece[1], open_piece[2])
                continue
            if open_piece:
                yield open_piece
            before += lead
            open_piece = (piece, before, run)
        before += run.folded[at:]
        if open_piece and run.folded[at:]:
            yield open_piece
            open_piece = None
    if open_piece:
        yield open_piece


def _spans(run: Run) -> Iterator[tuple[int, int]]:
    """Yield where numbers begin and end; the index of the copy behind one is parted by its gap."""
    for token in _TOKEN.finditer(run.folded):
        start, end = token.span()
        steps = [run.glyphs[i].x - run.glyphs[i - 1].x for i in range(start + 1, end)]
        widest = max(range(len(steps)), key=steps.__getitem__)
        before = widest + 1
        if (
            before in _LENGTHS
            and end - start not in _LENGTHS
            and steps[widest] > _GAP * median(steps)
        ):
            yield start, start + before
            start += before
        yield start, end


def _touches(left: Run, right: Run) -> bool:
    return right.box.left - left.box.right < _JOIN * max(left.height, right.height)


def _joined(left: Run, right: Run) -> Run:
    return Run(left.glyphs + right.glyphs, left.box | right.box)


def _above(token: Run, runs: Sequence[Run]) -> str:
    """Return the text right above a number: the landscape form prints label over code."""
    box = token.box
    for run in runs:
        gap = box.top - run.box.bottom
        near = -0.5 * box.height < gap < 1.2 * box.height and run.middle < token.middle
        if near and run.box.horizontal_overlap(box) > 0.3 * min(run.box.width, box.width):
            return run.folded
    return ""
