"""What an OCR engine is to the rest of the house: a finder of lines and a reader of lines.

Pictures are BGR arrays, height × width × 3, 8 bit. Boxes of an engine are in pixels of the
picture that it was given; `Look` turns them into points.
"""

from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from schemas.base import Model
from schemas.text import Character

Image: TypeAlias = NDArray[np.uint8]
Quad: TypeAlias = NDArray[np.float32]
"""The corners of a line, 4 × 2, in pixels: top left, top right, bottom right, bottom left."""


class Line(Model):
    """What was recognised in a picture of one line; an empty text where nothing was."""

    text: str = ""
    characters: tuple[Character, ...] = ()

    @property
    def weakest(self) -> float:
        """The lowest probability of a character, 0 where there is none."""
        return min((character.probability for character in self.characters), default=0.0)


class Engine(Protocol):
    """Finds and recognises text."""

    @property
    def fingerprint(self) -> str:
        """The same string means the same words for the same picture."""
        ...

    @property
    def device(self) -> str:
        """What it runs on: `cpu`, `gpu:0`."""
        ...

    def find(self, image: Image) -> tuple[Quad, ...]:
        """Return the corners of every line of text on a page."""
        ...

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Recognise pictures of one line each, in the order given."""
        ...


@runtime_checkable
class SecondOpinion(Protocol):
    """An engine with an unlike recogniser beside its own: one that errs elsewhere.

    It is asked about few lines only, where no check proves what was read.
    """

    def reconsider(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Recognise pictures of one line each with the other recogniser, in the order given."""
        ...
