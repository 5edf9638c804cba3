"""The characters of a text layer: whether they can be believed, and how they make words."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.geometry import Box
from schemas.text import Word

_RADICALS = str.maketrans(
    "⺟⺠⺮⺶⺼⻀⻁⻃⻄⻅⻆⻇⻉⻋⻌⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻞⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻲⻳",
    "母民竹羊肉艹虎西西见角角贝车辶長长长门雨青韦页风飞食食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙亀龟",
)
_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_FEW = 20
"""Characters that are too little for a page that has a picture on it."""
_PICTURE = 0.1
_SCAN = 0.6
_SCAN_TEXT = 200
"""On a page that is one picture, less text than this is a stamp or a page number."""
_MIN_SHARE = 0.9
_GAP = 0.35
"""A gap of this share of the letter height parts two words."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a text layer; `generated` ones are spaces that are not in the file."""

    text: str
    box: Box
    generated: bool = False


def plain(text: str) -> str:
    """Return text with radical code points as the characters that they are printed as.

    Fonts of some producers map 长 to the radical ⻓, which compatibility forms leave alone.

    >>> plain("⻓期借款")
    '长期借款'
    """
    return text.translate(_RADICALS).translate(_KANGXI).replace("\r\n", "\n")


def is_sound(text: str, *, pictured: float) -> bool:
    """Return whether a text layer makes sense, given how much of its page a picture covers."""
    letters = [char for char in text if not char.isspace()]
    if len(letters) < _FEW:
        return bool(letters) and pictured < _PICTURE
    if pictured > _SCAN and len(letters) < _SCAN_TEXT:
        return False
    legible = sum(_is_legible(char) for char in letters)
    return legible >= _MIN_SHARE * len(letters) and _is_language(letters)


def _is_legible(char: str) -> bool:
    return char != "\ufffd" and unicodedata.category(char) not in {"Cc", "Co", "Cn", "Cs"}


def _is_language(letters: list[str]) -> bool:
    """Return whether the Chinese characters are those that people use.

    A font with an encoding of its own yields characters from all over Unicode, while 95 of 100
    of any real text are of the first level of GB 2312 or Big5.
    """
    chinese = [char for char in letters if "\u4e00" <= char <= "\u9fff"]
    if len(chinese) < _FEW:
        return True
    common = sum(_is_common(char) for char in chinese)
    return common >= _MIN_SHARE * len(chinese)


def _is_common(char: str) -> bool:
    simplified = char.encode("gb2312", errors="ignore")
    traditional = char.encode("big5", errors="ignore")
    return b"\xb0" <= simplified[:1] <= b"\xd7" or b"\xa4" <= traditional[:1] <= b"\xc6"


def words_of(glyphs: Iterable[Glyph]) -> tuple[Word, ...]:
    """Return the words: runs of neighbouring characters on one line, without spaces."""
    return tuple(_word(run) for run in _runs(glyphs))


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    run: list[Glyph] = []
    for glyph in glyphs:
        if _repeats(run, glyph):
            continue
        ends = glyph.generated or not glyph.text.strip()
        if run and (ends or not _continues(run[-1].box, glyph.box)):
            yield run
            run = []
        if not ends:
            run.append(glyph)
    if run:
        yield run


def _continues(before: Box, box: Box) -> bool:
    height = max(before.height, box.height, 1.0)
    overlap = before.vertical_overlap(box)
    return (
        overlap > 0.5 * min(before.height, box.height)
        and -0.5 * height < box.left - before.right < _GAP * height
    )


def _repeats(run: list[Glyph], glyph: Glyph) -> bool:
    """Return whether a character is drawn a second time in its place, which looks bold."""
    return (
        bool(run)
        and run[-1].text == glyph.text
        and (abs(run[-1].box.left - glyph.box.left) < 0.2 * glyph.box.width)
    )


def _word(run: list[Glyph]) -> Word:
    box = run[0].box
    for glyph in run[1:]:
        box = box | glyph.box
    return Word(text="".join(glyph.text for glyph in run), box=box)
