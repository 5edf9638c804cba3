"""What makes a sheet look official: frame, rosette, seal and square code, all of own design."""

import math
import random

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from sample_docs.make import fonts

RED = (200, 24, 30)
GOLD = (196, 150, 60)
PAPER = (253, 251, 244)


def ground(width: int, height: int) -> Image.Image:
    """Return paper with a faint woven pattern."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wave = np.sin(x / 17 + 2.2 * np.sin(y / 41)) * np.sin(y / 13 + 1.7 * np.sin(x / 53))
    tint = np.array([4, 7, 16], np.float32) * (wave > 0.35)[..., None]
    return Image.fromarray((np.array(PAPER, np.float32) - tint).astype(np.uint8))


def frame(image: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Draw a double border with a chain of diamonds between the lines."""
    pen = ImageDraw.Draw(image)
    left, top, right, bottom = box
    pen.rectangle(box, outline=GOLD, width=5)
    inner = (left + 34, top + 34, right - 34, bottom - 34)
    pen.rectangle(inner, outline=GOLD, width=3)
    for x in range(left + 17, right - 10, 30):
        for y in (top + 17, bottom - 17):
            _diamond(pen, x, y)
    for y in range(top + 47, bottom - 30, 30):
        for x in (left + 17, right - 17):
            _diamond(pen, x, y)


def rosette(image: Image.Image, centre: tuple[int, int], radius: int) -> None:
    """Draw a red and gold emblem of own design: rings, petals and a cogged rim."""
    pen = ImageDraw.Draw(image)
    for step in range(36):
        a, b = (_round(centre, radius * f, step * math.tau / 36) for f in (0.9, 1.08))
        pen.line((*a, *b), fill=GOLD, width=max(2, radius // 14))
    for share, colour in ((1.0, GOLD), (0.9, RED), (0.42, GOLD)):
        pen.ellipse(_circle(centre, radius * share), fill=colour)
    for step in range(8):
        petal = _round(centre, radius * 0.66, step * math.tau / 8)
        pen.ellipse(_circle(petal, radius * 0.14), fill=GOLD)
    pen.regular_polygon((*centre, radius * 0.3), 6, fill=RED)


def square_code(image: Image.Image, corner: tuple[int, int], cell: int, seed: int) -> None:
    """Draw a square that looks like a two-dimensional code and says nothing."""
    dice, size = random.Random(seed), 29
    grid = np.array([[dice.random() < 0.5 for _ in range(size)] for _ in range(size)])
    eye = np.ones((8, 8), bool)
    eye[:7, :7] = False
    eye[1:6, 1:6] = True
    eye[2:5, 2:5] = False
    grid[:8, :8], grid[:8, -8:], grid[-8:, :8] = ~eye, ~eye[:, ::-1], ~eye[::-1]
    code = Image.fromarray((~grid * np.uint8(255)).astype(np.uint8)).resize(
        (size * cell, size * cell), Image.Resampling.NEAREST
    )
    image.paste(Image.merge("RGB", (code, code, code)), corner)


def seal(image: Image.Image, centre: tuple[int, int], radius: int, text: str) -> None:
    """Stamp a round red seal with a star; the words run along the upper arc, ink on ink."""
    scale = 3
    size = radius * scale * 2 + 8 * scale
    layer = Image.new("L", (size, size), 0)
    middle, reach = (size // 2, size // 2), radius * scale
    pen = ImageDraw.Draw(layer)
    pen.ellipse(_circle(middle, reach), outline=255, width=4 * scale)
    pen.polygon(_star(middle, reach * 0.3), fill=255)
    _arc(layer, middle, reach, text)
    ink = layer.resize((size // scale, size // scale), Image.Resampling.LANCZOS)
    grain = np.random.default_rng(len(text)).uniform(0.72, 0.95, (ink.height, ink.width))
    ink = Image.fromarray((np.asarray(ink) * grain).astype(np.uint8))
    corner = (centre[0] - ink.width // 2, centre[1] - ink.height // 2)
    area = (*corner, corner[0] + ink.width, corner[1] + ink.height)
    under = image.crop(area)
    over = Image.composite(
        Image.new("RGB", ink.size, (214, 40, 44)), Image.new("RGB", ink.size, "white"), ink
    )
    image.paste(ImageChops.multiply(under, over), area[:2])


def _arc(layer: Image.Image, middle: tuple[int, int], reach: int, text: str) -> None:
    size = int(reach * min(0.25, 3.0 / max(len(text), 9)))
    span = min(1.32 * math.pi, len(text) * size * 1.3 / (reach * 0.78))
    for place, character in enumerate(text):
        angle = -span / 2 + span * (place + 0.5) / len(text)
        tile = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(tile).text(
            (size, size), character, 255, fonts.pillow(fonts.SERIF, size), "mm", stroke_width=1
        )
        tile = tile.rotate(-math.degrees(angle), Image.Resampling.BICUBIC)
        x, y = _round(middle, reach * 0.78, angle - math.pi / 2)
        box = (int(x) - size, int(y) - size)
        layer.paste(
            ImageChops.lighter(layer.crop((*box, box[0] + 2 * size, box[1] + 2 * size)), tile), box
        )


def _star(middle: tuple[int, int], radius: float) -> list[tuple[float, float]]:
    return [
        _round(middle, radius * (1 if n % 2 == 0 else 0.382), math.tau * n / 10 - math.pi / 2)
        for n in range(10)
    ]


def _round(centre: tuple[float, float], radius: float, angle: float) -> tuple[float, float]:
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def _circle(centre: tuple[float, float], radius: float) -> tuple[float, float, float, float]:
    return centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius


def _diamond(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.polygon([(x - 10, y), (x, y - 8), (x + 10, y), (x, y + 8)], outline=GOLD, width=2)
    pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=GOLD)
