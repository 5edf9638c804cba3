"""Second readings of recognised amounts: under seals, and where characters are weak."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from extractors.kinds.statement import extract
from extractors.ocr.engine import Image, Line
from extractors.ocr.look import Look
from schemas.geometry import Box
from schemas.text import Alternative, Character, Page
from tests.extractors.drawing import BALANCE, ENDS, HEAD, field, only, page, table


class Readings:
    """An engine that reads every place as the same text."""

    fingerprint, device = "test", "cpu"

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked = 0

    def find(self, image: Image) -> tuple[()]:
        return ()

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        self.asked += len(images)
        characters = tuple(Character(text=char, probability=0.9) for char in self.text)
        return tuple(Line(text=self.text, characters=characters) for _ in images)


def sealed(page: Page, box: Box) -> Image:
    """Return the picture of a page, white with a red seal on it."""
    picture = np.full((int(page.height), int(page.width), 3), 255, np.uint8)
    picture[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = (50, 40, 205)
    return picture


CASH = Box(300, 120, 360, 131)
"""Where the amount of cash stands in the balance sheet above."""


def test_what_a_seal_cuts_short_is_read_again() -> None:
    rows = [[cell.replace("1,234.50", "234.50") for cell in row] for row in BALANCE]
    seen = page([*HEAD, *table(rows, ENDS)], recognised=0.99)
    engine = Readings("1,234.50")

    (found,) = extract([seen], lambda _: Look(sealed(seen, CASH), engine))

    cash = field(found, "cash_and_bank_balances", "end")
    assert cash.value == Decimal("1234.50")
    assert not cash.accepted
    assert [(other.value, other.source) for other in cash.candidates] == [
        (Decimal("234.50"), "second_reading")
    ]
    assert engine.asked == 1


def test_another_reading_is_a_candidate_and_no_more() -> None:
    seen = page([*HEAD, *table(BALANCE, ENDS)], recognised=0.99)

    (found,) = extract([seen], lambda _: Look(sealed(seen, CASH), Readings("1,284.50")))

    cash = field(found, "cash_and_bank_balances", "end")
    assert cash.value == Decimal("1234.50")
    assert [other.raw for other in cash.candidates] == ["1,284.50"]


def test_runners_up_of_weak_characters_are_candidates() -> None:
    seen = page([*HEAD, *table(BALANCE, ENDS)], recognised=0.99)
    words = []
    for word in seen.words:
        characters = list(word.characters)
        if word.text == "3,000.00":
            eight = Alternative(text="8", probability=0.3)
            characters[0] = Character(text="3", probability=0.6, alternatives=(eight,))
        words.append(word.model_copy(update={"characters": tuple(characters)}))

    found = only([seen.model_copy(update={"words": tuple(words)})])

    inventories = field(found, "inventories", "end")
    assert inventories.confidence == 0.6
    assert [(c.raw, c.source, c.probability) for c in inventories.candidates] == [
        ("8,000.00", "alternative", 0.3)
    ]


def test_letters_of_a_seal_do_not_stick_to_labels() -> None:
    lines = [*HEAD, *table(BALANCE, ENDS)]
    lines[5] = [*lines[5], (200.0, "章")]

    found = only([page(lines, recognised=0.99)])

    assert found.rows[1].label_raw == "货币资金"
