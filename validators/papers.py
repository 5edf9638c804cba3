"""Small questions that several rules ask of a dossier and its fields."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, TypeVar

from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState, Provenance
from schemas.findings import Severity
from schemas.licence import BusinessLicence
from schemas.records import Dossier, OtherDocument, Reading
from schemas.statements import Statement
from schemas.taxonomy import Taxonomy, load

T = TypeVar("T")

_INTERNATIONAL: Final = frozenset(
    {
        "物业、厂房及设备",
        "于联营公司之权益",
        "于合营公司之权益",
        "递延税项资产",
        "递延税项负债",
        "银行结余及现金",
        "现金及现金等价物",
        "应收贸易款项",
        "应付贸易款项",
        "银行借贷",
        "非控制性权益",
        "非控股权益",
        "权益总额",
        "行政开支",
        "财务成本",
        "税前溢利",
        "除税前溢利",
        "所得税开支",
        "期内溢利",
        "年内溢利",
    }
)
"""Rows of statements in Chinese that no form of the Chinese standards has."""

_TELLING: Final = 3
_LONG: Final = "有限责任公司"
_SHORT: Final = "有限公司"


def licences(dossier: Dossier) -> Iterator[tuple[str, BusinessLicence]]:
    """Yield every licence with the sha256 of its file."""
    for reading in dossier.readings:
        for document in reading.documents:
            if isinstance(document, BusinessLicence):
                yield reading.source.sha256, document


def statements(dossier: Dossier) -> Iterator[tuple[str, Statement]]:
    """Yield every statement with the sha256 of its file."""
    for reading in dossier.readings:
        for document in reading.documents:
            if isinstance(document, Statement):
                yield reading.source.sha256, document


def has_known_unit(statement: Statement, reading: Reading) -> bool:
    """Return whether the unit is printed, or that of all other statements of the file with one.

    Sums hold in any unit, so nothing else tells 万元 whose line was not read from 元.
    """
    if statement.scale_printed:
        return True
    others = (other for other in reading.documents if isinstance(other, Statement))
    return {other.scale for other in others if other.scale_printed} == {statement.scale}


def is_unrecognised(reading: Reading) -> bool:
    """Return whether nothing in a file is of a known kind."""
    return all(
        isinstance(document, OtherDocument) and document.kind is DocumentKind.UNKNOWN
        for document in reading.documents
    )


def read(field: Field[T]) -> T | None:
    """Return the value of a field that was read, else None."""
    return field.value if field.state is FieldState.PRESENT else None


def evidence(*fields: Field[T]) -> tuple[Provenance, ...]:
    """Return where the fields stand."""
    return tuple(field.provenance for field in fields if field.provenance is not None)


def ask_if_sure(*fields: Field[T]) -> Severity:
    """Return RETURN when the pipeline stands behind every field, else ERROR.

    An applicant is never asked to mend what may only be our misreading.
    """
    return Severity.RETURN if all(field.accepted for field in fields) else Severity.ERROR


def same_name(one: str, other: str) -> bool:
    """Return whether two names of an entity are the same but for brackets, width and spaces.

    有限公司 and 有限责任公司 are two names.

    >>> same_name("甲（北京）有限公司", "甲 (北京)有限公司")
    True
    """
    return _plain(one) == _plain(other)


def is_variant(one: str, other: str) -> bool:
    """Return whether two names of an entity are the same but for the long form of 有限公司.

    Clerks take one for the other, and no authority registers both.

    >>> is_variant("甲有限公司", "甲有限责任公司"), is_variant("甲有限公司", "甲股份有限公司")
    (True, False)
    """
    return _plain(one).replace(_LONG, _SHORT) == _plain(other).replace(_LONG, _SHORT)


def _plain(name: str) -> str:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", name))
    return text.translate(str.maketrans("[]【】〔〕", "()()()")).upper()


def is_international(statement: Statement) -> bool:
    """Return whether a statement follows IFRS or HKFRS, by its form or by what only these print.

    Companies listed in Hong Kong as well print such statements, in Chinese, behind their own.
    """
    if (statement.form or "").startswith(("ifrs", "hk")):
        return True
    labels = {row.label.partition("(")[0] for row in statement.rows}
    return len(labels & _INTERNATIONAL) >= _TELLING


def taxonomy_of(statement: Statement) -> Taxonomy:
    """Return the taxonomy of a form; CAS where the form is not told."""
    if (statement.form or "").startswith(("sme", "small")):
        return load("small")
    if statement.form == "npo":
        return load("npo")
    return load("ifrs") if is_international(statement) else load("cas")


def money(amount: Decimal) -> str:
    """Return an amount as it is printed in messages.

    >>> money(Decimal("-1234567.5"))
    '-1,234,567.50'
    """
    return f"{amount:,.2f}"
