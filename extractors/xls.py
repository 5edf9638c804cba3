"""Workbooks of Excel 97 to 2003, read by a process of their own: `python -m extractors.xls`.

The reader of this old form takes lengths out of the file on trust: a broken one can make it ask
for all the memory there is, or end the process that it runs in.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator

from extractors import grids as workbook
from extractors.intake import Limits
from schemas.documents import MediaType
from schemas.errors import CorruptFileError, DocumentError, EncryptedFileError, TooLargeError

_SECONDS = 60
_MEMORY = 2 << 30
"""Bytes that the process may take; a workbook of a million cells takes a tenth."""
_ENCRYPTED, _TOO_LARGE, _CORRUPT = 3, 4, 5


def grids(data: bytes, limits: Limits) -> Iterator[tuple[str, workbook.Grid]]:
    """Yield the sheets of a workbook, as the other process reads them.

    Raises:
        CorruptFileError: it cannot be read, or the process came to an end over it.
        EncryptedFileError: it wants a password.
        TooLargeError: it has more cells than the limits allow.
    """
    command = [sys.executable, "-m", "extractors.xls", str(limits.max_sheet_cells)]
    try:
        done = subprocess.run(  # noqa: S603  this module, by this Python
            command, input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CorruptFileError(MediaType.XLS.value, "its reader came to no end") from error
    if done.returncode:
        raise _refusal(done.returncode, limits)
    for name, cells in json.loads(done.stdout):
        yield name, {(row, column): text for row, column, text in cells}


def _refusal(code: int, limits: Limits) -> DocumentError:
    if code == _ENCRYPTED:
        return EncryptedFileError(MediaType.XLS.value)
    if code == _TOO_LARGE:
        most = limits.max_sheet_cells
        return TooLargeError("cells", most + 1, limit=most)
    return CorruptFileError(MediaType.XLS.value, "its reader gave up")


def main() -> int:
    """Read a workbook from the standard input, print its sheets, or say by a code why not."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    limits = Limits(max_sheet_cells=int(sys.argv[1]))
    try:
        found = [
            (name, [(row, column, text) for (row, column), text in grid.items()])
            for name, grid in workbook.grids(sys.stdin.buffer.read(), MediaType.XLS, limits)
        ]
    except EncryptedFileError:
        return _ENCRYPTED
    except TooLargeError:
        return _TOO_LARGE
    except CorruptFileError:
        return _CORRUPT
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
