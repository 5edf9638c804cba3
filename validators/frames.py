"""Statements and spreads as pandas frames, for work on whole columns.

Money is int64 fen (1/100 yuan, nullable): exact, and `frame.sum()` is exact too. A dash is 0;
what is not printed or could not be read is NA. What is no whole number of fen (earnings per
share, fractions in a workbook) is NA as well and stands exactly in `frame.attrs["fractions"]`.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

import pandas as pd

from schemas.records import Dossier
from schemas.statements import Scope, Statement, StatementKind
from validators.arithmetic import amount
from validators.ratios import Ratio
from validators.spreads import Spread
from validators.spreads import spread as accounts_of

Key: TypeAlias = tuple[str | None, Scope, str, StatementKind]
"""The entity as printed, whose figures, in which currency, and of which statement."""

Amounts: TypeAlias = dict[object, Decimal | None]
"""Amounts of one column by the index of their row."""

_FEN = 100


def frame(statement: Statement) -> pd.DataFrame:
    """Return the rows of a statement, indexed by row number, so that answers lead back to cells.

    Columns: `item`, `label`, and one for each amount column, under its id.
    """
    rows = statement.rows
    amounts: dict[str, Amounts] = {column.id: {} for column in statement.columns}
    for number, row in enumerate(rows):
        printed = row.values  # noqa: PD011  of a row, not of a frame
        for column, cell in printed.items():
            amounts[column][number] = amount(cell)
    table = pd.DataFrame(
        {
            "item": pd.array([row.item for row in rows], dtype="object"),
            "label": pd.array([row.label for row in rows], dtype="object"),
        },
        index=pd.RangeIndex(len(rows), name="row"),
    )
    return _with_money(table, amounts)


def spread(dossier: Dossier) -> dict[Key, pd.DataFrame]:
    """Return a frame for each statement of each entity and scope, its periods side by side.

    Indexed by line item in the order of the CAS form. Columns: `label`, then for each period
    (ISO date, newest first) its fen, `<date> accepted` and `<date> mark` (`restated`, `conflict`
    or NA). The printed cells behind a figure are in `validators.spreads`, under the same keys.
    """
    return {
        (accounts.entity, accounts.scope, accounts.currency, kind): spread_frame(table)
        for accounts in accounts_of(dossier)
        for kind, table in accounts.spreads.items()
    }


def spread_frame(table: Spread) -> pd.DataFrame:
    """Return one statement over all its periods."""
    items = [line.item for line in table.lines]
    found = pd.DataFrame(
        {"label": pd.array([line.label for line in table.lines], dtype="object")},
        index=pd.Index(items, name="item", dtype="object"),
    )
    for period in table.periods:
        cells = [table.cell(item, period) for item in items]
        values: Amounts = {
            item: cell.value for item, cell in zip(items, cells, strict=True) if cell is not None
        }
        found = _with_money(found, {period.label: values})
        found[f"{period.label} accepted"] = pd.array(
            [None if cell is None else cell.accepted for cell in cells], dtype="boolean"
        )
        found[f"{period.label} mark"] = pd.array(
            [None if cell is None or cell.mark is None else cell.mark.value for cell in cells],
            dtype="object",
        )
    return found


def trends(ratios: Iterable[Ratio]) -> pd.DataFrame:
    """Return ratios with the periods side by side, oldest first: what a chart or a trend wants.

    Indexed by entity, scope and ratio; values are `Decimal`, None where undefined.
    """
    found: dict[tuple[str, str, str], dict[str, Decimal | None]] = {}
    for ratio in ratios:
        key = (ratio.entity or "", ratio.scope.value, ratio.id)
        day = ratio.period.isoformat() if ratio.period else ""
        found.setdefault(key, {})[day] = ratio.value
    days = sorted({day for values in found.values() for day in values})
    index = pd.MultiIndex.from_tuples(list(found), names=["entity", "scope", "ratio"])
    columns = {day: [values.get(day) for values in found.values()] for day in days}
    return pd.DataFrame(columns, index=index, dtype="object")


def _with_money(table: pd.DataFrame, columns: dict[str, Amounts]) -> pd.DataFrame:
    """Return the table with columns of fen, and what is no whole number of them set apart."""
    found, fractions = table.copy(), dict(table.attrs.get("fractions", {}))
    for name, amounts in columns.items():
        whole = {place: _fen(value) for place, value in amounts.items()}
        found[name] = pd.array([whole.get(place) for place in table.index], dtype="Int64")
        fractions |= {
            (place, name): value
            for place, value in amounts.items()
            if value is not None and whole[place] is None
        }
    found.attrs["fractions"] = fractions
    return found


def _fen(value: Decimal | None) -> int | None:
    fen = None if value is None else value * _FEN
    return int(fen) if fen is not None and fen == fen.to_integral_value() else None
