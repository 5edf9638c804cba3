"""Second readings of recognised amounts: under seals, and where characters are weak."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest

from extractors.kinds.statement import extract
from extractors.kinds.statement.printed import printed_label
from extractors.kinds.statement.rows import raw_row
from extractors.ocr.engine import Image, Line
from extractors.ocr.look import Look
from extractors.tables.lines import lines_of
from schemas.geometry import Box
from schemas.statements import Context, Statement
from schemas.text import Alternative, Character, Page
from tests.extractors.drawing import BALANCE, ENDS, HEAD, field, only, page, table
from tests.extractors.drawing import word as text_at


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


def test_another_reading_is_a_candidate_and_no_more() -> None:
    seen = page([*HEAD, *table(LONE, ENDS)], recognised=0.99)

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


def drawn(page: Page, *, minus_at: str | None = None) -> Image:
    """Return the picture of a page with bars for digits, and a sign left of one text."""
    picture = np.full((int(page.height), int(page.width), 3), 255, np.uint8)
    for word in page.words:
        left, top, right, bottom = map(int, word.box)
        if any(char.isdigit() for char in word.text):
            for at in range(left + 1, right - 2, 5):
                picture[top + 1 : bottom - 1, at : at + 3] = 20
        if word.text == minus_at:
            picture[top + 4 : top + 6, left - 7 : left - 2] = 20
    return picture


class Echo(Readings):
    """An engine that reads each place as the next of some texts, then as nothing."""

    def __init__(self, *texts: str) -> None:
        super().__init__("")
        self.texts = list(texts)

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        lines = []
        for _ in images:
            text = self.texts.pop(0) if self.texts else ""
            characters = tuple(Character(text=char, probability=0.95) for char in text)
            lines.append(Line(text=text, characters=characters))
        return tuple(lines)


LONE = [
    ["项目", "附注", "期末余额", "年初余额"],
    ["流动资产："],
    ["货币资金", "五、1", "1,234.50", "1,000.00"],
    ["应收账款", "五、2", "20.00", "30.00"],
    ["存货", "", "3,000.00", "2,000.00"],
]
"""Rows that no sum confirms: each is read again."""


def read_twice(*texts: str, minus_at: str | None = None, rows: list[list[str]] = LONE) -> Statement:
    seen = page([*HEAD, *table(rows, ENDS)], recognised=0.99)
    look = Look(drawn(seen, minus_at=minus_at), Echo(*texts))
    (found,) = extract([seen], lambda _: look)
    return found


def test_a_minus_sign_that_the_reading_lost_is_seen_in_the_pixels() -> None:
    found = read_twice(minus_at="3,000.00")

    inventories = field(found, "inventories", "end")
    assert inventories.value == Decimal("-3000.00")
    assert not inventories.accepted


def test_two_readings_that_agree_are_accepted_where_no_sum_binds() -> None:
    found = read_twice("1,234.50", "1,000.00", "20.00", "80.00", "3,000.00", "2,000.00")

    accepted = {
        (row.item, column): cell.accepted
        for row in found.rows
        for column, cell in row.values.items()
    }
    assert accepted["cash_and_bank_balances", "end"]
    assert accepted["inventories", "begin"]
    assert not accepted["accounts_receivable", "begin"]


def test_what_a_sum_confirms_is_not_read_again() -> None:
    rows = [*LONE, ["流动资产合计", "", "4,254.50", "3,030.00"]]
    engine = Readings("9.99")
    seen = page([*HEAD, *table(rows, ENDS)], recognised=0.99)

    extract([seen], lambda _: Look(drawn(seen), engine))

    assert engine.asked == 0


def test_separators_are_put_where_the_column_has_them() -> None:
    rows = [*LONE, ["预付款项", "", "1,234,5678", "1.00"], ["长期借款", "", "70.00", "1.00"]]
    rows.append(["短期借款", "", "90.00", "1.00"])

    found = read_twice(rows=rows)

    prepayments = field(found, "prepayments", "end")
    assert prepayments.value == Decimal("12345.678") * 10
    assert not prepayments.accepted


def test_letters_of_a_seal_are_no_amount() -> None:
    rows = [cell.copy() for cell in LONE]
    seen = page([*HEAD, *table([*rows, ["存货跌价", "", "日日日日"]], ENDS)], recognised=0.99)
    picture = drawn(seen)
    place = next(word.box for word in seen.words if word.text == "日日日日")
    picture[int(place.top) : int(place.bottom), int(place.left) : int(place.right)] = (50, 40, 205)

    (found,) = extract([seen], lambda _: Look(picture, Readings("")))

    assert all(not row.values for row in found.rows if row.label == "存货跌价")


def test_a_column_without_a_heading_is_the_other_one_of_two() -> None:
    rows = [["项目", "附注", "期末余额", "年盖佘"], *BALANCE[1:]]

    found = only([page([*HEAD, *table(rows, ENDS)])])

    assert [(column.id, column.context) for column in found.columns] == [
        ("end", Context.END),
        ("column_2", Context.BEGIN),
    ]
    assert not any(row.values["column_2"].accepted for row in found.rows if len(row.values) > 1)


def test_a_column_of_changes_is_not_the_other_one() -> None:
    rows = [["项目", "附注", "期末余额", "增减变动"], *BALANCE[1:]]

    found = only([page([*HEAD, *table(rows, ENDS)])])

    assert {column.context for column in found.columns} <= {Context.END, None}


def mislabelled(*alternatives: Alternative) -> Page:
    rows = [["存贷", *row[1:]] if row[0] == "存货" else row for row in LONE]
    seen = page([*HEAD, *table(rows, ENDS)], recognised=0.99)
    words = []
    for word in seen.words:
        characters = list(word.characters)
        if word.text == "存贷":
            characters[1] = Character(text="贷", probability=0.6, alternatives=alternatives)
        words.append(word.model_copy(update={"characters": tuple(characters)}))
    return seen.model_copy(update={"words": tuple(words)})


def test_a_runner_up_makes_a_label_a_known_one() -> None:
    seen = mislabelled(Alternative(text="货", probability=0.3))

    (found,) = extract([seen], lambda _: Look(drawn(seen), Readings("")))

    assert found.rows[-1].label_raw == "存货"


def test_a_second_reading_makes_a_label_a_known_one() -> None:
    seen = mislabelled()

    (found,) = extract([seen], lambda _: Look(drawn(seen), Readings("存货")))

    assert found.rows[-1].label_raw == "存货"


def test_a_label_is_never_corrected_by_vocabulary_alone() -> None:
    seen = mislabelled()

    (found,) = extract([seen], lambda _: Look(drawn(seen), Readings("存贷")))

    assert found.rows[-1].label_raw == "存贷"


def test_an_amount_without_the_decimals_of_its_column_is_never_sure() -> None:
    """A seal cuts the decimals off two rows at once, and their sum holds all the same."""
    rows = [["项目", "期末余额"], ["流动资产："]]
    labels = (
        "货币资金",
        "应收票据",
        "应收账款",
        "存货",
        "合同资产",
        "应收利息",
        "应收股利",
        "固定资产",
    )
    rows += [[label, f"{n},000.25"] for n, label in enumerate(labels, 1)]
    rows += [["预付款项", "4,000.25"], ["其他应收款", "5,000"], ["流动资产合计", "37,002"]]

    found = only([page([*HEAD, *table(rows, [350])], recognised=0.99)])

    assert field(found, "other_receivables", "end").confidence == 0
    assert field(found, "inventories", "end").confidence == 0.99


@pytest.mark.parametrize(("room", "dot"), [(2.0, "．"), (1.2, ".")])
def test_the_room_of_a_dot_tells_its_width(room: float, dot: str) -> None:
    """Of both prints the recogniser says the same."""
    text = "1.其他综合收益"
    width = room + len(text) - 3
    places = [0.25, 0.6, *(room + n for n in range(len(text) - 2))]
    seen = page([[(200, "合并利润表")], *table([["项目", "本期金额"]], [350])], recognised=0.99)
    characters = tuple(
        Character(text=char, probability=0.99, at=at / (width + 1))
        for char, at in zip(text, places, strict=True)
    )
    label = text_at(text, 40, 80, recognised=0.99).model_copy(update={"characters": characters})
    lines = lines_of(seen.model_copy(update={"words": (label,)}))
    row = raw_row(lines[0], ())

    assert row is not None
    assert printed_label(row) == f"1{dot}其他综合收益"
