"""The data dictionary: docs/data-dictionary.md, written from the tables themselves."""

import inspect
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Column, Numeric

from pipeline.database.tables.base import Base, Json
from pipeline.database.tables.views import VIEWS, Amount

_HEAD: Final = """
Five tables say what records say, as typed columns that SQL can join. They are written in the
transaction of the record, one set of rows for each revision; the record itself stays in `records`
as JSON. `zishen db rebuild-views` makes them anew from the records, after a version has added a
column or for records from before there were tables. Nothing is read back from them.

Join them by `package_id` and `revision`. The latest revision of each package:

```sql
SELECT d.* FROM decisions d
WHERE d.revision = (SELECT MAX(r.revision) FROM decisions r WHERE r.package_id = d.package_id);
```

Total assets of every company that passed, where the amount was accepted:

```sql
SELECT d.unified_social_credit_code, l.period_end, l.value
FROM decisions d
JOIN statement_lines l ON l.package_id = d.package_id AND l.revision = d.revision
WHERE d.outcome = 'pass' AND l.item = 'total_assets' AND l.context = 'end' AND l.accepted;
```

On PostgreSQL an amount is NUMERIC and exact. SQLite knows no decimals: there an amount is exact to
15 digits. Columns marked personal hold names or addresses of people: give them to nobody who does
not need them (docs/security.md), and erase them with `zishen data erase`, never by SQL.
"""
_TYPES: Final = {
    "String": "text",
    "Text": "text",
    "Integer": "whole number",
    "Boolean": "true or false",
    "Date": "date",
    "DateTime": "time with zone",
}


def dictionary_page(made: str) -> str:
    """Return docs/data-dictionary.md: every table for underwriting, every column."""
    return "\n".join(
        ["# Data dictionary", "", made, _HEAD, *(line for view in VIEWS for line in _table(view))]
    )


def _table(view: type) -> Iterator[str]:
    table = Base.metadata.tables[view.__tablename__]  # type: ignore[attr-defined]
    yield from (f"## {table.name}", "", inspect.getdoc(view) or "", "")
    yield from ("| column | type | null | |", "|---|---|---|---|")
    for column in table.columns:
        key = ", key" if column.primary_key else ""
        null = "yes" if column.nullable else "no"
        yield f"| `{column.name}` | {_type(column)}{key} | {null} | {column.doc or ''} |"
    yield ""


def _type(column: Column[object]) -> str:
    if isinstance(column.type, Amount | Numeric):
        return "amount"
    if isinstance(column.type, Json):
        return "JSON"
    return _TYPES[type(column.type).__name__]
