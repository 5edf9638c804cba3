"""What workers of the page pool do: see pages of uploads, and read places of pages again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Final, TypeAlias

import cv2
import numpy as np

from extractors.ocr.engine import Engine, Image, Line, Quad, SecondOpinion
from extractors.ocr.paddle import PaddleEngine
from extractors.seen import Pictures, SeenPage, Upload, see
from pipeline.pages.payload import Payload
from pipeline.settings import load_settings

Shape: TypeAlias = tuple[int, ...]
_WARMING: Final = (160, 640, 3)


@dataclass(frozen=True)
class See:
    """See a page of an upload, whose data is the payload."""

    upload: Upload
    number: int


@dataclass(frozen=True)
class Find:
    """Find the lines of a picture, whose pixels are the payload."""

    shape: Shape


@dataclass(frozen=True)
class Recognise:
    """Recognise pictures of one line each, whose pixels are the payload, one after the other.

    `again` asks the other recogniser, for a second opinion.
    """

    shapes: tuple[Shape, ...]
    again: bool = False


Task: TypeAlias = See | Find | Recognise


@dataclass(frozen=True)
class Recipe:
    """How a worker comes to its engine; it crosses to the worker in place of it."""

    models_dir: Path
    device: str
    threads: int = 1

    def __call__(self) -> "PageWork":
        """Load the models and try them, so that the first page waits for nothing.

        Raises:
            ConfigError: a model or the device is not to be had.
        """
        cv2.setNumThreads(self.threads)
        engine = PaddleEngine(self.models_dir, self.device, self.threads)
        blank = np.full(_WARMING, 255, np.uint8)
        engine.find(blank)
        engine.recognise([blank[:48]])
        return PageWork(engine)


@dataclass(frozen=True)
class Installed:
    """The models of the machine that it comes to, wherever its settings say they are."""

    device: str

    def __call__(self) -> "PageWork":
        """Load them and try them.

        Raises:
            ConfigError: a model or the device is not to be had there.
        """
        return Recipe(load_settings().models_dir.resolve(), self.device)()


class PageWork:
    """Does tasks with one engine; the upload that pages came from last stays open."""

    def __init__(self, engine: Engine) -> None:
        """Have no upload open."""
        self._engine = engine
        self._pictures: Pictures | None = None
        self._key = 0

    @property
    def device(self) -> str:
        """What the engine runs on."""
        return self._engine.device

    def do(self, task: Task, payload: Payload) -> SeenPage | tuple[Quad, ...] | tuple[Line, ...]:
        """Return what comes of a task."""
        if isinstance(task, See):
            return see(self._engine, self._opened(task.upload, payload), task.number)
        pixels = np.frombuffer(payload.read(), np.uint8)
        if isinstance(task, Find):
            return self._engine.find(pixels.reshape(task.shape))
        lines = _parted(pixels, task.shapes)
        if task.again and isinstance(self._engine, SecondOpinion):
            return self._engine.reconsider(lines)
        return self._engine.recognise(lines)

    def _opened(self, upload: Upload, payload: Payload) -> Pictures:
        if self._pictures is None or self._key != payload.key:
            if self._pictures is not None:
                self._pictures.close()
            self._pictures = Pictures(replace(upload, data=payload.read()))
            self._key = payload.key
        return self._pictures


def _parted(pixels: Image, shapes: Sequence[Shape]) -> list[Image]:
    ends = np.cumsum([prod(shape) for shape in shapes])
    parts = np.split(pixels, ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
