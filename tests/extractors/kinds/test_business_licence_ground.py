"""Values are not accepted where what follows them may be hidden, or where they contradict."""

from collections.abc import Callable

import numpy as np
import pytest

from extractors.kinds.business_licence import days, extract, ground, phrases
from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.runs import of_word
from extractors.ocr.engine import Image
from extractors.ocr.look import Look
from tests.extractors.kinds.licence_pages import Reciting, look_at, portrait, word

_PAPER, _INK = 190, 40
_ADDRESS = word(100, 200, "青禾区精工路88号")


def _sheet() -> Image:
    """Return grey paper with strokes where the address stands."""
    image = np.full((400, 600, 3), _PAPER, np.uint8)
    left, top, right, bottom = (round(edge) for edge in _ADDRESS.box)
    image[top + 4 : bottom - 4, left:right:6] = _INK
    return image


def _is_bare(image: Image) -> bool:
    return ground.is_bare(Look(image, Reciting(())), Claim((of_word(_ADDRESS),)))


def test_paper_beside_a_value_is_bare() -> None:
    assert _is_bare(_sheet())


def _glare(image: Image) -> None:
    image[190:240, round(_ADDRESS.box.right) :] = 255


def _thumb(image: Image) -> None:
    image[190:240, round(_ADDRESS.box.right) + 8 :] = (60, 80, 100)


def _glare_on_the_next_line(image: Image) -> None:
    image[round(_ADDRESS.box.bottom) : 280, 150:300] = 255


@pytest.mark.parametrize("hide", [_glare, _thumb, _glare_on_the_next_line])
def test_a_value_that_ends_where_nothing_can_be_seen_is_not_whole(
    hide: Callable[[Image], None],
) -> None:
    image = _sheet()
    hide(image)

    assert not _is_bare(image)


def test_a_red_seal_beside_a_value_hides_nothing() -> None:
    image = _sheet()
    image[190:240, round(_ADDRESS.box.right) :] = (70, 60, 200)

    assert _is_bare(image)


def test_a_value_that_ends_at_the_edge_of_the_picture_is_not_whole() -> None:
    image = _sheet()[:, : round(_ADDRESS.box.right) + 20]

    assert not _is_bare(image)


def test_a_cut_sheet_has_no_address_that_is_accepted() -> None:
    whole = portrait()
    right = max(w.box.right for w in whole.words if w.text.startswith("浙江省"))
    cut = whole.model_copy(
        update={
            "width": right + 12,
            "words": tuple(w for w in whole.words if w.box.right < right + 12),
        }
    )

    assert extract(whole, look_at(whole)).address.accepted
    assert not extract(cut, look_at(cut)).address.accepted


def test_a_closed_phrase_with_lost_characters_is_not_accepted() -> None:
    said = portrait(
        scope="机械设备的制造、销售。(依法须经批准的项目，经", scope_2="批准后方可开展经营活动)"
    )

    scope = extract(said, look_at(said)).business_scope

    assert scope.value is not None
    assert not scope.accepted


def test_a_scope_without_the_phrase_is_not_garbled() -> None:
    assert not phrases.is_garbled("机械设备的制造、销售。")


def test_a_term_that_starts_on_another_day_than_the_founding_leaves_both_to_a_person() -> None:
    said = portrait(established="2018年05月08日")

    licence = extract(said, look_at(said))

    assert licence.established_date.value is not None
    assert licence.business_term.value is not None
    assert not licence.established_date.accepted
    assert not licence.business_term.accepted


def test_a_term_whose_end_is_not_there_is_not_accepted_as_open() -> None:
    said = portrait(term="2018年05月09日至")

    assert not extract(said, look_at(said)).business_term.accepted


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("2018年05月9日", True),
        ("2018年5月9日", False),
        ("2018年10月9日", False),
        ("2018年05月09日至2038年05月8日", True),
    ],
)
def test_one_way_of_writing_months_and_days(text: str, mixed: bool) -> None:
    assert days.is_mixed(text) is mixed
