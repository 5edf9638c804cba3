"""Ways in which a picture of a sheet is worse than a scan: how it was held, lit, kept and marked.

Each takes a picture and returns a copy of the same text. What is left to chance is drawn from the
picture itself, so that a copy is the same in every run and unlike from picture to picture.
"""

import zlib
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

from sample_docs.make import fonts

Image = NDArray[np.uint8]

_GREY, _RED = (120, 120, 120), (215, 60, 60)
_SMALLEST = 500


def aside(image: Image) -> Image:
    """See a sheet from slightly aside."""
    height, width = image.shape[:2]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * (width, height)
    inset = np.array([[0.04, 0.03], [0.98, 0.0], [0.95, 0.99], [0.0, 0.96]]) * (width, height)
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), inset.astype(np.float32))
    flat = cv2.warpPerspective(image, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def leaning(image: Image, degrees: float = 7.0) -> Image:
    """Lay the sheet askew on a grey desk."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.88)
    desk = (96, 100, 104)
    return np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=desk), np.uint8)


def pressed(image: Image, quality: int = 40) -> Image:
    """Store as JPEG."""
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def reduced(image: Image, to: float = 0.6) -> Image:
    """Reduce to a share of its size."""
    return np.asarray(cv2.resize(image, None, fx=to, fy=to, interpolation=cv2.INTER_AREA))


def tiny(image: Image) -> Image:
    """Reduce to 500 pixels and store as a poor JPEG, as a picture from the web."""
    return pressed(reduced(image, min(1.0, _SMALLEST / max(image.shape))), 60)


def soft(image: Image) -> Image:
    """Blur by a thousandth of the longest side."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), max(image.shape) / 1000), np.uint8)


def shaken(image: Image) -> Image:
    """Move the camera by a three hundredth of the longest side while the picture is taken."""
    size = max(3, round(max(image.shape) / 300) | 1)
    line = np.zeros((size, size), np.float32)
    angle = _chance(image).uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * (size // 2)
    start, end = (np.rint(size // 2 + sign * reach).astype(int).tolist() for sign in (-1, 1))
    cv2.line(line, start, end, (1.0,))
    return np.asarray(cv2.filter2D(image, -1, line / line.sum()), np.uint8)


def dark(image: Image) -> Image:
    """Darken to 45 %, more so on the right."""
    fall = np.linspace(1.0, 0.6, image.shape[1])[None, :, None]
    return _shown(image * (0.45 * fall))


def shaded(image: Image) -> Image:
    """Let the shadow of a hand or a window frame fall across the sheet."""
    chance = _chance(image)
    x, y = _grid(image)
    across = np.cos(angle := chance.uniform(0, np.pi)) * x + np.sin(angle) * y
    distance = np.abs(across - chance.uniform(0.2, 0.8))
    band = 1 / (1 + np.exp((distance - 0.12) / 0.01))
    return _shown(image * (1 - 0.6 * band)[..., None])


def glaring(image: Image) -> Image:
    """Let a lamp mirror itself in the glass of the frame."""
    chance = _chance(image)
    x, y = _grid(image)
    at = chance.uniform(0.25, 0.75, 2)
    spot = np.exp(-(((x - at[0]) / 0.10) ** 2 + ((y - at[1]) / 0.06) ** 2))
    return _shown(image + (235 * spot)[..., None])


def folded(image: Image) -> Image:
    """Show the two creases of a sheet that was folded to a quarter."""
    height, width = image.shape[:2]
    x, y = _grid(image)
    shift = 0.004 * max(image.shape)
    ridges = [np.exp(-(np.abs(axis - 0.5) / 0.006)) for axis in (x, y)]
    light = 1 + 0.25 * ridges[0] - 0.35 * ridges[1] + 0.06 * np.sign(x - 0.5)
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    bent = cv2.remap(
        image,
        (columns + shift * ridges[0]).astype(np.float32),
        (rows + shift * ridges[1]).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return _shown(bent * light[..., None])


def photocopied(image: Image) -> Image:
    """Copy in grey: hard contrast, specks, and strokes that break or run together."""
    chance = _chance(image)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    paper = cv2.GaussianBlur(grey, (0, 0), max(image.shape) / 40)
    hard = 255 / (1 + np.exp(-(grey / np.maximum(paper, 1) - 0.72) * 18))
    noisy = hard + chance.normal(0, 22, grey.shape)
    specks = chance.random(grey.shape)
    noisy[specks < 0.001] = 0
    noisy[specks > 0.999] = 255
    return np.asarray(cv2.cvtColor(_shown(noisy), cv2.COLOR_GRAY2BGR), np.uint8)


def shown_again(image: Image) -> Image:
    """Photograph a screen that shows the picture: its grid beats with that of the camera."""
    x, y = (axis * max(image.shape) for axis in _grid(image))
    beats = [
        np.sin(2 * np.pi * (x * np.cos(0.1 * k) + y * np.sin(0.1 * k)) / (5.3 + 1.7 * k))
        for k in range(3)
    ]
    return _shown(image * (0.9 + 0.1 * np.stack(beats, axis=2)) + 8)


def marked(image: Image, words: str, colour: tuple[int, int, int]) -> Image:
    """Write what the copy is for across the whole picture, aslant and half transparent."""
    height, width = image.shape[:2]
    size = max(14, max(image.shape) // 28)
    layer = Pillow.new("L", (2 * width, 2 * height))
    pen, font = ImageDraw.Draw(layer), fonts.pillow(fonts.SANS, size)
    for row, top in enumerate(range(0, 2 * height, 6 * size)):
        for left in range(-(row % 2) * 4 * size, 2 * width, (len(words) + 4) * size):
            pen.text((left, top), words, fill=255, font=font)
    turned = np.asarray(layer.rotate(30), np.float32)
    ink = turned[height // 2 : height // 2 + height, width // 2 : width // 2 + width] * (0.4 / 255)
    return _shown(image * (1 - ink[..., None]) + ink[..., None] * np.array(colour[::-1]))


def cut_off(image: Image) -> Image:
    """Lose up to a fifth of the picture on the right, and with it the ends of lines."""
    kept = _chance(image).uniform(0.8, 0.95)
    return np.ascontiguousarray(image[:, : round(image.shape[1] * kept)])


def _shown(light: NDArray[np.floating]) -> Image:
    return np.asarray(np.clip(light, 0, 255), np.uint8)


def _grid(image: Image) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far right and down each pixel is, as shares of the picture."""
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    return x, y


def _chance(image: Image) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(np.ascontiguousarray(image).tobytes()))


DISGUISES: dict[str, Callable[[Image], Image]] = {
    "turned 90": lambda image: np.ascontiguousarray(np.rot90(image, -1)),
    "turned 180": lambda image: np.ascontiguousarray(np.rot90(image, 2)),
    "turned 270": lambda image: np.ascontiguousarray(np.rot90(image, 1)),
    "from aside": aside,
    "leaning by 7 degrees": leaning,
    "60 % of its size": reduced,
    "500 pixels": tiny,
    "JPEG quality 40": pressed,
    "blurred": soft,
    "shaken": shaken,
    "darkened": dark,
    "in a shadow": shaded,
    "glare": glaring,
    "folded": folded,
    "photocopied": photocopied,
    "screen": shown_again,
    "grey words across": partial(marked, words="仅供贷款使用 再次复印无效", colour=_GREY),
    "red words across": partial(marked, words="仅供贷款使用 再次复印无效", colour=_RED),
    "cut off on the right": cut_off,
}
"""By name. The first three are the same pixels, turned."""
