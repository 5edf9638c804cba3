"""A page picture that can be looked at again: the way to a second reading of a place.

A first reading says what is where. Where it is weak, covered by a seal or fails a check, an
extractor asks to look again at a box, in another view of the same pixels.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from extractors.ocr import lines
from extractors.ocr.engine import Engine, Image, Line, SecondOpinion
from schemas.geometry import Box
from schemas.text import Word

_INKED = 0.2
"""How far green and blue fall behind red, as a share of it, where a pixel bears red ink."""


class View(StrEnum):
    """How the pixels are shown to the recogniser."""

    PLAIN = "plain"
    RED = "red"
    """The red channel alone: a red seal or gold foil fades, dark print stays."""
    UNSEALED = "unsealed"
    """The red channel with the colour of a seal taken out of it: nothing of the seal is left but
    its noise. Of 144 amounts under seals, 137 are read right, and 109 in the red channel alone."""
    LARGE = "large"
    """Enlarged twofold with cubic interpolation, for print of few pixels."""
    SMOOTH = "smooth"
    """Without the speckles of a noisy low-resolution scan."""


@dataclass(frozen=True)
class Look:
    """The upright picture of a page, and the engine that reads it.

    `scale` is points for each pixel; boxes given and returned are in points.
    """

    image: Image
    engine: Engine
    scale: float = 1.0

    def pixels(self, box: Box, *, margin: float = 0.0) -> Image:
        """Return the pixels of a box, `margin` points wider, as far as they are on the page."""
        height, width = self.image.shape[:2]
        left = int(np.clip(np.floor((box.left - margin) / self.scale), 0, width - 1))
        top = int(np.clip(np.floor((box.top - margin) / self.scale), 0, height - 1))
        right = int(np.clip(np.ceil((box.right + margin) / self.scale), left + 1, width))
        bottom = int(np.clip(np.ceil((box.bottom + margin) / self.scale), top + 1, height))
        return self.image[top:bottom, left:right]

    def again(
        self, boxes: Sequence[Box], view: View = View.PLAIN, *, margin: float = 0.0
    ) -> tuple[Line, ...]:
        """Recognise the line in each box once more, in a view, in the order given."""
        crops = [_seen(self.pixels(box, margin=margin), view) for box in boxes]
        return self.engine.recognise(crops)

    def doubted(
        self, boxes: Sequence[Box], view: View = View.PLAIN, *, margin: float = 0.0
    ) -> tuple[Line, ...] | None:
        """Have the line in each box read by an unlike recogniser; None where there is none."""
        if not isinstance(self.engine, SecondOpinion):
            return None
        crops = [_seen(self.pixels(box, margin=margin), view) for box in boxes]
        return self.engine.reconsider(crops)

    def whole(self, view: View = View.PLAIN) -> tuple[Word, ...]:
        """Find and recognise all lines of the page once more, in a view."""
        factor = 2.0 if view is View.LARGE else 1.0
        image = _seen(self.image, view)
        words = lines.read(self.engine, image, self.engine.find(image))
        scale = self.scale / factor
        return tuple(word.model_copy(update={"box": word.box.scaled(scale)}) for word in words)


Looks = Callable[[int], Look | None]
"""Page number to its picture, made anew when asked; None for pages that have a text layer."""


def unsealed(image: Image) -> Image:
    """Return a picture in grey from which the red ink is taken out.

    Ink of a seal lets through a share of red light, and less of the rest. How much of it lies on
    a pixel is told by how far green and blue fall behind red there; what it took is given back.
    """
    red = image[:, :, 2].astype(np.float32)
    lag = 1 - np.minimum(image[:, :, :2].max(axis=2) / np.maximum(red, 1), 1)
    inked = lag > _INKED
    if not inked.any() or inked.all():
        return np.repeat(image[:, :, 2:3], 3, axis=2)
    paper = float(np.percentile(red[~inked], 80))
    full = float(np.percentile(lag[inked], 85))
    core = red[(lag > 0.8 * full) & (red > paper / 2)]
    through = float(np.clip(np.median(core) / paper, 0.5, 1)) if core.size else 1.0
    rest = through * (1 - full)
    share = np.clip(lag / np.maximum(1 - rest - (1 - lag) * (1 - through), 0.05), 0, 1)
    grey = np.clip(red / (1 - share * (1 - through)), 0, 255).astype(np.uint8)
    return np.repeat(cv2.GaussianBlur(grey, (0, 0), 0.8)[:, :, np.newaxis], 3, axis=2)


def _seen(image: Image, view: View) -> Image:
    if view is View.RED:
        return np.repeat(image[:, :, 2:3], 3, axis=2)
    if view is View.UNSEALED:
        return unsealed(image)
    if view is View.LARGE:
        return np.asarray(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    if view is View.SMOOTH:
        return np.asarray(cv2.fastNlMeansDenoisingColored(image, None, 5, 5, 5, 15))
    return image
