"""What becomes of errors in the recogniser's output? Plants them and counts the outcomes.

    python benchmarks/planted.py [--share 1.0] [--seed 1] [PDF …]

Statements of digital PDFs (of `sample_docs/` without arguments) are taken as if they had been
recognised: the same words, with probabilities of characters, on the rendered pages. One error at
a time is planted into them: 500 digits misread (the truth is a runner-up in every other one), 100
minus signs lost, 100 numbers cut short and 100 separators moved; and 100 times two digits of one
column are misread at once. Second readings look at the true
pixels with the real recogniser. Printed is what became of each, by how many sums bind the cell:

    mended    the value is right all the same: read again, or repaired
    flagged   the value is wrong and nobody accepted it
    missed    the value is wrong and accepted: must be 0
    harmed    some amount was repaired to a wrong value, or another cell accepted wrong: must be 0
"""

import argparse
import functools
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from extractors import pdf
from extractors.intake import Limits
from extractors.kinds import statement
from extractors.ocr.engine import Image, Line, Quad
from extractors.ocr.look import Look
from extractors.ocr.paddle import PaddleEngine
from extractors.tables.lines import is_strong
from schemas.documents import MediaType, SourceFile
from schemas.fields import Field
from schemas.records import Reading
from schemas.statements import Statement
from schemas.text import Alternative, Character, Page, PageSource, Word
from validators.arithmetic import ledgers
from validators.papers import taxonomy_of
from validators.proof import holding, prove
from validators.repair import repair

HERE = Path(__file__).parent
DPI = 200
SURE, WEAK, RUNNER_UP = 0.99, 0.6, 0.35
COUNTS = {"digit": 500, "minus": 100, "cut": 100, "separator": 100, "pair": 100}

Cell = tuple[int, tuple[str, int], str]
"""The document, the label and which of its rows with that label, and the column: unlike its place,
that stays when another row is lost."""
"""A statement, a row and a column of a reading."""


class Remembering:
    """A recogniser that is asked only once about the same pixels."""

    fingerprint, device = "planted", "cpu"

    def __init__(self) -> None:
        """Load the models."""
        self._engine = PaddleEngine(HERE.parent / ".models")
        self._known: dict[bytes, Line] = {}

    def find(self, image: Image) -> tuple[Quad, ...]:
        """Find lines."""
        return self._engine.find(image)

    def recognise(self, images: list[Image]) -> tuple[Line, ...]:
        """Recognise what was not recognised before."""
        keys = [repr(image.shape).encode() + image.tobytes() for image in images]
        new = [n for n, key in enumerate(keys) if key not in self._known]
        for n, line in zip(new, self._engine.recognise([images[n] for n in new]), strict=True):
            self._known[keys[n]] = line
        return tuple(self._known[key] for key in keys)


@dataclass(frozen=True)
class Paper:
    """The statement pages of a PDF as if they were recognised, and their pictures."""

    pages: tuple[Page, ...]
    look: Callable[[int], Look]

    def read(self, pages: tuple[Page, ...]) -> Reading:
        """Return what every door would get from the pages."""
        source = SourceFile(name="x", sha256="0" * 64, media_type=MediaType.PDF, size=1)
        found = statement.extract(pages, self.look)
        reading = Reading(source=source, pages=len(pages), documents=found, readers=("planted",))
        return prove(repair(reading))


def recognised(word: Word) -> Word:
    """Return a word of a text layer as a recogniser gives it."""
    characters = tuple(Character(text=char, probability=SURE) for char in word.text)
    return word.model_copy(update={"characters": characters, "confidence": SURE})


def paper(path: Path, engine: Remembering) -> Paper:
    """Return the statement pages of a digital PDF."""
    pages, pictures = [], {}
    with pdf.PdfFile(path.read_bytes(), Limits()) as document:
        texts = {n + 1: document.text(n + 1) for n in range(document.page_count)}
        for number in statement.find_pages(texts):
            page = document.page(number, "planted")
            words = tuple(map(recognised, page.words))
            update = {"source": PageSource.OCR, "words": words, "tables": ()}
            pages.append(page.model_copy(update=update))
            pictures[number] = np.ascontiguousarray(document.render(number, DPI))
    look = functools.cache(lambda number: Look(pictures[number], engine, 72 / DPI))
    return Paper(tuple(pages), look)


def labels(statement: Statement) -> list[tuple[str, int]]:
    """Return the label of each row, without an amount taken for its end, and its like before it."""
    seen: Counter[str] = Counter()
    names = []
    for row in statement.rows:
        label = row.label.rstrip("0123456789.,-")
        names.append((label, seen[label]))
        seen[label] += 1
    return names


def cells(reading: Reading) -> dict[Cell, Field[Decimal]]:
    """Return all amounts of a reading."""
    return {
        (n, name, column): cell
        for n, document in enumerate(reading.documents)
        if isinstance(document, Statement)
        for name, row in zip(labels(document), document.rows, strict=True)
        for column, cell in row.values.items()
    }


def bindings(reading: Reading) -> dict[Cell, int]:
    """Return how many sums that hold bind each amount, 2 for more."""
    found: dict[Cell, int] = {}
    for n, document in enumerate(reading.documents):
        for ledger in ledgers(document, taxonomy_of(document)):
            names = zip(labels(document), document.rows, strict=True)
            places = {row.item: name for name, row in reversed(list(names))}
            for item, count in holding(ledger).items():
                found[n, places[item], ledger.column.id] = min(count, 2)
    return found


def word_of(page: Page, cell: Field[Decimal]) -> int | None:
    """Return the place of the word that an amount was read from."""
    places = [
        n
        for n, word in enumerate(page.words)
        if word.text.strip() == cell.raw
        and word.box.vertical_overlap(cell.provenance.box) > 0
        and abs(word.box.left - cell.provenance.box.left) < 1
    ]
    return places[0] if len(places) == 1 else None


def misread(word: Word, kind: str, dice: random.Random, *, known: bool) -> Word | None:
    """Return a word with an error in it, None where it cannot have one of the kind."""
    text = word.text
    if kind in {"digit", "pair"}:
        at = dice.choice([n for n, char in enumerate(text) if char.isdigit()])
        other = dice.choice([d for d in "0123456789" if d != text[at]])
        characters = list(word.characters)
        runners_up = (Alternative(text=text[at], probability=RUNNER_UP),) if known else ()
        sure = WEAK if known else SURE
        characters[at] = Character(text=other, probability=sure, alternatives=runners_up)
        update = {"text": text[:at] + other + text[at + 1 :], "characters": tuple(characters)}
        return word.model_copy(update=update)
    changed = {"minus": without_minus, "cut": cut, "separator": moved}[kind](text, dice)
    if changed is None or changed == text:
        return None
    unit = word.box.width / len(text)
    box = word.box
    if text.endswith(changed):
        box = box._replace(left=box.left + unit * (len(text) - len(changed)))
    elif text.startswith(changed):
        box = box._replace(right=box.right - unit * (len(text) - len(changed)))
    return recognised(word.model_copy(update={"text": changed, "box": box}))


def without_minus(text: str, _dice: random.Random) -> str | None:
    """Return a number without its sign."""
    return text.lstrip("-－—−") if text[:1] in "-－—−" else None


def cut(text: str, dice: random.Random) -> str | None:
    """Return a number without its first or last group, as a seal leaves it."""
    groups = re.split(r"(?<=,)", text)
    if len(groups) < 2:
        return None
    return "".join(groups[1:]) if dice.random() < 0.5 else "".join(groups[:-1]).rstrip(",")


def moved(text: str, dice: random.Random) -> str | None:
    """Return a number with one separator taken for the other, or left out."""
    places = [n for n, char in enumerate(text) if char in ",."]
    if not places:
        return None
    at = dice.choice(places)
    return text[:at] + dice.choice(["." if text[at] == "," else ",", ""]) + text[at + 1 :]


def planted(
    source: Paper, truth: dict[Cell, Field[Decimal]], kind: str, dice: random.Random
) -> Iterator[tuple[Cell, tuple[Page, ...]]]:
    """Yield pages with one error each, for ever."""
    numbers = {page.number: n for n, page in enumerate(source.pages)}
    usable = [cell for cell, field in truth.items() if field.value and is_strong(field.raw)]
    fails = 0
    while fails < 10_000:
        cell = dice.choice(usable)
        at = numbers[truth[cell].provenance.page]
        page = source.pages[at]
        place = word_of(page, truth[cell])
        word = (
            None
            if place is None
            else misread(page.words[place], kind, dice, known=dice.random() < 0.5)
        )
        if word is None:
            fails += 1
            continue
        words = [*page.words[:place], word, *page.words[place + 1 :]]
        if kind == "pair" and not also_misread(words, cell, truth, page, dice):
            fails += 1
            continue
        changed = page.model_copy(update={"words": tuple(words)})
        yield cell, (*source.pages[:at], changed, *source.pages[at + 1 :])


def also_misread(
    words: list[Word],
    first: Cell,
    truth: dict[Cell, Field[Decimal]],
    page: Page,
    dice: random.Random,
) -> bool:
    """Misread a digit of a second amount in the column and on the page of the first."""
    others = [
        cell
        for cell, field in truth.items()
        if (cell[0], cell[2]) == (first[0], first[2])
        and cell != first
        and field.value
        and is_strong(field.raw)
        and field.provenance.page == page.number
    ]
    place = word_of(page, truth[dice.choice(others)]) if others else None
    if place is None:
        return False
    other = misread(words[place], "pair", dice, known=dice.random() < 0.5)
    words[place] = other or words[place]
    return other is not None


def outcome(truth: dict[Cell, Field[Decimal]], found: dict[Cell, Field[Decimal]], at: Cell) -> str:
    """Return what became of an error: of a pair, of the first of the two."""
    for cell, field in found.items():
        wrong = cell not in truth or field.value != truth[cell].value
        if wrong and (field.repaired or (field.accepted and cell != at)):
            return "harmed"
    field = found.get(at)
    if field is not None and field.value == truth[at].value:
        return "mended"
    return "missed" if field is not None and field.accepted else "flagged"


def main() -> int:
    """Plant, read, count, print."""
    parser = argparse.ArgumentParser(description="What becomes of planted errors?")
    parser.add_argument("papers", nargs="*", type=Path)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    samples = sorted((HERE.parent / "sample_docs").glob("0*/statements-*.pdf"))
    paths = options.papers or [path for path in samples if "scan" not in path.name]
    engine, tally = Remembering(), Counter()
    dice = random.Random(options.seed)  # noqa: S311  for the same errors each time
    for path in paths:
        source = paper(path, engine)
        whole = source.read(source.pages)
        truth, bound = cells(whole), bindings(whole)
        for kind, count in COUNTS.items():
            errors = planted(source, truth, kind, dice)
            for _ in range(max(1, round(count * options.share / len(paths)))):
                try:
                    at, pages = next(errors)
                except StopIteration:
                    break
                became = outcome(truth, cells(source.read(pages)), at)
                tally[kind, bound.get(at, 0), became] += 1
    table = Table("error", "sums", "n", "mended", "flagged", "missed", "harmed")
    for kind, sums in sorted({key[:2] for key in tally}):
        row = [tally[kind, sums, name] for name in ("mended", "flagged", "missed", "harmed")]
        table.add_row(kind, str(sums), str(sum(row)), *map(str, row))
    Console().print(table)
    return int(any(key[2] in {"missed", "harmed"} for key in tally))


if __name__ == "__main__":
    sys.exit(main())
