import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import layoutparser as lp
import numpy as np

from extractors.ocr.engine import Image, Line, Quad
from extractors.triage import Triage
from schemas.errors import DocumentError
from schemas.geometry import Box
from tests.extractors.engines import line, quad

NOTES = ("七、合并财务报表项目注释", "1、货币资金", "期末银行存款余额见下表")
TITLE = ("合并资产负债表", "编制单位：示例股份有限公司", "单位：元")
TABLE = ("无形资产", "开发支出", "商誉")


@dataclass
class Scan:
    """An engine that reads the tops of the pages of a scan, one after the other."""

    tops: Sequence[tuple[str, ...]]
    probability: float = 0.99
    turned: int = field(default=-1, init=False)
    fingerprint: str = "scan"
    device: str = "none"

    def find(self, image: Image) -> tuple[Quad, ...]:
        self.turned += 1
        return tuple(
            quad(Box(100, 100 + 60 * n, 700, 130 + 60 * n))
            for n in range(len(self.tops[self.turned]))
        )

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        return tuple(line(text, self.probability) for text in self.tops[self.turned])


def blocks_of(share: float) -> lp.Layout:
    box = lp.Rectangle(0, 0, 1000, 1400 * share)
    return lp.Layout([lp.TextBlock(box, type="table", score=0.9)])


def wanted(
    tops: Sequence[tuple[str, ...]], *, table: float = 0.0, probability: float = 0.99
) -> list[bool]:
    triage = Triage(Scan(tops, probability), lambda _: blocks_of(table))
    page = np.full((1400, 1000, 3), 255, np.uint8)
    return list(triage.wanted([page] * len(tops), 1))


def test_a_page_with_the_title_of_a_statement_is_read_and_notes_are_not() -> None:
    assert wanted([NOTES, TITLE, NOTES]) == [False, True, False]


def test_a_statement_goes_on_over_pages_that_are_mostly_table() -> None:
    assert wanted([TITLE, TABLE, TABLE], table=0.6) == [True, True, True]
    assert wanted([TITLE, TABLE, TABLE], table=0.1) == [True, False, False]


def test_a_table_that_follows_no_statement_is_not_read() -> None:
    assert wanted([NOTES, TABLE, TITLE, TABLE], table=0.6) == [False, False, True, True]


def test_licences_and_opinions_are_read() -> None:
    opinion = ("审计报告", "示例会审字〔2026〕第1号", "一、审计意见", "我们审计了后附的财务报表")

    assert wanted([("营业执照", "（副本）", "统一社会信用代码"), opinion]) == [True, True]


def test_in_doubt_a_page_is_read() -> None:
    assert wanted([("模糊",), NOTES], probability=0.99) == [True, False]
    assert wanted([NOTES], probability=0.5) == [True]


class Hall:
    """An engine whose readers wait for each other; of each page the shade is its place."""

    fingerprint, device = "hall", "none"

    def __init__(self) -> None:
        self.both = threading.Barrier(2)

    def find(self, image: Image) -> tuple[Quad, ...]:
        self.both.wait(20)  # nobody comes alone
        if image[0, 0, 0] == 2:
            raise DocumentError("a page that crashes its reader")
        return tuple(quad(Box(100, 100 + 60 * n, 700, 130 + 60 * n)) for n in range(len(NOTES)))

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        return tuple(line(text, 0.99) for text in NOTES)


def test_tops_are_read_together_and_told_in_order() -> None:
    pages = [np.full((1400, 1000, 3), shade, np.uint8) for shade in range(4)]
    triage = Triage(Hall(), lambda _: blocks_of(0.0))

    assert list(triage.wanted(pages, 2)) == [False, False, True, False]


def test_a_page_that_cannot_be_drawn_is_read() -> None:
    assert list(Triage(Scan([]), lambda _: blocks_of(0.0)).wanted([None], 1)) == [True]
