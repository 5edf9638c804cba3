import base64
import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from extractors.intake import Limits
from pipeline.report import pictures
from pipeline.report.pictures import Sheet, Wish, cut, take
from pipeline.report.trend import trend
from pipeline.report.views import Picture
from pipeline.storage.blobs import Blobs
from pipeline.storage.folder import Folder
from schemas.documents import MediaType, SourceFile
from schemas.geometry import Box
from tests.builders import sha256

LIMITS = Limits()
RED = (0, 0, 255)
BLOCK = Box(100, 300, 200, 340)


def pixels(picture: Picture) -> np.ndarray:
    data = base64.b64decode(picture.uri.removeprefix("data:image/webp;base64,"))
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded.shape[:2] == (picture.height, picture.width)
    return np.asarray(decoded)


def painted(width: int = 600, height: int = 800) -> np.ndarray:
    """Return a white page with a red block."""
    image = np.full((height, width, 3), 255, np.uint8)
    image[300:340, 100:200] = RED
    return image


def encoded(image: np.ndarray, suffix: str) -> bytes:
    return cv2.imencode(suffix, image)[1].tobytes()


def source(data: bytes, media_type: MediaType, blobs: Blobs) -> SourceFile:
    return SourceFile(name="a", sha256=blobs.put(data), media_type=media_type, size=len(data))


def pdf(image: np.ndarray, pages: int = 1) -> bytes:
    """Return a PDF whose pages show the image, a point for each pixel."""
    sheet = Pillow.fromarray(image[:, :, ::-1])
    out = io.BytesIO()
    more = [sheet] * (pages - 1)
    sheet.save(out, "PDF", resolution=72, save_all=True, append_images=more)
    return out.getvalue()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(Folder(tmp_path / "objects"))


def wish(file: SourceFile, page: int = 1) -> Wish:
    return Wish("e1", file.sha256, page, BLOCK, 0)


def taken(blobs: Blobs, file: SourceFile, *wishes: Wish) -> dict[str, Picture]:
    return take(wishes, {file.sha256: file}, blobs, LIMITS)


def test_a_crop_shows_the_box_and_a_line_of_print_around_it() -> None:
    sheet = Sheet(painted(), 1.0)
    made = cut(sheet, Wish("e1", "", 1, BLOCK, 0))

    assert made is not None
    assert (made.width, made.height) == (132, 56)
    assert made.page == (600, 800)
    shown = pixels(made)
    assert np.abs(shown[28, 66].astype(int) - RED).max() < 40
    assert np.abs(shown[2, 2].astype(int) - 255).max() < 40


@pytest.mark.parametrize(
    ("media_type", "suffix"), [(MediaType.PNG, ".png"), (MediaType.JPEG, ".jpg")]
)
def test_a_box_on_a_picture_is_in_its_pixels(
    blobs: Blobs, media_type: MediaType, suffix: str
) -> None:
    file = source(encoded(painted(), suffix), media_type, blobs)
    shown = pixels(taken(blobs, file, wish(file))["e1"])

    assert np.abs(shown[shown.shape[0] // 2, shown.shape[1] // 2].astype(int) - RED).max() < 40


def test_a_box_on_a_pdf_is_in_points(blobs: Blobs) -> None:
    file = source(pdf(painted(), pages=2), MediaType.PDF, blobs)
    made = taken(blobs, file, wish(file, page=2))["e1"]
    shown = pixels(made)

    assert made.page == pytest.approx((600, 800), abs=1)
    assert np.abs(shown[shown.shape[0] // 2, shown.shape[1] // 2].astype(int) - RED).max() < 40
    assert np.abs(shown[3, 3].astype(int) - 255).max() < 40


def test_a_picture_is_turned_as_its_camera_says(blobs: Blobs) -> None:
    seen = Pillow.fromarray(painted()[:, :, ::-1])
    turned = seen.transpose(Pillow.Transpose.ROTATE_90)
    exif = Pillow.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif, quality=95)
    file = source(out.getvalue(), MediaType.JPEG, blobs)
    shown = pixels(taken(blobs, file, wish(file))["e1"])

    assert np.abs(shown[shown.shape[0] // 2, shown.shape[1] // 2].astype(int) - RED).max() < 60


def test_a_wide_value_and_a_whole_page_are_made_smaller() -> None:
    sheet = Sheet(np.full((3000, 4000, 3), 255, np.uint8), 1.0)

    line = cut(sheet, Wish("e1", "", 1, Box(100, 100, 3800, 160), 0))
    whole = cut(sheet, Wish("p1", "", 1, None, 0))

    assert line is not None
    assert whole is not None
    assert line.width == 520
    assert whole.width == 860
    assert whole.page == (4000, 3000)


@pytest.mark.parametrize(
    "box", [Box(-900, -900, -800, -800), Box(5000, 10, 5100, 20), Box(10, 9000, 20, 9010)]
)
def test_a_box_off_its_page_has_no_picture(box: Box) -> None:
    assert cut(Sheet(painted(), 1.0), Wish("e1", "", 1, box, 0)) is None


def test_what_cannot_be_had_is_left_out_and_the_rest_goes_on(blobs: Blobs) -> None:
    good = source(encoded(painted(), ".png"), MediaType.PNG, blobs)
    broken = source(b"\x89PNG\r\n\x1a\nno", MediaType.PNG, blobs)
    gone = good.model_copy(update={"sha256": sha256("gone")})
    sheet = source(b"a,b", MediaType.CSV, blobs)
    files = {file.sha256: file for file in (good, broken, gone, sheet)}
    wishes = [wish(file)._replace(anchor=f"e{n}") for n, file in enumerate(files.values())]
    wishes += [wish(good, page=7)._replace(anchor="late")]
    wishes += [Wish("strange", sha256("strange"), 1, None, 0)]

    assert list(take(wishes, files, blobs, LIMITS)) == ["e0"]


def test_the_most_urgent_come_first_where_there_is_not_room_for_all(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = source(encoded(painted(), ".png"), MediaType.PNG, blobs)
    wishes = [wish(file)._replace(anchor=f"e{n}", urgency=5 - n) for n in range(5)]
    room = len(taken(blobs, file, wishes[0])["e0"].uri) * 3 // 4

    monkeypatch.setattr(pictures, "MOST_BYTES", room * 2)
    assert sorted(taken(blobs, file, *wishes)) == ["e3", "e4"]
    monkeypatch.setattr(pictures, "MOST_PICTURES", 1)
    assert list(taken(blobs, file, *wishes)) == ["e4"]


def test_a_page_that_may_be_drawn_smaller_than_asked_has_no_picture(blobs: Blobs) -> None:
    file = source(pdf(painted()), MediaType.PDF, blobs)
    tight = Limits(max_pixels=500_000)

    assert take([wish(file)], {file.sha256: file}, blobs, tight) == {}


def test_bars_stand_on_the_line_or_hang_from_it() -> None:
    made = trend([10, None, -5, 20], "10 → — → −5 → 20")  # type: ignore[list-item]

    assert made is not None
    up, down, last = made.bars
    assert up.y + up.height == pytest.approx(made.zero, abs=0.2)
    assert down.y == made.zero
    assert last.height == pytest.approx(2 * up.height, abs=0.2)
    assert [bar.kind for bar in made.bars] == ["past", "past", "last"]
    assert all(bar.y >= 0 and bar.y + bar.height <= made.height for bar in made.bars)


@pytest.mark.parametrize("values", [[], [None, 1], [None, None]])
def test_one_value_is_no_trend(values: list[int | None]) -> None:
    assert trend(values, "") is None  # type: ignore[arg-type]


def test_values_that_are_all_nothing_are_seen() -> None:
    made = trend([0, 0], "0 → 0")  # type: ignore[list-item]

    assert made is not None
    assert all(bar.height > 1 for bar in made.bars)
