"""What a reader saw on a page: words, tables, and how sure it was of each character."""

from enum import StrEnum

from schemas.base import Model
from schemas.geometry import Box


class Alternative(Model):
    """Another character that the recogniser thought possible, with its probability (0..1)."""

    text: str
    probability: float


class Character(Model):
    """One recognised character, its probability (0..1) and the runners-up, best first.

    `at` is where its middle stands along the line, from 0 to 1, as far as the recogniser tells.
    """

    text: str
    probability: float
    at: float | None = None
    alternatives: tuple[Alternative, ...] = ()


class Word(Model):
    """A run of text as its reader gives it: a word of a text layer, a line of an OCR engine.

    `confidence` is the mean over the characters and None where nothing was recognised because
    the text was there already. `characters` keeps the alternatives of recognised text: the
    weakest character tells what the mean hides.
    """

    text: str
    box: Box
    confidence: float | None = None
    characters: tuple[Character, ...] = ()

    @property
    def weakest(self) -> float | None:
        """The lowest probability of a character, or None for text that was not recognised."""
        if self.characters:
            return min(character.probability for character in self.characters)
        return self.confidence


class Cell(Model):
    """One cell of a table; `reference` is its address in a workbook (`Sheet1!B7`).

    `words` keeps what was read in it, so that an amount can be traced to its characters.
    """

    row: int
    column: int
    text: str
    box: Box
    row_span: int = 1
    column_span: int = 1
    reference: str | None = None
    words: tuple[Word, ...] = ()


class Table(Model):
    """A grid of cells; rows and columns count from 0, cells come in reading order."""

    box: Box
    rows: int
    columns: int
    cells: tuple[Cell, ...]


class PageSource(StrEnum):
    """How the words of a page came to be."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    SHEET = "sheet"


class Page(Model):
    """One page (or one sheet of a workbook) as it was read.

    `document` is the sha256 of the file, `number` counts from 1, sizes are points. `reader` names
    the reader and model that made the words. `rotation` is how many degrees clockwise the page
    was turned before reading. While a page is read, its boxes are on the page as it was seen,
    upright and straight; what is extracted from it has them on the page as it was uploaded.
    """

    document: str
    number: int
    width: float
    height: float
    source: PageSource
    reader: str
    words: tuple[Word, ...] = ()
    tables: tuple[Table, ...] = ()
    rotation: int = 0
    sheet: str | None = None

    @property
    def text(self) -> str:
        """All words and cells, one a line, in the reader's order."""
        lines = [word.text for word in self.words]
        lines += [cell.text for table in self.tables for cell in table.cells if cell.text]
        return "\n".join(lines)
