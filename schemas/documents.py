"""Files, what they are, and the package they came in."""

from datetime import date
from enum import StrEnum

from schemas.base import Model


class MediaType(StrEnum):
    """The types that intake recognises by their bytes."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    GIF = "image/gif"
    BMP = "image/bmp"
    WEBP = "image/webp"
    HEIC = "image/heic"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    XLS = "application/vnd.ms-excel"
    CSV = "text/csv"
    HTML = "text/html"
    ZIP = "application/zip"

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self.value.startswith("image/")

    @property
    def is_sheet(self) -> bool:
        """Whether it is a spreadsheet of some kind."""
        return self in {MediaType.XLSX, MediaType.XLS, MediaType.CSV, MediaType.HTML}


class DocumentKind(StrEnum):
    """What a document is, in the words of the output contract."""

    BUSINESS_LICENCE = "business_licence"
    BALANCE_SHEET = "balance_sheet"
    INCOME_STATEMENT = "income_statement"
    CASH_FLOW_STATEMENT = "cash_flow_statement"
    CHANGES_IN_EQUITY = "changes_in_equity"
    AUDIT_REPORT = "audit_report"
    CHANGE_NOTICE = "change_notice"
    UNKNOWN = "unknown"

    @property
    def is_statement(self) -> bool:
        """Whether it is one of the three statements that are read row by row."""
        return self in STATEMENT_KINDS


STATEMENT_KINDS = frozenset(
    {
        DocumentKind.BALANCE_SHEET,
        DocumentKind.INCOME_STATEMENT,
        DocumentKind.CASH_FLOW_STATEMENT,
    }
)


class AuditOpinion(StrEnum):
    """What an auditor says of the statements (审计意见)."""

    CLEAN = "clean"
    EMPHASIS = "emphasis"
    """Clean, with a paragraph that points something out, or doubts that the company goes on."""
    QUALIFIED = "qualified"
    ADVERSE = "adverse"
    DISCLAIMER = "disclaimer"


class SourceFile(Model):
    """One uploaded file, known by its content.

    `name` is what the sender called it. Names of files may hold names of people: never log them.
    """

    name: str
    sha256: str
    media_type: MediaType
    size: int


class RefusedFile(Model):
    """A file that yielded nothing, and the code of the error that says why."""

    name: str
    sha256: str
    size: int
    code: str


class Package(Model):
    """The papers of one application, as they were taken in.

    `id` is derived from the content, so the same papers for the same product and date are the
    same package. `applied_on` is the date from which freshness is counted.
    """

    id: str
    name: str
    product: str
    applied_on: date
    files: tuple[SourceFile, ...]
    refused: tuple[RefusedFile, ...] = ()
