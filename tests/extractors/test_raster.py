"""Pictures of every kind come out as BGR, upright, white where they are transparent."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from extractors import raster
from extractors.intake import Limits
from schemas.documents import MediaType
from schemas.errors import CorruptFileError, TooLargeError

ORIENTATION = 0x0112
LIMITS = Limits()


def encoded(picture: Pillow.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def red(size: tuple[int, int] = (30, 20), mode: str = "RGB") -> Pillow.Image:
    return Pillow.new("RGB", size, (250, 10, 10)).convert(mode)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", MediaType.PNG),
        ("JPEG", MediaType.JPEG),
        ("BMP", MediaType.BMP),
        ("GIF", MediaType.GIF),
        ("WEBP", MediaType.WEBP),
        ("TIFF", MediaType.TIFF),
    ],
)
def test_every_kind_is_blue_green_red(kind: str, media_type: MediaType) -> None:
    (image,) = raster.frames(encoded(red(), kind), media_type, LIMITS)

    assert image.shape == (20, 30, 3)
    assert image.dtype == np.uint8
    assert image[..., 2].mean() > 200
    assert image[..., 0].mean() < 60


def test_exif_rotation_is_applied() -> None:
    exif = Pillow.Exif()
    exif[ORIENTATION] = 6

    (image,) = raster.frames(encoded(red(), "JPEG", exif=exif), MediaType.JPEG, LIMITS)

    assert image.shape == (30, 20, 3)


def test_what_is_transparent_is_white() -> None:
    (image,) = raster.frames(
        encoded(Pillow.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"), MediaType.PNG, LIMITS
    )

    assert image.min() == 255


def test_deep_grey_keeps_its_shades() -> None:
    shades = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)

    (image,) = raster.frames(encoded(Pillow.fromarray(shades), "TIFF"), MediaType.TIFF, LIMITS)

    assert len(np.unique(image)) > 50


def test_each_page_of_a_tiff_is_a_frame_and_of_a_gif_only_the_first() -> None:
    pages = [red((10, 10 + n)) for n in range(3)]
    tiff = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    gif = encoded(pages[0], "GIF", save_all=True, append_images=pages[1:])

    heights = [image.shape[0] for image in raster.frames(tiff, MediaType.TIFF, LIMITS)]

    assert heights == [10, 11, 12]
    assert len(list(raster.frames(gif, MediaType.GIF, LIMITS))) == 1


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n", encoded(red(), "PNG")[:60]])
def test_what_cannot_be_decoded_is_corrupt(data: bytes) -> None:
    with pytest.raises(CorruptFileError):
        list(raster.frames(data, MediaType.PNG, LIMITS))


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(TooLargeError):
        list(raster.frames(encoded(red(), "PNG"), MediaType.PNG, Limits(max_pixels=500)))


def test_too_many_pages_are_refused() -> None:
    tiff = encoded(red(), "TIFF", save_all=True, append_images=[red(), red()])

    with pytest.raises(TooLargeError):
        list(raster.frames(tiff, MediaType.TIFF, Limits(max_pages=2)))
