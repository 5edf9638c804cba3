"""Where the tables, titles and figures of a page are: layoutparser's words, our ONNX model.

The model (PicoDet trained on CDLA, a set of Chinese documents) is registered with layoutparser as
a backend of its own, so that `AutoLayoutModel("lp://onnx/cdla/picodet")` is how it is had and any
other model of layoutparser can take its place.
"""

import functools
from itertools import product
from pathlib import Path

import cv2
import layoutparser as lp
import numpy as np
import onnxruntime as ort
from layoutparser.models.auto_layoutmodel import ALL_AVAILABLE_BACKENDS
from layoutparser.models.base_layoutmodel import BaseLayoutModel
from numpy.typing import NDArray

from extractors import models
from extractors.ocr.engine import Image

MODEL = "CDLA_layout"
LABELS = (
    "text",
    "title",
    "figure",
    "figure_caption",
    "table",
    "table_caption",
    "header",
    "footer",
    "reference",
    "equation",
)

_WIDTH, _HEIGHT = 608, 800
_STRIDES = (8, 16, 32, 64)
_BINS = 8
"""How far a side is from its anchor: a distribution over 0..7 strides (generalised focal loss)."""
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_LEAST_SCORE = 0.4
_SAME = 0.5
"""Boxes of a kind that overlap by more (intersection over union) are one block."""


class OnnxLayoutModel(BaseLayoutModel):  # type: ignore[misc]  # layoutparser has no types
    """A PicoDet detector on ONNX Runtime, in the form that layoutparser asks for."""

    DEPENDENCIES = ()
    DETECTOR_NAME = "onnx"
    MODEL_CATALOG = {"cdla": {"picodet": "CDLA_layout/inference.onnx"}}  # noqa: RUF012  its form

    def __init__(self, config_path: str, model_path: str, **_unused: object) -> None:
        """Load the weights at `model_path`; `config_path` is the name in the catalogue."""
        self.name = config_path
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = ort.InferenceSession(
            model_path, options, providers=["CPUExecutionProvider"]
        )

    def detect(self, image: Image) -> lp.Layout:
        """Return the blocks of a BGR page, boxes in its pixels, from top to bottom."""
        outputs = self._session.run(None, {"image": self.image_loader(image)})
        levels = len(_STRIDES)
        found = [
            _candidates(scores[0], sides[0], stride)
            for scores, sides, stride in zip(
                outputs[:levels], outputs[levels:], _STRIDES, strict=True
            )
        ]
        scores = np.concatenate([level[0] for level in found])
        boxes = np.concatenate([level[1] for level in found])
        height, width = image.shape[:2]
        boxes *= np.array([width / _WIDTH, height / _HEIGHT] * 2, np.float32)
        blocks = [block for kind in range(len(LABELS)) for block in _blocks(kind, scores, boxes)]
        return lp.Layout(sorted(blocks, key=lambda block: block.coordinates[1]))

    def image_loader(self, image: Image) -> NDArray[np.float32]:
        """Return the page as the model wants it: 608 × 800, normalised, channels first."""
        small = cv2.resize(image, (_WIDTH, _HEIGHT)).astype(np.float32) / 255
        return np.asarray(((small - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None], np.float32)


@functools.cache
def model(models_dir: Path) -> OnnxLayoutModel:
    """Return the layout model of the manifest.

    Raises:
        ModelMissingError: it is not installed.
        ModelHashError: it is not the one of the manifest.
    """
    ALL_AVAILABLE_BACKENDS[OnnxLayoutModel.DETECTOR_NAME] = OnnxLayoutModel
    weights = models.require(models_dir, MODEL) / "inference.onnx"
    loaded: OnnxLayoutModel = lp.AutoLayoutModel("lp://onnx/cdla/picodet", model_path=str(weights))
    return loaded


def share_of(layout: lp.Layout, kind: str, image: Image) -> float:
    """Return how much of a page the blocks of a kind cover, from 0 to 1."""
    height, width = image.shape[:2]
    covered = sum(block.area for block in layout if block.type == kind)
    return float(min(1.0, covered / (height * width)))


def _candidates(
    scores: NDArray[np.float32], sides: NDArray[np.float32], stride: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return scores and boxes of the anchors of one level that see anything at all."""
    rows, columns = -(-_HEIGHT // stride), -(-_WIDTH // stride)
    anchors = (np.array(list(product(range(rows), range(columns)))) + 0.5)[:, ::-1] * stride
    kept = scores.max(axis=1) >= _LEAST_SCORE
    logits = sides[kept].reshape(-1, 4, _BINS)
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    reach = (weights / weights.sum(axis=2, keepdims=True)) @ np.arange(_BINS) * stride
    boxes = np.concatenate([anchors[kept] - reach[:, :2], anchors[kept] + reach[:, 2:]], axis=1)
    return scores[kept], boxes.astype(np.float32)


def _blocks(
    kind: int, scores: NDArray[np.float32], boxes: NDArray[np.float32]
) -> list[lp.TextBlock]:
    """Return the blocks of one kind, each thing once (non-maximum suppression)."""
    kept = scores[:, kind] >= _LEAST_SCORE
    chosen, their = boxes[kept], scores[kept, kind]
    corners = np.column_stack([chosen[:, :2], chosen[:, 2:] - chosen[:, :2]])
    best = cv2.dnn.NMSBoxes(corners.tolist(), their.tolist(), _LEAST_SCORE, _SAME)
    return [
        lp.TextBlock(lp.Rectangle(*map(float, chosen[i])), type=LABELS[kind], score=float(their[i]))
        for i in np.asarray(best, int).ravel()
    ]
