"""Writes records to a file, whole or not at all."""

import csv
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from pipeline.export.parquet import write_parquet
from pipeline.export.rows import COLUMNS, flat_rows
from pipeline.export.text import harmless
from pipeline.export.workbook import write_workbook
from schemas.errors import StorageError
from schemas.records import Record

Format = Literal["xlsx", "csv", "jsonl", "parquet"]


def export(records: Sequence[Record], target: Path, form: Format) -> None:
    """Write records to a file, which is replaced where there is one.

    `xlsx` is for reading; `csv` (UTF-8 with a mark, for Excel), `jsonl` and `parquet` are one row
    for each printed value.

    Raises:
        NoParquetError: parquet is asked for and pyarrow is not installed.
        StorageError: the file cannot be written.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        FORMATS[form](records, draft)
        draft.replace(target)
    except OSError as error:
        raise StorageError("write an export", error.strerror or type(error).__name__) from error
    finally:
        draft.unlink(missing_ok=True)


def _write_csv(records: Sequence[Record], target: Path) -> None:
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for record in records:
            for row in flat_rows(record):
                writer.writerow([_in_csv(value) for value in row.as_dict().values()])


def _in_csv(value: object) -> object:
    match value:
        case str():
            return harmless(value)
        case bool():
            return "true" if value else "false"
        case tuple():
            return " ".join(str(edge) for edge in value)
        case _:
            return value


def _write_jsonl(records: Sequence[Record], target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            for row in flat_rows(record):
                file.write(json.dumps(row.as_dict(), ensure_ascii=False) + "\n")


FORMATS: Final[dict[Format, Callable[[Sequence[Record], Path], None]]] = {
    "xlsx": write_workbook,
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "parquet": write_parquet,
}
"""What can be written, and how."""
