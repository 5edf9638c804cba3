"""PaddleOCR on ONNX Runtime: its detector finds lines, its recogniser is read by the character.

PaddleOCR's own pipeline keeps one mean score for a line, and the mean hides what matters: a wrong
character stands at 0.6 in a line of 0.97. So the recogniser's output is decoded here, and every
character keeps its probability and its runners-up. One engine belongs to one process: PaddleOCR
corrupts text under threads (its issue 18268).
"""

import functools
import itertools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
import yaml
from numpy.typing import NDArray

from extractors import models
from extractors.ocr.engine import Image, Line, Quad
from schemas.errors import DeviceError
from schemas.text import Alternative, Character

DETECTOR = "PP-OCRv6_small_det"
RECOGNISER = "PP-OCRv6_small_rec"
DOUBTER = "PP-OCRv5_mobile_rec"
"""Another generation of recogniser, with another alphabet: the second opinion."""
MODELS = (DETECTOR, RECOGNISER, DOUBTER)

_SIDE = 1920
"""Longest side, in pixels, at which lines are looked for: larger is slower and finds no more."""
_HEIGHT = 48
_BUCKET = 32
"""Step of the width of a batch. Padding costs a twelfth of the time and is needed: with a step of
8, 5 of 172 lines read otherwise, 3 of them sure ones that got a doubtful character more.
"""
_WIDEST = 3200
_BATCH_WIDTH = 8 * 320
"""Pixels of width that are recognised together: bounds the memory of the output."""
_RUNNERS_UP = 4
_FAINT = 0.02
"""Runners-up below this probability are not kept."""
_DEVICES = {"gpu": "CUDAExecutionProvider", "cpu": "CPUExecutionProvider"}


def fingerprint() -> str:
    """Return what readings with these models are known by, without loading a model."""
    return "paddleocr/" + "+".join(models.entry(name).fingerprint for name in MODELS)


def choose_device(wanted: str) -> str:
    """Return `cpu` or `gpu:0` for `cpu`, `gpu` or `auto`.

    Raises:
        DeviceError: a GPU is asked for and ONNX Runtime cannot use one.
    """
    has_gpu = _DEVICES["gpu"] in ort.get_available_providers()
    if wanted == "gpu" and not has_gpu:
        raise DeviceError(wanted, "this onnxruntime has no CUDA; install onnxruntime-gpu")
    return "gpu:0" if has_gpu and wanted in {"gpu", "auto"} else "cpu"


@dataclass(frozen=True)
class PaddleEngine:
    """Finds and recognises lines with models of the manifest, which it checks when it is made.

    Raises:
        ModelMissingError: a model is not installed.
        ModelHashError: a model is not the one of the manifest.
        DeviceError: the device is not to be had.
    """

    models_dir: Path
    wanted_device: str = "cpu"
    threads: int = 2

    def __post_init__(self) -> None:
        """Fail now rather than on the first page."""
        for name in MODELS:
            models.require(self.models_dir, name)
        choose_device(self.wanted_device)

    @property
    def fingerprint(self) -> str:
        """What readings with these models are known by."""
        return fingerprint()

    @property
    def device(self) -> str:
        """`cpu` or `gpu:0`."""
        return choose_device(self.wanted_device)

    def find(self, image: Image) -> tuple[Quad, ...]:
        """Return the corners of every line of text, in reading order."""
        with _one_at_a_time:
            (result,) = self._detector.predict(np.ascontiguousarray(image))
        return tuple(np.asarray(polygon, np.float32) for polygon in result["dt_polys"])

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Recognise pictures of one line each, in the order given."""
        with _one_at_a_time:
            return self._recogniser.lines(images)

    def reconsider(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Recognise pictures of one line each with the other recogniser, in the order given."""
        with _one_at_a_time:
            return self._doubter.lines(images)

    @functools.cached_property
    def _detector(self) -> Any:
        from paddleocr import TextDetection  # noqa: PLC0415  a second to import, so only here

        return TextDetection(
            model_name=DETECTOR,
            model_dir=str(models.require(self.models_dir, DETECTOR)),
            limit_side_len=_SIDE,
            limit_type="max",
            device=self.device,
            engine="onnxruntime",
            engine_config={"intra_op_num_threads": self.threads},
        )

    @functools.cached_property
    def _recogniser(self) -> "Recogniser":
        return self._loaded(RECOGNISER)

    @functools.cached_property
    def _doubter(self) -> "Recogniser":
        return self._loaded(DOUBTER)

    def _loaded(self, name: str) -> "Recogniser":
        folder = models.require(self.models_dir, name)
        return Recogniser(folder, device=self.device, threads=self.threads)


_one_at_a_time = threading.Lock()


class Recogniser:
    """A recogniser of lines whose output is decoded character by character (CTC)."""

    def __init__(self, folder: Path, *, device: str, threads: int) -> None:
        """Load the model.

        Raises:
            DeviceError: the device cannot be used although ONNX Runtime offers it.
        """
        provider = _DEVICES[device.partition(":")[0]]
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        path = folder / "inference.onnx"
        self._session = ort.InferenceSession(str(path), options, providers=[provider])
        if self._session.get_providers()[0] != provider:
            raise DeviceError(device, "ONNX Runtime fell back to the CPU")
        self._input = self._session.get_inputs()[0].name
        self._alphabet = _alphabet(folder, self._session)

    def lines(self, images: Sequence[Image]) -> tuple[Line, ...]:
        """Return what stands in each picture."""
        scaled = [_scaled(image) for image in images]
        found: dict[int, Line] = {}
        for batch in _batches([picture.shape[1] for picture in scaled]):
            width = _bucket(max(scaled[i].shape[1] for i in batch))
            pixels = np.zeros((len(batch), 3, _HEIGHT, width), np.float32)
            for row, i in enumerate(batch):
                pixels[row, :, :, : scaled[i].shape[1]] = _normalised(scaled[i])
            (output,) = self._session.run(None, {self._input: pixels})
            for row, i in enumerate(batch):
                used = scaled[i].shape[1] / width
                found[i] = decode(output[row], self._alphabet, used=used)
        return tuple(found[i] for i in range(len(images)))


def decode(output: NDArray[np.float32], alphabet: Sequence[str], *, used: float = 1.0) -> Line:
    """Turn frames × classes of probabilities into characters (best path, CTC).

    Class 0 is the blank. A character has the probability of its best frame, and as runners-up
    what else that frame thought possible, the blank (as an empty text) included. `used` is the
    share of the frames that shows the line; the rest is padding.
    """
    best = output.argmax(axis=1)
    frames = len(best) * used
    characters = []
    for start, end in _runs(best):
        if best[start] == 0:
            continue
        peak = start + int(output[start:end, best[start]].argmax())
        at = min(1.0, (start + end) / 2 / frames)
        characters.append(_character(output[peak], alphabet, at))
    return Line(
        text="".join(character.text for character in characters), characters=tuple(characters)
    )


def _character(frame: NDArray[np.float32], alphabet: Sequence[str], at: float) -> Character:
    top = np.argpartition(frame, -_RUNNERS_UP - 1)[-_RUNNERS_UP - 1 :]
    first, *others = top[np.argsort(-frame[top])]
    return Character(
        text=alphabet[first],
        probability=min(1.0, float(frame[first])),
        at=round(at, 4),
        alternatives=tuple(
            Alternative(text=alphabet[i], probability=float(frame[i]))
            for i in others
            if frame[i] >= _FAINT
        ),
    )


def _runs(classes: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield where the same class stands in neighbouring frames."""
    for _, run in itertools.groupby(range(len(classes)), key=lambda i: classes[i]):
        frames = list(run)
        yield frames[0], frames[-1] + 1


def _alphabet(folder: Path, session: ort.InferenceSession) -> tuple[str, ...]:
    """Return the text of every class, from the file beside the model or from its metadata."""
    beside = folder / "inference.yml"
    if beside.is_file():
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        config = yaml.load(beside.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
        characters = config["PostProcess"]["character_dict"]
    else:
        characters = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    return ("", *(str(character) for character in characters), " ")


def _scaled(image: Image) -> Image:
    height, width = image.shape[:2]
    goal = min(_WIDEST, max(_BUCKET // 2, round(width * _HEIGHT / max(height, 1))))
    return np.asarray(cv2.resize(image, (goal, _HEIGHT)), np.uint8)


def _normalised(image: Image) -> NDArray[np.float32]:
    return np.asarray((image.transpose(2, 0, 1) / 255 - 0.5) / 0.5, np.float32)


def _bucket(width: int) -> int:
    return -(-width // _BUCKET) * _BUCKET


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the indices of pictures of like width, as many as fit the memory."""
    order = sorted(range(len(widths)), key=lambda i: widths[i])
    batch: list[int] = []
    for i in order:
        if batch and _bucket(widths[i]) * (len(batch) + 1) > _BATCH_WIDTH:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
