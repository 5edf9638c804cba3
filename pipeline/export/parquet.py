"""Flat rows as Apache Parquet, for data warehouses; needs the extra `zishen[parquet]`."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.export.rows import flat_rows
from schemas.errors import ConfigError
from schemas.records import Record


class NoParquetError(ConfigError):
    """Parquet is asked for, and the package that writes it is not installed."""

    code = "export.no_parquet"

    def __init__(self) -> None:
        """Name the package."""
        super().__init__("pyarrow is not installed")


def write_parquet(records: Sequence[Record], target: Path) -> None:
    """Write one row for each printed value; values stay text, so that no amount is rounded.

    Raises:
        NoParquetError: pyarrow is not installed.
        OSError: the file cannot be written.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  170 MB that most installations do without
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise NoParquetError from error
    text, number = pa.string(), pa.float64()
    schema = pa.schema(
        [
            ("package", text),
            ("revision", pa.int64()),
            ("document", text),
            ("file", text),
            ("kind", text),
            ("scope", text),
            ("item", text),
            ("label", text),
            ("column", text),
            ("context", text),
            ("date", text),
            ("currency", text),
            ("value", text),
            ("raw", text),
            ("state", text),
            ("accepted", pa.bool_()),
            ("repaired", pa.bool_()),
            ("confidence", number),
            ("page", pa.int64()),
            ("box", pa.list_(number, 4)),
        ]
    )
    rows = [row.as_dict() for record in records for row in flat_rows(record)]
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), target)
