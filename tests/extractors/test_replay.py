from pathlib import Path

import numpy as np
import pytest

from extractors.ocr import lines
from extractors.ocr.look import Look, View
from extractors.ocr.replay import Recorder, ReplayEngine
from schemas.errors import UnknownRecordingError
from schemas.geometry import Box
from tests.extractors.engines import PaintedEngine

WORDS = {Box(10, 10, 90, 30): "名称", Box(10, 50, 190, 70): "示例有限公司"}


def picture(shade: int = 255) -> np.ndarray:
    page = np.full((100, 200, 3), shade, np.uint8)
    page[12:28, 12:88] = 0
    page[52:68, 12:188] = 60
    return page


def test_what_was_recorded_is_said_again(tmp_path: Path) -> None:
    recorder = Recorder(PaintedEngine(WORDS), tmp_path)
    heard = lines.read(recorder, picture(), recorder.find(picture()))

    replay = ReplayEngine(tmp_path)
    said = lines.read(replay, picture(), replay.find(picture()))

    assert [word.text for word in said] == ["名称", "示例有限公司"]
    assert said == heard


def test_a_picture_that_was_never_recorded_is_an_error(tmp_path: Path) -> None:
    replay = ReplayEngine(tmp_path)

    with pytest.raises(UnknownRecordingError):
        replay.find(picture(shade=200))


def test_a_second_look_comes_back_in_the_points_of_the_page() -> None:
    look = Look(picture(), PaintedEngine(WORDS), scale=0.5)

    words = look.whole(View.PLAIN)

    assert [word.box for word in words] == [box.scaled(0.5) for box in WORDS]


@pytest.mark.parametrize("view", View)
def test_every_view_shows_the_same_place(view: View) -> None:
    engine = PaintedEngine(WORDS)
    look = Look(picture(), engine)

    (line,) = look.again([Box(10, 10, 90, 30)], view, margin=2)

    assert line.text == "名称"
    assert engine.asked == [1]


def test_a_box_beyond_the_edge_is_cut_at_the_edge() -> None:
    look = Look(picture(), PaintedEngine(WORDS), scale=1.0)

    assert look.pixels(Box(150, 90, 500, 500)).shape == (10, 50, 3)
    assert look.pixels(Box(500, 500, 600, 600)).shape == (1, 1, 3)
