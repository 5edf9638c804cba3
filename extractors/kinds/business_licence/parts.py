"""Several licences on one picture, told apart: side by side, or one above the other.

Each has a title. Between two titles the picture is cut where no text stands, and the cut counts
only when what is on either side is a licence of its own.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.kinds.business_licence import forms
from extractors.kinds.business_licence.recognition import is_licence
from extractors.kinds.business_licence.runs import of_word
from extractors.ocr.look import Look
from schemas.geometry import Box
from schemas.text import Page, Word

Part = tuple[Page, Look | None]
"""One licence with its words only, and the picture with everything else painted over."""

_PAPER = 255
_FOOT = ("监制", "登记机关", "发照机关", "公示系统")
"""Words of the foot of a licence: of two, one above the other, the cut is below them."""


def parts(page: Page, look: Look | None) -> tuple[Part, ...]:
    """Return the licences of a page, in reading order; mostly it is one, the whole page."""
    titles = [word for word in page.words if forms.is_title(of_word(word).folded)]
    for upper, lower in pairwise(titles):
        for one, other in _halves(page, upper.box, lower.box):
            first, second = (_part(page, look, half) for half in (one, other))
            if is_licence(first[0]) and is_licence(second[0]):
                return (*parts(*first), *parts(*second))
    return ((page, look),)


def _halves(page: Page, one: Box, other: Box) -> list[tuple[Box, Box]]:
    """Return the two ways of cutting a page between two titles, as far as there is a gap."""
    whole = Box(0.0, 0.0, page.width, page.height)
    left, right = sorted((one, other), key=lambda box: box.left)
    top, bottom = sorted((one, other), key=lambda box: box.top)
    found = []
    across = _gap([(w.box.left, w.box.right) for w in page.words], left.right, right.left)
    if across is not None:
        found.append((whole._replace(right=across), whole._replace(left=across)))
    foot = _foot(page.words, top, bottom)
    down = _gap([(w.box.top, w.box.bottom) for w in page.words], foot, bottom.top)
    if down is not None:
        found.append((whole._replace(bottom=down), whole._replace(top=down)))
    return found


def _foot(words: Sequence[Word], top: Box, bottom: Box) -> float:
    """Return where the foot of the upper licence begins to end."""
    feet = [
        word.box.bottom
        for word in words
        if top.bottom < word.box.bottom < bottom.top and any(foot in word.text for foot in _FOOT)
    ]
    return max(feet, default=top.bottom)


def _gap(spans: Sequence[tuple[float, float]], start: float, end: float) -> float | None:
    """Return the middle of the widest stretch between two places that no span reaches into."""
    edge, widest = start, (0.0, 0.0)
    for low, high in sorted(span for span in spans if span[1] > start and span[0] < end):
        widest = max(widest, (low - edge, (low + edge) / 2))
        edge = max(edge, high)
    widest = max(widest, (end - edge, (end + edge) / 2))
    return widest[1] if widest[0] > 0 else None


def _part(page: Page, look: Look | None, half: Box) -> Part:
    words = tuple(word for word in page.words if _holds(half, word.box.centre))
    return page.model_copy(update={"words": words}), _only(look, half) if look else None


def _only(look: Look, half: Box) -> Look:
    """Return a picture on which only one half is to be seen, at its place."""
    image = look.image.copy()
    left, top, right, bottom = (round(edge / look.scale) for edge in half)
    image[:top], image[bottom:] = _PAPER, _PAPER
    image[:, :left], image[:, right:] = _PAPER, _PAPER
    return replace(look, image=image)


def _holds(half: Box, point: tuple[float, float]) -> bool:
    x, y = point
    return half.left <= x < half.right and half.top <= y < half.bottom
