"""What `zishen extract` writes: one JSON document for each file, for programs to read.

Keys are only ever added within a `schema_version`.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict
from pydantic import Field as Default

from schemas.base import Model
from schemas.documents import DocumentKind, MediaType
from schemas.fields import Field, FieldState, Provenance
from schemas.findings import Finding, Severity
from schemas.licence import BusinessLicence, EntityType, Term
from schemas.messages import Language, error_message, message
from schemas.notices import ChangeNotice
from schemas.records import Extracted, Reading
from schemas.statements import Context, Row, Scope, Statement, StatementKind

T = TypeVar("T")


class _Part(Model):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Place(_Part):
    """Where something stands."""

    page: int
    """Counts from 1; in a workbook, the sheet."""
    box: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    reader: str
    """The reader and model that read it, or the person."""
    cell: str | None
    """The address in a workbook, such as `Sheet1!B7`."""

    @classmethod
    def of(cls, provenance: Provenance) -> "Place":
        """Round to a tenth of a point."""
        left, top, right, bottom = (round(edge, 1) for edge in provenance.box)
        return cls(
            page=provenance.page,
            box=(left, top, right, bottom),
            reader=provenance.reader,
            cell=provenance.cell,
        )


class Value(_Part):
    """A value, the text it came from, and its evidence."""

    value: str | None
    """Normalised: ISO date, decimal in whole currency units, compact code, interval of dates."""
    raw: str | None
    """The text as printed."""
    state: FieldState
    """`present`, `blank` (the label is printed, nothing stands there), `absent` (the form has no
    such field) or `unreadable`."""
    accepted: bool
    """Whether the pipeline stands behind the value without a person looking."""
    confidence: float | None
    """Probability of the least certain character; null where nothing was recognised."""
    repaired: bool
    """Whether the value is not what was read but what check digits or sums prove it to be."""
    label: str | None
    """The label as printed, for fields that have several."""
    provenance: Place | None
    """Where it stands."""

    @classmethod
    def of(cls, field: Field[T]) -> "Value":
        """Say a field in plain strings."""
        return cls(
            value=_plain(field.value),
            raw=field.raw,
            state=field.state,
            accepted=field.accepted,
            confidence=None if field.confidence is None else round(field.confidence, 4),
            repaired=field.repaired,
            label=field.label,
            provenance=None if field.provenance is None else Place.of(field.provenance),
        )


class LicenceDocument(_Part):
    """A business licence (营业执照)."""

    kind: Literal[DocumentKind.BUSINESS_LICENCE]
    pages: tuple[int, ...]
    """Pages of the file, counted from 1."""
    entity_type: EntityType | None
    """Who holds it, null when not told."""
    capital_currency: str
    """ISO 4217 code of the capital amounts."""
    fields: Annotated[
        dict[str, Value],
        Default(json_schema_extra={"propertyNames": {"enum": list(BusinessLicence.field_names())}}),
    ]
    """Every field by its name, those that the form does not have included."""

    @classmethod
    def of(cls, licence: BusinessLicence) -> "LicenceDocument":
        """Say a licence."""
        return cls(
            kind=licence.kind,
            pages=licence.pages,
            entity_type=licence.entity_type,
            capital_currency=licence.capital_currency,
            fields={name: Value.of(getattr(licence, name)) for name in licence.field_names()},
        )


class AmountColumn(_Part):
    """One column of amounts."""

    id: str
    """The key of the column in the `values` of rows."""
    label: str
    """The header as printed."""
    context: Context | None
    """What period the column speaks of, null when not told."""
    date: str | None
    """Balance date, or last day of the period, null when not printed."""


class StatementRow(_Part):
    """One printed row; a heading is a row without values."""

    item: str | None
    """The line item, null for what fits none."""
    label: str
    """The label, normalised."""
    label_raw: str
    """The label as printed."""
    note: str | None
    """The 附注 column."""
    line_no: str | None
    """The 行次 column."""
    values: dict[str, Value]
    """By the id of the column; nothing is printed in a column without an entry."""

    @classmethod
    def of(cls, row: Row) -> "StatementRow":
        """Say a row."""
        return cls(
            item=row.item,
            label=row.label,
            label_raw=row.label_raw,
            note=row.note,
            line_no=row.line_no,
            values={column: Value.of(field) for column, field in row.values.items()},
        )


class StatementDocument(_Part):
    """A balance sheet, an income statement or a cash-flow statement of one scope."""

    kind: StatementKind
    pages: tuple[int, ...]
    """Pages of the file that it runs across, counted from 1."""
    scope: Scope
    """Whose figures they are."""
    form: str | None
    """The form that it follows, such as `cas2019_new` or `sme`, null when not told."""
    entity: Value
    """The company, as printed on the statement."""
    currency: str
    """ISO 4217 code of the amounts."""
    scale: str
    """What printed amounts were multiplied by to give the values."""
    scale_printed: bool
    """Whether the unit stands on the paper or was assumed."""
    columns: tuple[AmountColumn, ...]
    """The columns of amounts, in printed order."""
    rows: tuple[StatementRow, ...]
    """The rows, in printed order."""

    @classmethod
    def of(cls, statement: Statement) -> "StatementDocument":
        """Say a statement."""
        return cls(
            kind=statement.kind,
            pages=statement.pages,
            scope=statement.scope,
            form=statement.form,
            entity=Value.of(statement.entity),
            currency=statement.currency,
            scale=format(statement.scale, "f"),
            scale_printed=statement.scale_printed,
            columns=tuple(
                AmountColumn(
                    id=column.id,
                    label=column.label,
                    context=column.context,
                    date=_plain(column.date),
                )
                for column in statement.columns
            ),
            rows=tuple(StatementRow.of(row) for row in statement.rows),
        )


class PlainDocument(_Part):
    """Pages that are not read field by field; `unknown` is what is of no known kind."""

    kind: Literal[DocumentKind.AUDIT_REPORT, DocumentKind.CHANGES_IN_EQUITY, DocumentKind.UNKNOWN]
    pages: tuple[int, ...]
    """Pages of the file, counted from 1."""


class NoticeDocument(_Part):
    """A notice of change (准予变更登记通知书, 名称变更核准通知书)."""

    kind: Literal[DocumentKind.CHANGE_NOTICE]
    pages: tuple[int, ...]
    """Pages of the file, counted from 1."""
    former_name: Value
    """The name before the change."""
    name: Value
    """The name after the change."""
    issued_on: Value
    """The day that is printed on it."""
    authority: Value
    """The authority that signs."""

    @classmethod
    def of(cls, notice: ChangeNotice) -> "NoticeDocument":
        """Say a notice."""
        return cls(
            kind=notice.kind,
            pages=notice.pages,
            former_name=Value.of(notice.former_name),
            name=Value.of(notice.name),
            issued_on=Value.of(notice.issued_on),
            authority=Value.of(notice.authority),
        )


class Remark(_Part):
    """What the reading found odd."""

    code: str
    """Stable name, explained in docs/rules.md."""
    severity: Severity
    """Who has to do something about it."""
    message: str
    """What is wrong, in the language that was asked for."""
    evidence: tuple[Place, ...]
    """Where to look."""

    @classmethod
    def of(cls, finding: Finding, lang: Language) -> "Remark":
        """Say a finding."""
        return cls(
            code=finding.code,
            severity=finding.severity,
            message=message(finding, lang),
            evidence=tuple(Place.of(provenance) for provenance in finding.evidence),
        )


class Source(_Part):
    """The file that was read."""

    name: str
    """What the sender called it."""
    sha256: str
    """Of its bytes, in hexadecimal."""
    media_type: MediaType | None
    """By its bytes, whatever the name says; null where they are of no known type."""
    pages: int
    """How many it has; of a workbook, sheets."""


Document = Annotated[
    LicenceDocument | StatementDocument | NoticeDocument | PlainDocument,
    Default(discriminator="kind"),
]


class Extract(_Part):
    """All that one file yielded.

    Amounts are decimal strings in whole currency units, never in exponent notation; dates are
    ISO 8601; boxes are points with the origin at the top left (on a picture, pixels).
    """

    model_config = ConfigDict(title="zishen extract")

    schema_version: Literal["1"]
    """Raised when a key is removed or changes its meaning."""
    source: Source
    """The file that was read."""
    documents: tuple[Document, ...]
    """What was found in it, in the order of pages."""
    findings: tuple[Remark, ...]
    """What the reading found odd about it."""

    @classmethod
    def of(cls, reading: Reading, lang: Language) -> "Extract":
        """Say a reading in the words of the contract."""
        source = reading.source
        return cls(
            schema_version="1",
            source=Source(
                name=source.name,
                sha256=source.sha256,
                media_type=source.media_type,
                pages=reading.pages,
            ),
            documents=tuple(_document(document) for document in reading.documents),
            findings=tuple(Remark.of(finding, lang) for finding in reading.findings),
        )

    @classmethod
    def refused(cls, source: Source, code: str, lang: Language) -> "Extract":
        """Say why a file yielded nothing; `code` is that of the error."""
        why = Remark(
            code=code, severity=Severity.RETURN, message=error_message(code, lang), evidence=()
        )
        return cls(schema_version="1", source=source, documents=(), findings=(why,))

    def to_json(self) -> str:
        """Return the text of the file, with every key."""
        return self.model_dump_json(indent=2) + "\n"


def _document(document: Extracted) -> Document:
    if isinstance(document, BusinessLicence):
        return LicenceDocument.of(document)
    if isinstance(document, Statement):
        return StatementDocument.of(document)
    if isinstance(document, ChangeNotice):
        return NoticeDocument.of(document)
    return PlainDocument(kind=document.kind, pages=document.pages)


def _plain(value: object) -> str | None:
    """Return a value as a string.

    >>> _plain(Decimal("1.2E+4"))
    '12000'
    """
    match value:
        case None:
            return None
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case Term():
            return str(value.model_dump())
        case _:
            return str(value)
