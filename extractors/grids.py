"""The cells of a workbook as text, as they were last computed."""

import contextlib
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import IO

import python_calamine
from openpyxl.utils import column_index_from_string

from extractors.intake import Limits
from schemas.documents import MediaType
from schemas.errors import CorruptFileError, EncryptedFileError, TooLargeError

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


def grids(data: bytes, media_type: MediaType, limits: Limits) -> Iterator[tuple[str, Grid]]:
    """Yield the name and the cells of every sheet of a workbook.

    Raises:
        CorruptFileError: it cannot be read as what it is.
        EncryptedFileError: it wants a password.
        TooLargeError: it has more cells than the limits allow, or unpacks to too much.
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
    return plain(number)


def plain(number: Decimal) -> str:
    """Return a number without an exponent and without noughts at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
