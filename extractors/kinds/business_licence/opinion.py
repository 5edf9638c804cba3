"""The second opinion: an unlike recogniser on what no check can prove.

Two generations of recogniser share few misreadings of a rare or blurred character; of names and
addresses every misreading is another good name or address.
"""

from dataclasses import dataclass

from extractors.kinds.business_licence.claims import Claim, plain
from extractors.kinds.business_licence.runs import fold
from extractors.ocr.look import Look
from schemas.geometry import Box

_MARGIN = 0.05


@dataclass(frozen=True)
class Opinion:
    """Asks the unlike recogniser, where the engine has one."""

    look: Look | None

    def backs(self, claim: Claim) -> bool | None:
        """Return whether it reads every line alike; None where nobody can be asked."""
        boxes = [_grown(run.box, _MARGIN * run.height) for run in claim.runs]
        lines = self.look.doubted(boxes) if self.look else None
        if lines is None:
            return None
        pairs = zip(lines, claim.runs, strict=True)
        return all(plain(_folded(line.text)) == plain(run.folded) for line, run in pairs)


def _folded(text: str) -> str:
    return "".join(map(fold, text))


def _grown(box: Box, by: float) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)
