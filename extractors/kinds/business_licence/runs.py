"""Lines of a page as rows of glyphs that can be cut: where a label ends and its value begins.

Matching works on `folded` text: half width, one character for each glyph. What is printed stays
in `text`.
"""

import functools
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.ocr.engine import Line
from schemas.geometry import Box
from schemas.text import Alternative, Page, Word

_SPACES = frozenset(" \u3000\u00a0")


@functools.cache
def fold(character: str) -> str:
    """Return the half-width form of a character, as far as it is one character again."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


@dataclass(frozen=True, slots=True)
class Glyph:
    """One printed character; `x` is its middle on the page."""

    text: str
    x: float
    probability: float = 1.0
    others: tuple[Alternative, ...] = ()

    @property
    def folded(self) -> str:
        """The character in half width."""
        return fold(self.text)

    @property
    def sureness(self) -> float:
        """The probability of the character in whichever width: （ and ( are one."""
        same = (o.probability for o in self.others if o.text and fold(o.text) == self.folded)
        return min(1.0, self.probability + sum(same))

    @property
    def is_significant(self) -> bool:
        """Whether a misreading of it changes what is said: punctuation hardly ever does."""
        return unicodedata.category(self.folded[0])[0] in "LN" or self.folded in "-."

    def offers(self, character: str) -> bool:
        """Return whether the recogniser thought the character possible here."""
        return self.folded == character or any(fold(o.text) == character for o in self.others)

    def offered(self, character: str) -> Alternative | None:
        """Return the runner-up that is a character, in whichever width."""
        return next((o for o in self.others if o.text and fold(o.text) == character), None)


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs that stand in one line, from left to right."""

    glyphs: tuple[Glyph, ...]
    box: Box

    @property
    def text(self) -> str:
        """What is printed."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def folded(self) -> str:
        """What is printed, in half width, one character for each glyph."""
        return "".join(glyph.folded for glyph in self.glyphs)

    @property
    def height(self) -> float:
        """How high the line is."""
        return self.box.height

    @property
    def middle(self) -> float:
        """The y of its middle."""
        return self.box.centre[1]

    def cut(self, start: int, end: int | None = None) -> "Run":
        """Return the glyphs from start to end, with the part of the box that they fill."""
        end = len(self.glyphs) if end is None else end
        left = self.box.left if start == 0 else self._between(start)
        right = self.box.right if end >= len(self.glyphs) else self._between(end)
        return Run(self.glyphs[start:end], Box(left, self.box.top, right, self.box.bottom))

    def _between(self, index: int) -> float:
        """Return the x that parts the glyph at an index from the one before it."""
        return (self.glyphs[index - 1].x + self.glyphs[index].x) / 2


def of_page(page: Page) -> tuple[Run, ...]:
    """Return the words of a page as runs."""
    runs = (of_word(word) for word in page.words)
    return tuple(run for run in runs if run.glyphs)


def of_word(word: Word) -> Run:
    """Return a word as a run; spaces are kept only between Latin letters."""
    if word.characters:
        spots = [
            Glyph(
                c.text, _x(word, c.at, place, len(word.characters)), c.probability, c.alternatives
            )
            for place, c in enumerate(word.characters)
        ]
    else:
        spots = [Glyph(c, _x(word, None, n, len(word.text))) for n, c in enumerate(word.text)]
    return Run(tuple(_without_spaces(spots)), word.box)


def of_line(line: Line, box: Box) -> Run:
    """Return what was recognised in a box as a run."""
    return of_word(Word(text=line.text, box=box, characters=line.characters))


def _x(word: Word, at: float | None, place: int, count: int) -> float:
    share = (place + 0.5) / count if at is None else at
    return word.box.left + share * word.box.width


def _without_spaces(glyphs: Sequence[Glyph]) -> Iterable[Glyph]:
    last = len(glyphs) - 1
    for place, glyph in enumerate(glyphs):
        inside = 0 < place < last
        if glyph.text not in _SPACES or (
            inside and _is_latin(glyphs[place - 1]) and _is_latin(glyphs[place + 1])
        ):
            yield glyph


def _is_latin(glyph: Glyph) -> bool:
    return glyph.text.isascii() and glyph.text.isalpha()


def rows_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Group runs that stand beside each other, from top to bottom, each row from the left."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.middle):
        last = rows[-1][-1] if rows else None
        if last and run.middle - last.middle < min(last.height, run.height) / 2:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.box.left) for row in rows]


def around(runs: Iterable[Run]) -> Box:
    """Return the box around runs, of which there is at least one."""
    return functools.reduce(lambda a, b: a | b, (run.box for run in runs))
