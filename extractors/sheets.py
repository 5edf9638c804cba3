"""Workbooks and CSV files as pages: one for every sheet that has something in it.

Cells are as their formulas were last computed; sums that never were are worked out. Hidden sheets
are read as well, since what is hidden in an application is of interest. Boxes are those of the
grid, a column 100 points wide and a row 20 points high: only their order means something.
"""

import contextlib
import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO

import python_calamine
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple

from extractors.formulas import Calculator, Fault, formulas_of
from extractors.intake import Limits, decoded
from schemas.documents import MediaType
from schemas.errors import CorruptFileError, EncryptedFileError, NoPagesError, TooLargeError
from schemas.geometry import Box
from schemas.text import Cell, Page, PageSource, Table

READER = "sheet/calamine"

_WIDTH = 100.0
_HEIGHT = 20.0
_DECIMALS = Decimal("0.0001")
_BYTES_OF_CELL = 400
"""What a cell of an XLSX file unpacks to, at most, styles and shared texts included."""
_LEAST_BYTES = 64 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
"""A cell with content, and its address; cells that are only formatted are closed at once."""
_LONGEST_TAG = 200
_PANIC = "PanicException"
"""What calamine throws when it finds itself in the wrong; it is no `Exception`."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Value = str | int | float | bool | dt.date | dt.time | dt.timedelta | None
Grid = dict[tuple[int, int], str]


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
    elif media_type is MediaType.XLS:
        named = _apart(data, limits)
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


def _apart(data: bytes, limits: Limits) -> Iterator[tuple[str, Grid]]:
    from extractors import xls  # noqa: PLC0415  its other process reads with this module

    return xls.grids(data, limits)


def _computed(found: Mapping[str, Grid], data: bytes) -> tuple[Fault, ...]:
    """Put sums without a result into their grids, and return what is wrong with the formulas."""
    formulas = formulas_of(data)
    faults = tuple(Calculator(found, formulas).faults()) if formulas else ()
    for fault in faults:
        if not fault.said:
            sheet, _, address = fault.cell.rpartition("!")
            row, column = coordinate_to_tuple(address)
            found[sheet][row - 1, column - 1] = _plain(fault.computed)
    return faults


def grids(data: bytes, media_type: MediaType, limits: Limits) -> Iterator[tuple[str, Grid]]:
    """Yield the name and the cells of every sheet of a workbook.

    Raises:
        DocumentError: as `read` does.
    """
    if _ENCRYPTED in data[: 1 << 20] and data.startswith(b"\xd0\xcf\x11\xe0"):
        raise EncryptedFileError(media_type.value)
    if media_type is MediaType.XLSX:
        _check_unpacked(data, limits)
    with _refusals(media_type), python_calamine.load_workbook(io.BytesIO(data)) as book:
        left = limits.max_sheet_cells
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.start is not None:
                left -= sheet.height * sheet.width
                _check_left(left, limits)
                yield name, _grid(sheet.to_python(skip_empty_area=True), sheet.start)


@contextlib.contextmanager
def _refusals(media_type: MediaType) -> Iterator[None]:
    """Turn what calamine raises into errors that say who should act."""
    try:
        yield
    except python_calamine.PasswordError as error:
        raise EncryptedFileError(media_type.value) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise CorruptFileError(media_type.value, type(error).__name__) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise CorruptFileError(media_type.value, "its reader gave up") from error


def _check_left(left: int, limits: Limits) -> None:
    if left < 0:
        limit = limits.max_sheet_cells
        raise TooLargeError("cells", limit - left, limit=limit)


def _check_unpacked(data: bytes, limits: Limits) -> None:
    """Refuse what would take too much memory, before the reader that would take it.

    The reader lays out every sheet as a full rectangle, so that one value in its last corner
    is enough. Members that hold more than they say fail their checksum here.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_bytes(sum(info.file_size for info in archive.infolist()), limits)
            for info in archive.infolist():
                with archive.open(info) as member:
                    _check_cells(member, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise CorruptFileError(MediaType.XLSX.value, "its parts cannot be unpacked") from error
    except RuntimeError as error:  # what zipfile raises for a member with a password
        raise EncryptedFileError(MediaType.XLSX.value) from error


def _check_bytes(total: int, limits: Limits) -> None:
    needed = max(_LEAST_BYTES, limits.max_sheet_cells * _BYTES_OF_CELL)
    limit = min(limits.max_archive_bytes, needed)
    if total > limit:
        raise TooLargeError("bytes in a workbook", total, limit=limit)


def _check_cells(member: IO[bytes], limits: Limits) -> None:
    """Look at the addresses of all cells with content in a part of a workbook."""
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    rest = b""
    while chunk := member.read(1 << 20):
        text = rest + chunk
        for column, row in _CELL.findall(text):
            columns.add(column)
            rows.add(row)
        rest = text[-_LONGEST_TAG:]
    if not rows:
        return
    places = [column_index_from_string(column.decode()) for column in columns]
    numbers = [int(row) for row in rows]
    size = (max(places) - min(places) + 1) * (max(numbers) - min(numbers) + 1)
    if size > limits.max_sheet_cells:
        raise TooLargeError("cells", size, limit=limits.max_sheet_cells)


def _grid(rows: Sequence[Sequence[Value]], start: tuple[int, int]) -> Grid:
    top, left = start
    return {
        (top + row, left + column): text
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if (text := printed(value))
    }


def printed(value: Value) -> str:
    """Return a cell as exact text: no binary fractions, no exponents.

    >>> printed(0.1 + 0.2), printed(1e15), printed(-2.50)
    ('0.3', '1000000000000000', '-2.5')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return _exact(value)
    return str(value).strip("\r\n\t\x00")


def _exact(value: float) -> str:
    number = Decimal(repr(value))
    if not number.is_finite():
        return ""
    if number.as_tuple().exponent < -4:  # type: ignore[operator]  # finite: it is a number
        number = number.quantize(_DECIMALS)
    return _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


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
