"""How papers reach a bank: photographed on a desk, or put through an office scanner."""

import io
import time
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
STAMP = time.struct_time((2026, 10, 20, 10, 0, 0, 1, 293, 0))


def photo(image: Image.Image, seed: int, *, size: tuple[int, int]) -> Image.Image:
    """Photograph a sheet from slightly aside: desk, perspective, uneven light, soft lens."""
    dice = np.random.default_rng(seed)
    sheet = np.asarray(image.convert("RGB"))
    desk = _desk(dice, size)
    height, width = sheet.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inset = np.array([[0.075, 0.05], [0.93, 0.035], [0.955, 0.955], [0.045, 0.965]])
    wobble = dice.uniform(-0.008, 0.008, (4, 2))
    goal = ((inset + wobble) * np.array(size)).astype(np.float32)
    turn = cv2.getPerspectiveTransform(source, goal)
    warped = cv2.warpPerspective(sheet, turn, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), turn, size)
    shadow = cv2.GaussianBlur(np.roll(mask, (14, 18), (0, 1)), (0, 0), 16)
    shade = np.asarray(shadow, np.float64) / 255.0
    desk = desk * (1 - 0.45 * shade)[..., None]
    edge = (np.asarray(cv2.GaussianBlur(mask, (0, 0), 1), np.float64) / 255.0)[..., None]
    mixed = warped * edge + desk * (1 - edge)
    blurred = cv2.GaussianBlur(mixed * _light(size)[..., None], (0, 0), 0.7)
    lit = np.asarray(blurred, np.float64) + dice.normal(0, 3.0, mixed.shape)
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def scan(image: Image.Image, seed: int, *, angle: float) -> Image.Image:
    """Scan a sheet in grey: slightly askew, a little soft and noisy."""
    dice = np.random.default_rng(seed)
    grey = np.asarray(image.convert("L"))
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,))
    soft = cv2.GaussianBlur(turned.astype(np.float32), (0, 0), 0.6)
    return Image.fromarray(
        np.clip(soft * 0.95 + 8 + dice.normal(0, 2.5, soft.shape), 0, 255).astype(np.uint8)
    )


def clean_scan(image: Image.Image, seed: int) -> Image.Image:
    """Scan a sheet in colour on a flatbed: straight, a trace of noise and softness."""
    dice = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(np.asarray(image).astype(np.float32), (0, 0), 0.5)
    return Image.fromarray(np.clip(soft + dice.normal(0, 1.0, soft.shape), 0, 255).astype(np.uint8))


def scanned_pdf(source: Path, target: Path, *, seed: int, dpi: int = 200) -> None:
    """Turn a digital PDF into one that holds nothing but the pictures of its pages."""
    document = pypdfium2.PdfDocument(source)
    try:
        pages = [page.render(scale=dpi / 72).to_pil() for page in document]
    finally:
        document.close()
    tilts = (0.35, -0.45, 0.25)
    scans = [
        _compressed(scan(page, seed + number, angle=tilts[number % 3]))
        for number, page in enumerate(pages)
    ]
    scans[0].save(
        target, "PDF", save_all=True, append_images=scans[1:], resolution=dpi, quality=72,
        creationDate=STAMP, modDate=STAMP,
    )  # fmt: skip


def _compressed(image: Image.Image) -> Image.Image:
    held = io.BytesIO()
    image.save(held, "JPEG", quality=72)
    return Image.open(held)


def _desk(dice: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float64]:
    """Return a wooden desk: streaks along x."""
    width, height = size
    grain = cv2.GaussianBlur(dice.normal(0, 1, (height, width)), (0, 0), sigmaX=90, sigmaY=1.5)
    grain = np.asarray(grain, np.float64) / np.abs(grain).max()
    wood: NDArray[np.float64] = np.array([150.0, 112.0, 78.0]) + grain[..., None] * np.array(
        [34.0, 28.0, 22.0]
    )
    return wood


def _light(size: tuple[int, int]) -> NDArray[np.float64]:
    """Return how bright the lamp makes each place, falling off to a corner."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    away = np.hypot(x / width - 0.3, y / height - 0.25)
    fall: NDArray[np.float64] = 1.04 - 0.3 * away**1.4
    return fall
