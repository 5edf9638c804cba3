"""Workbooks, CSV files and web pages as pages: one for every sheet with something in it.

Cells are as their formulas were last computed; sums that never were are worked out. Hidden sheets
are read as well, since what is hidden in an application is of interest. Boxes are those of the
grid, a column 100 points wide and a row 20 points high: only their order means something.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple

from extractors import html, xls
from extractors.formulas import Calculator, Fault, formulas_of
from extractors.grids import Grid, grids, plain
from extractors.intake import Limits, decoded
from schemas.documents import MediaType
from schemas.errors import CorruptFileError, NoPagesError, TooLargeError
from schemas.geometry import Box
from schemas.text import Cell, Page, PageSource, Table

READER = "sheet/calamine"

_WIDTH = 100.0
_HEIGHT = 20.0


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file as pages, and the formulas whose kept results are not their sums."""

    pages: tuple[Page, ...]
    faults: tuple[Fault, ...] = ()


def read(data: bytes, media_type: MediaType, document_sha: str, limits: Limits) -> Workbook:
    """Return a page for every sheet that is not empty, in the order of the workbook.

    A sum without a result is worked out; that it was is one of the faults.

    Raises:
        CorruptFileError: it cannot be read as what it is.
        EncryptedFileError: it wants a password.
        NoPagesError: every sheet is empty.
        TooLargeError: it has more cells than the limits allow, or unpacks to too much.
    """
    if media_type is MediaType.CSV:
        named: Iterable[tuple[str, Grid]] = [("Sheet1", _csv(data, limits))]
    elif media_type is MediaType.HTML:
        named = [("Sheet1", html.grid(decoded(data) or "", limits))]
    elif media_type is MediaType.XLS:
        named = xls.grids(data, limits)
    else:
        named = grids(data, media_type, limits)
    found = dict(named)
    faults = _computed(found, data) if media_type is MediaType.XLSX else ()
    pages = tuple(
        _page(name, grid, number, document_sha)
        for number, (name, grid) in enumerate(found.items(), start=1)
        if grid
    )
    if not pages:
        raise NoPagesError(media_type.value)
    return Workbook(pages, faults)


def _computed(found: Mapping[str, Grid], data: bytes) -> tuple[Fault, ...]:
    """Put sums without a result into their grids, and return what is wrong with the formulas."""
    formulas = formulas_of(data)
    faults = tuple(Calculator(found, formulas).faults()) if formulas else ()
    for fault in faults:
        if not fault.said:
            sheet, _, address = fault.cell.rpartition("!")
            row, column = coordinate_to_tuple(address)
            found[sheet][row - 1, column - 1] = plain(fault.computed)
    return faults


def _csv(data: bytes, limits: Limits) -> Grid:
    text = decoded(data)
    if text is None:
        raise CorruptFileError(MediaType.CSV.value, "its encoding is unknown")
    try:
        rows = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=_delimiter(text))
        grid: Grid = {}
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value.strip():
                    grid[row, column] = value.strip("\r\n\t\x00")
            if len(grid) > limits.max_sheet_cells:
                raise TooLargeError("cells", len(grid), limit=limits.max_sheet_cells)
    except csv.Error as error:
        raise CorruptFileError(MediaType.CSV.value, "its rows cannot be told apart") from error
    return grid


def _delimiter(text: str) -> str:
    sample = "\n".join(text.splitlines()[:50])
    return max(",\t;|", key=sample.count)


def _page(name: str, grid: Grid, number: int, document_sha: str) -> Page:
    rows = 1 + max(row for row, _ in grid)
    columns = 1 + max(column for _, column in grid)
    whole = Box(0, 0, columns * _WIDTH, rows * _HEIGHT)
    cells = tuple(
        Cell(row=row, column=column, text=text, box=_box(row, column), reference=address)
        for (row, column), text in sorted(grid.items())
        if (address := f"{name}!{get_column_letter(column + 1)}{row + 1}")
    )
    return Page(
        document=document_sha,
        number=number,
        width=whole.width,
        height=whole.height,
        source=PageSource.SHEET,
        reader=READER,
        tables=(Table(box=whole, rows=rows, columns=columns, cells=cells),),
        sheet=name,
    )


def _box(row: int, column: int) -> Box:
    left, top = column * _WIDTH, row * _HEIGHT
    return Box(left, top, left + _WIDTH, top + _HEIGHT)
