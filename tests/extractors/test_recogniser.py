import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.ocr import paddle
from extractors.ocr.look import Look
from extractors.ocr.paddle import decode
from schemas.errors import DeviceError
from schemas.geometry import Box
from tests.extractors.engines import PaintedEngine

ALPHABET = ("", "1", "7", ",", ".", "吴", "昊")


def frames(*best: dict[int, float]) -> np.ndarray:
    """Make the output of a recogniser: for each frame the probability of some classes."""
    output = np.full((len(best), len(ALPHABET)), 0.001, np.float32)
    for row, classes in zip(output, best, strict=True):
        for index, probability in classes.items():
            row[index] = probability
    return output


def test_repeats_are_one_character_and_a_blank_parts_two() -> None:
    line = decode(frames({1: 0.9}, {1: 0.8}, {0: 0.9}, {1: 0.7}, {2: 0.99}), ALPHABET)

    assert line.text == "117"
    assert [round(c.probability, 2) for c in line.characters] == [0.9, 0.7, 0.99]


def test_the_runner_up_is_kept_with_its_probability() -> None:
    line = decode(frames({0: 0.9}, {5: 0.59, 6: 0.40}), ALPHABET)

    (character,) = line.characters
    assert (character.text, line.weakest) == ("吴", pytest.approx(0.59))
    assert [(a.text, round(a.probability, 2)) for a in character.alternatives] == [("昊", 0.4)]


def test_that_a_character_may_not_be_there_is_an_alternative_too() -> None:
    line = decode(frames({3: 0.55, 0: 0.44}), ALPHABET)

    assert [alternative.text for alternative in line.characters[0].alternatives] == [""]


def test_nothing_but_blanks_is_an_empty_line_that_nobody_is_sure_of() -> None:
    line = decode(frames({0: 0.99}, {0: 0.99}), ALPHABET)

    assert (line.text, line.weakest) == ("", 0.0)


@given(st.lists(st.integers(1, len(ALPHABET) - 1), max_size=20))
def test_any_text_with_blanks_between_is_read_back(classes: list[int]) -> None:
    shown = [c for index in classes for c in ({index: 0.9}, {0: 0.9})] or [{0: 0.9}]

    line = decode(frames(*shown), ALPHABET)

    assert line.text == "".join(ALPHABET[index] for index in classes)
    places = [character.at or 0.0 for character in line.characters]
    assert places == sorted(places)


def test_padding_does_not_move_the_characters() -> None:
    text = [{1: 0.9}, {0: 0.9}, {2: 0.9}, {0: 0.9}]

    alone = decode(frames(*text), ALPHABET)
    padded = decode(frames(*text, *([{0: 0.9}] * 4)), ALPHABET, used=0.5)

    assert [c.at for c in padded.characters] == [c.at for c in alone.characters]


def test_a_gpu_that_is_asked_for_and_not_there_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paddle.ort, "get_available_providers", lambda: ["CPUExecutionProvider"])

    with pytest.raises(DeviceError, match="ZISHEN_OCR__DEVICE=cpu"):
        paddle.choose_device("gpu")
    assert paddle.choose_device("auto") == "cpu"


def test_a_gpu_that_is_there_is_taken_unless_the_cpu_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(paddle.ort, "get_available_providers", lambda: both)

    assert [paddle.choose_device(wanted) for wanted in ("gpu", "auto", "cpu")] == [
        "gpu:0",
        "gpu:0",
        "cpu",
    ]


def test_pictures_of_like_width_are_recognised_together_within_the_memory() -> None:
    widths = [40, 3000, 41, 39, 2000, 300]

    batches = list(paddle._batches(widths))  # noqa: SLF001

    assert sorted(i for batch in batches for i in batch) == list(range(len(widths)))
    for batch in batches:
        widest = max(paddle._bucket(widths[i]) for i in batch)  # noqa: SLF001
        assert len(batch) == 1 or widest * len(batch) <= 8 * 320


def test_every_model_that_reads_is_in_the_fingerprint() -> None:
    assert all(name in paddle.fingerprint() for name in paddle.MODELS)


def test_a_look_has_no_second_opinion_where_the_engine_has_none() -> None:
    box = Box(10, 10, 90, 30)
    picture = np.zeros((100, 200, 3), np.uint8)

    assert Look(picture, PaintedEngine({box: "示例"})).doubted([box]) is None
