"""One digit changed in one amount: the rules notice it wherever a sum binds the cell."""

import functools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.taxonomy import load
from tests.scenarios.mutations import (
    Place,
    Said,
    is_bound,
    is_noticed,
    misread,
    places,
    said,
    samples,
)

NAMES = tuple(samples())


@functools.cache
def prepared(name: str) -> tuple[tuple[Place, ...], tuple[Place, ...], Said]:
    """The cells of a sample that a sum binds, the others, and what the rules say of it as it is."""
    papers = samples()[name]
    every = tuple(places(papers))
    bound = tuple(place for place in every if is_bound(place, papers))
    return bound, tuple(set(every) - set(bound)), said(papers)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_digit_changed_in_a_cell_that_a_sum_binds_is_noticed(
    name: str, data: st.DataObject
) -> None:
    papers = samples()[name]
    bound, _, before = prepared(name)
    place = data.draw(st.sampled_from(bound))
    value = data.draw(st.sampled_from(list(misread(place.printed(papers)))))

    assert is_noticed(papers, place, value, before)


@pytest.mark.parametrize("name", NAMES)
def test_only_parts_of_rows_are_bound_by_no_sum(name: str) -> None:
    papers = samples()[name]
    _, loose, _ = prepared(name)
    known = {**load("small").by_id, **load("cas").by_id}

    assert {known[place.item(papers)].kind for place in loose} == {"of_which"}
