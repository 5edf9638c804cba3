"""Maps between pictures: 3 × 3 matrices of homogeneous pixels, composed with `@`."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Image, Quad

Matrix: TypeAlias = NDArray[np.float64]
Size: TypeAlias = tuple[int, int]
"""Width and height, in pixels."""

_PAPER = (255, 255, 255)


def size_of(image: Image) -> Size:
    """Return the width and height of a picture."""
    height, width = image.shape[:2]
    return width, height


def corners(size: tuple[float, float]) -> NDArray[np.float64]:
    """Return the corners of a rectangle at the origin, clockwise from the top left."""
    width, height = size
    return np.array([[0.0, 0], [width, 0], [width, height], [0, height]])


def moved(points: NDArray[np.floating], matrix: Matrix) -> Quad:
    """Return where points come to lie.

    >>> moved(np.array([[1.0, 2.0]]), scaling(3)).tolist()
    [[3.0, 6.0]]
    """
    homogeneous = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return (homogeneous[:, :2] / homogeneous[:, 2:]).astype(np.float32)


def from_top_left(quad: Quad) -> Quad:
    """Return the corners clockwise from the top left: the first side is the one that runs right.

    Detectors sort corners by x, and so begin a long line that leans from plumb at its foot.

    >>> from_top_left(np.array([[10, 90], [16, 10], [20, 11], [14, 91]], np.float32))[0].tolist()
    [16.0, 10.0]
    """
    sides = np.roll(quad, -1, axis=0) - quad
    rightness = sides[:, 0] / np.maximum(np.hypot(sides[:, 0], sides[:, 1]), 1e-6)
    return np.roll(quad, -int(np.argmax(rightness)), axis=0)


def scaling(factor: float) -> Matrix:
    """Return the matrix that enlarges by a factor."""
    return np.diag([factor, factor, 1.0])


def shift(x: float, y: float) -> Matrix:
    """Return the matrix that moves everything right and down."""
    return np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])


def turn(rotation: int, size: Size) -> Matrix:
    """Return the matrix of a clockwise turn of a whole picture by 0, 90, 180 or 270 degrees."""
    width, height = size
    return {
        0: np.eye(3),
        90: np.array([[0.0, -1, height], [1, 0, 0], [0, 0, 1]]),
        180: np.array([[-1.0, 0, width], [0, -1, height], [0, 0, 1]]),
        270: np.array([[0.0, 1, 0], [-1, 0, width], [0, 0, 1]]),
    }[rotation]


def turned(image: Image, rotation: int) -> Image:
    """Return the picture turned clockwise."""
    return np.ascontiguousarray(np.rot90(image, -rotation // 90)) if rotation else image


def resized(image: Image, factor: float) -> Image:
    """Return the picture in another size; exactly itself at factor 1."""
    if factor == 1.0:
        return image
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def warped(image: Image, matrix: Matrix, size: Size) -> Image:
    """Return the picture moved by a matrix, on a white ground of the given size."""
    flat = cv2.warpPerspective(
        image,
        matrix,
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_PAPER,
    )
    return np.asarray(flat, np.uint8)


def framed(matrix: Matrix, size: Size, *, largest: float) -> tuple[Matrix, Size]:
    """Return the matrix followed by a shift, and the size that shows all of the moved picture.

    The new sides are at most `largest` times the old ones: what a steep view throws further out
    is cut off evenly on both sides.
    """
    reach = moved(corners(size), matrix)
    middle = (reach.min(axis=0) + reach.max(axis=0)) / 2
    spread = np.minimum(np.ptp(reach, axis=0), np.array(size) * largest)
    width, height = (int(np.ceil(side)) for side in spread)
    left, top = middle - spread / 2
    return shift(-float(left), -float(top)) @ matrix, (width, height)
