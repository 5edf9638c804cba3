"""Whether bare paper can be seen where a value ends: glare, a thumb or the edge may hide the rest.

What is hidden leaves no trace in the text. A line that ends at a burnt-out spot, in the dark, or
where the picture ends looks like any other, so the ground beside it is compared with its own.
"""

import numpy as np

from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.runs import Run
from extractors.ocr.engine import Image
from extractors.ocr.look import Look
from schemas.geometry import Box

_BESIDE = 2.0
"""How many line heights behind a line the ground is looked at: two characters and a half."""
_BELOW = 1.0
_ROOM = 1.2
"""How many line heights of the picture have to follow: less may have cut a character off."""
_BURNT = 250
"""Grey level of burnt-out ground, and of what lies beyond the edge of a straightened picture."""
_BRIGHT = 238
"""Paper that is lighter than this may well be white beside a value too."""
_DIM = 0.6
"""Ground that is so much darker than that under the text is no bare paper."""
_PAPER = 80
"""Percentile of the grey levels of a line that is paper and not ink."""
_MARGIN = 0.3
_PART = 0.25
"""Share of the ground that has to be hidden, for a character may stand there."""


def is_bare(look: Look, claim: Claim) -> bool:
    """Return whether paper like that under a value is seen beside its lines and below them."""
    height, width = (side * look.scale for side in look.image.shape[:2])
    if any(width - run.box.right < _ROOM * run.height for run in claim.runs):
        return False
    last = claim.runs[-1]
    if height - last.box.bottom < _BELOW * last.height:
        return False
    beside = any(_is_hidden(look, _beside(run), run) for run in claim.runs)
    return not beside and not _is_hidden(look, _below(last), last)


def _beside(run: Run) -> Box:
    box = run.box
    return Box(box.right, box.top, box.right + _BESIDE * run.height, box.bottom)


def _below(run: Run) -> Box:
    box = run.box
    return Box(box.left, box.bottom, box.right, box.bottom + _BELOW * run.height)


def _is_hidden(look: Look, place: Box, run: Run) -> bool:
    """Return whether much of a place is burnt out in all colours, or dim in every one."""
    paper = look.pixels(run.box, margin=_MARGIN * run.height)
    ground = look.pixels(place)
    weakest, strongest = (float(np.percentile(side, _PAPER)) for side in _sides(paper))
    least, most = (np.percentile(side, _PAPER, axis=0) for side in _sides(ground))
    burnt = float(np.mean(least >= _BURNT)) if weakest < _BRIGHT else 0.0
    return max(burnt, float(np.mean(most < _DIM * strongest))) > _PART


def _sides(image: Image) -> tuple[Image, Image]:
    """Return the weakest and the strongest colour of each pixel: red ink is dark in one only."""
    return np.asarray(image.min(axis=2), np.uint8), np.asarray(image.max(axis=2), np.uint8)
