"""Parquet: the same rows as CSV and JSON lines, with their types."""

import sys
from pathlib import Path

import pytest

from pipeline.export import export
from pipeline.export.parquet import NoParquetError
from pipeline.export.rows import COLUMNS, flat_rows
from schemas.statements import Context
from tests.builders import BALANCE, amended, clean, doubted, statement
from tests.pipeline.report_pages import record


def test_parquet_holds_every_row_and_keeps_the_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    paper = amended(statement(BALANCE), "inventories", Context.END, doubted)
    kept, target = record(clean(balance=paper)), tmp_path / "out.parquet"

    export([kept], target, "parquet")
    table = parquet.read_table(target)

    assert tuple(table.column_names) == COLUMNS
    rows = [row.as_dict() for row in flat_rows(kept)]
    assert [row | {"box": tuple(row["box"])} for row in table.to_pylist() if row["box"]] == [
        row for row in rows if row["box"]
    ]
    assert table.num_rows == len(rows)
    assert not all(table.column("accepted").to_pylist())


def test_without_pyarrow_the_remedy_is_told_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(NoParquetError):
        export([record(clean())], tmp_path / "out.parquet", "parquet")
    assert list(tmp_path.iterdir()) == []
