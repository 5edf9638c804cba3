"""Financial statements as rows of line items and columns of periods.

Money is exact (`Decimal`). `scale` times the printed amount is the value in whole currency units;
a per-share row is never scaled. Line items are the ids of schemas/data/statements_*.yaml.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import Field as Default

from schemas.base import Model
from schemas.documents import DocumentKind
from schemas.fields import Field, Provenance

StatementKind = Literal[
    DocumentKind.BALANCE_SHEET,
    DocumentKind.INCOME_STATEMENT,
    DocumentKind.CASH_FLOW_STATEMENT,
]


class Scope(StrEnum):
    """Whose figures they are."""

    CONSOLIDATED = "consolidated"
    PARENT = "parent"
    SINGLE = "single"


class Context(StrEnum):
    """What a column speaks of; the `contexts` of the taxonomies."""

    END = "end"
    BEGIN = "begin"
    CURRENT = "cur"
    PRIOR = "prior"
    MONTH = "month"
    QUARTER = "quarter"


class Column(Model):
    """One amount column: its id within the statement, the header as printed, and its date.

    `date` is the balance date or the last day of the period, None when the paper does not say.
    """

    id: str
    label: str
    context: Context | None = None
    date: dt.date | None = None


class Row(Model):
    """One printed row. `item` is None for what fits no line item; `values` is keyed by column id.

    `label` is the printed label normalised, `label_raw` as printed. `note` and `line_no` are the
    附注 and 行次 columns, which are no amounts. A column without an entry in `values` has nothing
    printed in it.
    """

    item: str | None
    label: str
    label_raw: str
    note: str | None = None
    line_no: str | None = None
    section: str | None = None
    provenance: Provenance | None = None
    values: dict[str, Field[Decimal]] = Default(default_factory=dict)


class Statement(Model):
    """One statement of one scope, over all pages that it runs across.

    `form` is the id of a form in the taxonomy (`cas2019_new`, `sme`), None when not told.
    `scale_printed` says whether the unit stands on the paper or was assumed to be 元, and
    `scope_told` whether its title, its rows or the other statements of the file tell the scope.
    """

    kind: StatementKind
    pages: tuple[int, ...]
    scope: Scope
    scope_told: bool = True
    form: str | None
    entity: Field[str]
    currency: str
    scale: Decimal
    scale_printed: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def amount(self, item: str, context: Context) -> Field[Decimal] | None:
        """Return the field of a line item in the first column of a context, None if not printed."""
        column = next((column.id for column in self.columns if column.context is context), None)
        if column is None:
            return None
        cells = (row.values.get(column) for row in self.rows if row.item == item)
        return next((cell for cell in cells if cell is not None), None)
