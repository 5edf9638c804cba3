"""Engines for tests: they say what a test painted, and fail when asked for anything else."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from extractors.ocr.engine import Image, Line, Quad
from schemas.geometry import Box
from schemas.text import Character


def line(text: str, probability: float = 0.99) -> Line:
    """Return a line whose characters all have one probability."""
    count = max(1, len(text))
    return Line(
        text=text,
        characters=tuple(
            Character(text=c, probability=probability, at=(i + 0.5) / count)
            for i, c in enumerate(text)
        ),
    )


def quad(box: Box) -> Quad:
    """Return the corners of a box."""
    left, top, right, bottom = box
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


@dataclass
class PaintedEngine:
    """Finds the boxes it was given, and says their texts in the order in which it is asked."""

    words: dict[Box, str]
    fingerprint: str = "painted"
    device: str = "none"
    asked: list[int] = field(default_factory=list)

    def find(self, image: Image) -> tuple[Quad, ...]:
        """Return the corners of every painted word."""
        return tuple(quad(box) for box in self.words)

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Return the painted texts, the first ones where only some are asked for."""
        self.asked.append(len(images))
        texts = list(self.words.values())[: len(images)]
        return tuple(line(text) for text in texts)
