"""Several licences on one picture: told apart by where their titles stand."""

import pytest

from extractors.kinds.business_licence import extract, parts
from schemas.text import Page, Word
from tests.extractors.kinds.licence_pages import CODE, NAME, look_at, page, portrait

OTHER_NAME, OTHER_CODE = "云岭示例食品有限公司", "915301123456721874"


def moved(words: tuple[Word, ...], right: float, down: float) -> list[Word]:
    """Return words elsewhere on the picture."""
    return [
        word.model_copy(
            update={
                "box": word.box._replace(
                    left=word.box.left + right,
                    right=word.box.right + right,
                    top=word.box.top + down,
                    bottom=word.box.bottom + down,
                )
            }
        )
        for word in words
    ]


def two(right: float, down: float) -> Page:
    """Return a picture of two licences."""
    other = portrait(name=OTHER_NAME, code=OTHER_CODE)
    words = [*portrait().words, *moved(other.words, right, down)]
    return page(words, width=1300 + right, height=1800 + down)


@pytest.mark.parametrize(
    ("right", "down"), [(1300, 0), (1300, 60), (0, 1500)], ids=["beside", "askew", "below"]
)
def test_two_licences_on_one_picture_are_two_records(right: float, down: float) -> None:
    seen = two(right, down)

    licences = [extract(part, look) for part, look in parts(seen, look_at(seen))]

    names = [licence.name.value for licence in licences]
    codes = [licence.unified_social_credit_code.value for licence in licences]
    assert names == [NAME, OTHER_NAME]
    assert codes == [CODE, OTHER_CODE]
    assert all(licence.name.accepted for licence in licences)


def test_boxes_of_both_are_places_of_the_picture() -> None:
    seen = two(1300, 0)

    _, second = (extract(part, look) for part, look in parts(seen, look_at(seen)))

    assert second.name.provenance is not None
    assert second.name.provenance.box.left == pytest.approx(300 + 1300, abs=2)


def test_one_licence_is_the_whole_page() -> None:
    seen = portrait()
    look = look_at(seen)

    assert parts(seen, look) == ((seen, look),)


def test_a_licence_that_repeats_its_title_is_one() -> None:
    title = portrait().words[:1]
    seen = page([*portrait().words, *moved(title, 0, 1300)])

    assert len(parts(seen, None)) == 1
