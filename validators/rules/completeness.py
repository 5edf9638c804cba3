"""Whether the package has the papers that the product asks for."""

from collections.abc import Iterator

from schemas.documents import STATEMENT_KINDS, DocumentKind
from schemas.findings import Severity
from schemas.records import Dossier
from validators.policy import Policy
from validators.rule import Objection, rule


@rule("package.empty", Severity.RETURN)
def empty(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """A package holds at least one file."""
    if not dossier.package.files and not dossier.package.refused:
        yield Objection()


@rule("package.unreadable_file", Severity.RETURN)
def unreadable_file(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Every file can be opened (R24)."""
    for file in dossier.package.refused:
        yield Objection({"reason": file.code}, subject=file.sha256)


@rule("package.missing_document", Severity.RETURN)
def missing_document(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Every document that the product requires is there (R01)."""
    for kind in _missing(dossier, policy):
        yield Objection({"document": kind.value})


@rule("package.not_checked", Severity.WARN)
def not_checked(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """What the product requires and no machine recognises yet is left to a person, and listed once.

    It is not told as missing: it may well be among the files.
    """
    if policy.unrecognised:
        yield Objection({"documents": ",".join(policy.unrecognised)})


@rule("package.incomplete_statements", Severity.RETURN)
def incomplete_statements(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """A balance sheet comes with the income and cash-flow statements of the same scope (R08).

    What is missing altogether is told as a missing document where the product requires it.
    """
    if not STATEMENT_KINDS & set(policy.required):
        return
    told = set(_missing(dossier, policy))
    for scope in dict.fromkeys(statement.scope for statement in dossier.statements):
        kinds = {statement.kind for statement in dossier.statements if statement.scope is scope}
        if DocumentKind.BALANCE_SHEET in kinds:
            for kind in sorted(STATEMENT_KINDS - kinds - told):
                yield Objection({"document": kind.value, "scope": scope.value})


def _missing(dossier: Dossier, policy: Policy) -> tuple[DocumentKind, ...]:
    return tuple(kind for kind in policy.required if kind not in dossier.kinds)
