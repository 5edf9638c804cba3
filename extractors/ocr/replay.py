"""Recorded words instead of a model: what an engine once said of a picture, said again.

Fast tests run on it. A picture that was never recorded is an error, not an empty page.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from extractors.ocr.engine import Engine, Image, Line, Quad
from schemas.errors import UnknownRecordingError


@dataclass(frozen=True)
class ReplayEngine:
    """Says again what was recorded in the JSON files of a folder.

    Raises:
        UnknownRecordingError: a picture has no recording.
    """

    folder: Path
    fingerprint: str = "replay"
    device: str = "none"

    def find(self, image: Image) -> tuple[Quad, ...]:
        """Return the recorded corners of every line."""
        found = json.loads(self._recording(image, "find"))
        return tuple(np.asarray(corners, np.float32) for corners in found)

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Return the recorded line of every picture."""
        return tuple(
            Line.model_validate_json(self._recording(image, "recognise")) for image in images
        )

    def _recording(self, image: Image, verb: str) -> str:
        name = recording_name(image, verb)
        path = self.folder / name
        if not path.is_file():
            raise UnknownRecordingError(name)
        return path.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Recorder:
    """Passes everything on to an engine and records what it says."""

    engine: Engine
    folder: Path
    fingerprint: str = field(init=False, default="replay")
    device: str = field(init=False, default="none")

    def find(self, image: Image) -> tuple[Quad, ...]:
        """Find lines, and record their corners."""
        quads = self.engine.find(image)
        self._keep(image, "find", json.dumps([quad.tolist() for quad in quads]))
        return quads

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Recognise lines, and record them."""
        lines = self.engine.recognise(images)
        for image, line in zip(images, lines, strict=True):
            self._keep(image, "recognise", line.model_dump_json())
        return lines

    def _keep(self, image: Image, verb: str, said: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / recording_name(image, verb)).write_text(said, encoding="utf-8")


def recording_name(image: Image, verb: str) -> str:
    """Return the name of a recording: the same for the same pixels."""
    shape = "x".join(map(str, image.shape))
    digest = hashlib.sha256(shape.encode() + np.ascontiguousarray(image).tobytes())
    return f"{verb}-{digest.hexdigest()[:24]}.json"
