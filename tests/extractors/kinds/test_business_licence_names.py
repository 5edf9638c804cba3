"""A name that has lost a part is another good name: what tells of the loss keeps it back."""

from types import SimpleNamespace

import pytest

from extractors.kinds.business_licence import evidence, extract
from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.runs import of_word
from tests.extractors.kinds.licence_pages import look_at, portrait, word


@pytest.mark.parametrize(("left", "is_even"), [(300 + 4 * 30, True), (500, False)])
def test_a_gap_between_two_parts_of_a_line_tells_of_a_lost_middle(left: int, is_even: bool) -> None:
    parts = (word(300, 300, "青禾县晨"), word(left, 300, "示范有限公司"))
    claim = Claim(tuple(map(of_word, parts)))
    face = SimpleNamespace(said={"name": claim})

    assert evidence.is_even(claim, face) is is_even  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["青禾县晨禾限公司", "青禾县晨禾汽限公司"])
def test_a_name_that_has_lost_a_character_of_its_legal_form_is_not_accepted(name: str) -> None:
    seen = portrait(name=name)

    assert not extract(seen, look_at(seen)).name.accepted
