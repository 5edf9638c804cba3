"""What is kept: the record that an underwriter acts on and an auditor can replay."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field as Default

from schemas.base import Model
from schemas.decisions import Decision
from schemas.documents import AuditOpinion, DocumentKind, Package, SourceFile
from schemas.findings import Finding
from schemas.licence import BusinessLicence
from schemas.notices import ChangeNotice
from schemas.statements import Statement


class OtherDocument(Model):
    """A run of pages that was recognised, at most, but is not read field by field.

    `opinion` is that of an audit report, None where its pages do not tell.
    """

    kind: Literal[DocumentKind.AUDIT_REPORT, DocumentKind.CHANGES_IN_EQUITY, DocumentKind.UNKNOWN]
    pages: tuple[int, ...]
    opinion: AuditOpinion | None = None


Extracted = Annotated[
    BusinessLicence | Statement | ChangeNotice | OtherDocument, Default(discriminator="kind")
]


class Reading(Model):
    """All that one file yielded.

    `readers` names every reader and model that had a part in it, so that the result can be made
    again.
    """

    source: SourceFile
    pages: int
    documents: tuple[Extracted, ...]
    findings: tuple[Finding, ...] = ()
    readers: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    """What the models ran on; none where no page had to be recognised."""


class Dossier(Model):
    """A package and everything that was read in it: what the rules look at."""

    package: Package
    readings: tuple[Reading, ...]

    @property
    def licences(self) -> tuple[BusinessLicence, ...]:
        """Every licence in the package, in the order of the files."""
        return tuple(d for d in self._documents if isinstance(d, BusinessLicence))

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement in the package, in the order of the files."""
        return tuple(d for d in self._documents if isinstance(d, Statement))

    @property
    def notices(self) -> tuple[ChangeNotice, ...]:
        """Every notice of change in the package, in the order of the files."""
        return tuple(d for d in self._documents if isinstance(d, ChangeNotice))

    @property
    def kinds(self) -> frozenset[DocumentKind]:
        """The kinds of documents that were found."""
        return frozenset(document.kind for document in self._documents)

    @property
    def _documents(self) -> tuple[Extracted, ...]:
        return tuple(document for reading in self.readings for document in reading.documents)


class MadeBy(Model):
    """Code, policy and models behind a record: enough to replay it."""

    code: str
    rulebook: str
    policy: str
    models: tuple[str, ...]
    device: str


class Record(Model):
    """One revision of the structured result of a review; records are only ever added."""

    package_id: str
    revision: int
    dossier: Dossier
    findings: tuple[Finding, ...]
    decision: Decision
    made_by: MadeBy
    made_at: datetime
