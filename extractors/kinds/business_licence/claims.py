"""What a field says before anyone judges it: its glyphs, its place, and what may be missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.kinds.business_licence.layout import Slot
from extractors.kinds.business_licence.runs import Glyph, Run, around
from schemas.geometry import Box

_ONE_PIECE = frozenset(("legal_representative", "composition"))
"""Fields whose value is one word: what stands behind it belongs to something else."""
_WHOLE_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_FOREIGN_END = re.compile(r"(?<=[\u3400-\u9fff])[A-Za-z.]{2,}$")
"""Letters behind a Chinese value: the address of the web site that a picture was taken from."""
_FRAME = ":;.,·、。，：；|"


@dataclass(frozen=True)
class Claim:
    """The text of one field as it was read.

    `is_cut` tells that text beside it could not be explained; `is_sure_of_label` that its label
    was read and not inferred.
    """

    runs: tuple[Run, ...]
    label: str | None = None
    is_cut: bool = False
    is_sure_of_label: bool = True

    @property
    def text(self) -> str:
        """The pieces joined, as printed."""
        return "".join(run.text for run in self.runs).strip()

    @property
    def folded(self) -> str:
        """The pieces joined, in half width."""
        return "".join(run.folded for run in self.runs)

    @property
    def glyphs(self) -> tuple[Glyph, ...]:
        """All characters in reading order."""
        return tuple(glyph for run in self.runs for glyph in run.glyphs)

    @property
    def box(self) -> Box:
        """The place of the value."""
        return around(self.runs)

    @property
    def weakest(self) -> float:
        """The sureness of the weakest character that matters, 1 where none does."""
        return min((g.sureness for g in self.glyphs if g.is_significant), default=1.0)

    @property
    def doubtful(self) -> int:
        """How many characters that matter are below what alone would do."""
        return sum(g.is_significant and g.sureness < ENOUGH for g in self.glyphs)


ENOUGH = 0.85
"""A character this sure was never misread on the licences that this was fitted on."""


def of_slot(slot: Slot) -> Claim | None:
    """Return what a slot says, or None where nothing stands in it."""
    lines = [line for line in slot.lines if not _is_noise(line)]
    runs = _trimmed([run for line in lines for run in line])
    if not runs:
        return None
    if slot.mark.role in _ONE_PIECE and len(runs) > 1 and _WHOLE_NAME.fullmatch(runs[0].folded):
        return Claim(runs[:1], slot.mark.label, is_cut=True)
    last = runs[-1]
    strange = len(runs) > 1 and not re.search(r"[\u3400-\u9fff0-9*)\]】。]", last.folded)
    kept = runs[:-1] if strange else runs
    letters = _FOREIGN_END.search(kept[-1].folded)
    if letters and len(kept[-1].glyphs) > len(letters[0]):
        kept = (*kept[:-1], kept[-1].cut(0, letters.start()))
    return Claim(kept, slot.mark.label, is_cut=bool(slot.beside or letters) or strange)


def _is_noise(line: Sequence[Run]) -> bool:
    """Return whether a line is what a frame or a speck is read as: short, and not in Chinese."""
    text = "".join(run.folded for run in line)
    return len(text) <= 2 and not re.search(r"[\u3400-\u9fff0-9*)\]】。]", text)


def _trimmed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Drop separators that stand between label and value."""
    if not runs:
        return ()
    first = runs[0]
    start = len(first.folded) - len(first.folded.lstrip(_FRAME))
    kept = (first.cut(start),) if start < len(first.glyphs) else ()
    return (*kept, *runs[1:])


def plain(text: str) -> str:
    """Return a text without punctuation that says nothing; for comparing readings."""
    return re.sub(r"[^\w.\-]|_", "", text.replace("（", "(").upper())
