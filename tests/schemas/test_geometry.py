from hypothesis import given
from hypothesis import strategies as st

from schemas.geometry import Box
from tests.strategies import boxes


@given(boxes, boxes, boxes)
def test_a_union_does_not_depend_on_order_or_grouping(a: Box, b: Box, c: Box) -> None:
    assert a | b == b | a
    assert (a | b) | c == a | (b | c)
    assert a | a == a


@given(boxes, boxes)
def test_a_union_covers_both_and_is_no_larger_than_needed(a: Box, b: Box) -> None:
    union = a | b

    assert union | a == union
    assert union | b == union
    assert all(edge in {*a, *b} for edge in union)


@given(boxes, boxes)
def test_overlap_is_shared_and_never_longer_than_either_side(a: Box, b: Box) -> None:
    assert a.horizontal_overlap(b) == b.horizontal_overlap(a) <= min(a.width, b.width)
    assert a.vertical_overlap(b) == b.vertical_overlap(a) <= min(a.height, b.height)
    assert a.horizontal_overlap(a) == a.width
    assert a.vertical_overlap(a) == a.height


def test_boxes_that_only_touch_do_not_overlap() -> None:
    left, right = Box(0, 0, 10, 10), Box(10, 10, 20, 20)

    assert left.horizontal_overlap(right) == 0
    assert left.vertical_overlap(right) == 0


@given(boxes, st.sampled_from([0.25, 0.5, 2.0, 4.0]))
def test_scaling_there_and_back_changes_nothing(box: Box, factor: float) -> None:
    assert box.scaled(factor).scaled(1 / factor) == box
    assert box.scaled(factor).width == box.width * factor


def test_the_centre_is_in_the_middle() -> None:
    assert Box(0, 10, 4, 30).centre == (2, 20)
    assert Box(0, 10, 4, 30).height == 20
