"""Pages of invented licences, built from lines of text and where they stand."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from extractors.ocr.engine import Image, Line, Quad
from extractors.ocr.look import Look
from schemas.geometry import Box
from schemas.text import Alternative, Character, Page, PageSource, Word

HEIGHT = 30.0
CODE = "91330402MA2CQH085G"
NAME = "青禾示例精密机械有限公司"

PORTRAIT: dict[str, tuple[float, float, str]] = {
    "title": (400, 100, "营业执照"),
    "code_label": (400, 200, "统一社会信用代码"),
    "code": (680, 200, CODE),
    "name_label": (100, 300, "名称"),
    "name": (300, 300, NAME),
    "type_label": (100, 360, "类型"),
    "type": (300, 360, "有限责任公司(自然人投资或控股)"),
    "address_label": (100, 420, "住所"),
    "address": (300, 420, "浙江省示例市青禾区精工路88号3幢"),
    "person_label": (100, 480, "法定代表人"),
    "person": (300, 480, "张示例"),
    "capital_label": (100, 540, "注册资本"),
    "capital": (300, 540, "贰仟万元整"),
    "established_label": (100, 600, "成立日期"),
    "established": (300, 600, "2018年05月09日"),
    "term_label": (100, 660, "营业期限"),
    "term": (300, 660, "2018年05月09日至2038年05月08日"),
    "scope_label": (100, 720, "经营范围"),
    "scope": (300, 720, "机械设备的制造、销售。(依法须经批准的项目，经"),
    "scope_2": (300, 758, "相关部门批准后方可开展经营活动)"),
    "authority": (500, 1000, "登记机关"),
    "issued": (600, 1080, "2021年04月16日"),
    "form": (500, 1300, "中华人民共和国国家工商行政管理总局监制"),
}
"""A licence of 2015 of a limited company, line by line: left, top, text."""


def word(
    left: float,
    top: float,
    text: str,
    *,
    weak: dict[int, tuple[float, str]] | None = None,
    width: float | None = None,
) -> Word:
    """Return a recognised line; `weak` gives characters a probability and a runner-up."""
    weak = weak or {}
    width = width if width is not None else sum(15 if c.isascii() else 30 for c in text)
    steps = [15.0 if c.isascii() else 30.0 for c in text]
    total = sum(steps)
    characters = [
        Character(
            text=c,
            probability=weak[n][0] if n in weak else 0.99,
            at=(sum(steps[:n]) + steps[n] / 2) / total,
            alternatives=(Alternative(text=weak[n][1], probability=1 - weak[n][0]),)
            if n in weak
            else (),
        )
        for n, c in enumerate(text)
    ]
    box = Box(left, top, left + width, top + HEIGHT)
    return Word(text=text, box=box, confidence=0.98, characters=tuple(characters))


def page(words: list[Word], **changes: Any) -> Page:
    fields: dict[str, Any] = {
        "document": "0" * 64,
        "number": 1,
        "width": 1300,
        "height": 1800,
        "source": PageSource.OCR,
        "reader": "test",
        "words": tuple(words),
    }
    return Page(**(fields | changes))


def portrait(
    *without: str, weak: dict[str, dict[int, tuple[float, str]]] | None = None, **texts: str
) -> Page:
    """Return the page of PORTRAIT with lines left out, said differently, or unsure."""
    lines = {key: line for key, line in PORTRAIT.items() if key not in without}
    return page(
        [
            word(left, top, texts.get(key, text), weak=(weak or {}).get(key))
            for key, (left, top, text) in lines.items()
        ]
    )


@dataclass
class Reciting:
    """An engine that reads, at each place, what it is told."""

    words: tuple[Word, ...]
    fingerprint: str = "reciting"
    device: str = "cpu"

    def find(self, image: Image) -> tuple[Quad, ...]:
        return ()

    def recognise(self, images: Any) -> tuple[Line, ...]:
        return tuple(self._at(image) for image in images)

    def _at(self, image: Image) -> Line:
        """Read the word whose mark the crop holds: every word is painted in a grey of its own."""
        values, counts = np.unique(image[image < 255], return_counts=True)
        if not len(values):
            return Line()
        index = int(values[counts.argmax()])
        if index >= len(self.words):
            return Line()
        chosen = self.words[index]
        return Line(text=chosen.text, characters=chosen.characters)


@dataclass
class TwoMinds(Reciting):
    """An engine whose other recogniser reads some texts differently."""

    unlike: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def reconsider(self, images: Any) -> tuple[Line, ...]:
        texts = [line.text for line in self.recognise(images)]
        self.asked += texts
        return tuple(Line(text=self.unlike.get(text, text)) for text in texts)


def look_at(seen: Page, *hidden: Word) -> Look:
    """Return a look at a page in which further words may stand that the first reading missed."""
    words = (*seen.words, *hidden)
    image = np.full((int(seen.height), int(seen.width), 3), 255, np.uint8)
    for number, item in enumerate(words):
        left, top, right, bottom = (round(edge) for edge in item.box)
        image[top:bottom, left:right] = number
    return Look(image, Reciting(words))


def doubted(look: Look, **unlike: str) -> Look:
    """Return a look whose engine has another recogniser, which reads some lines differently.

    Lines are named as in PORTRAIT.
    """
    assert isinstance(look.engine, Reciting)
    texts = {PORTRAIT[key][2]: text for key, text in unlike.items()}
    return replace(look, engine=TwoMinds(look.engine.words, unlike=texts))
