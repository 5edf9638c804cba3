"""What the licence and the statements say of each other: capital, and when it all began."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from schemas.documents import DocumentKind
from schemas.fields import FieldState
from schemas.findings import Severity
from schemas.licence import BusinessLicence, EntityType
from schemas.records import Dossier
from schemas.statements import Context
from validators.arithmetic import Ledger
from validators.closings import Closing, closings, own_day
from validators.holders import in_force
from validators.papers import evidence, is_variant, money, read, statements
from validators.policy import Policy
from validators.rule import Objection, rule

_YEARS_TO_PAY: Final = 5
"""公司法 2023, art. 47: contributions are paid in full within five years of establishment."""

_COMPANIES: Final = frozenset({EntityType.LIMITED_COMPANY, EntityType.JOINT_STOCK_COMPANY})


@rule("statements.before_establishment", Severity.ERROR)
def before_establishment(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """No statement is of a day before its entity was established (CC10)."""
    for _, licence in in_force(dossier):
        established = read(licence.established_date)
        for subject, statement in statements(dossier):
            day = own_day(statement)
            name = read(statement.entity)
            if established and day and day < established and _is_of(licence, name):
                params = {"document": statement.kind.value, "date": day.isoformat()}
                yield Objection(params, evidence(licence.established_date), subject)


@rule("statements.paid_in_capital", Severity.WARN)
def paid_in_capital(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Paid-in capital is within the registered capital of the licence (CC04, X_LICENCE_CAPITAL)."""
    for licence, closing, sheet in _sheets(dossier):
        cell, registered = sheet.cells["paid_in_capital"], read(licence.registered_capital)
        paid = cell.value
        if registered is None or registered <= 0 or paid is None:
            continue
        if paid <= registered + sheet.precision / 2:
            continue
        params = {"left": money(paid), "right": money(registered)}
        cells = cell, licence.registered_capital
        yield Objection(params, evidence(*cells), _subject(closing))


@rule("licence.capital_unpaid", Severity.INFO)
def capital_unpaid(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """A company of five years or more has paid in its registered capital (L032, 公司法 art. 47)."""
    for licence, closing, sheet in _sheets(dossier):
        established, registered = read(licence.established_date), read(licence.registered_capital)
        cell = sheet.cells["paid_in_capital"]
        paid = 0 if cell.state is FieldState.BLANK else cell.value
        if registered is None or paid is None or licence.entity_type not in _COMPANIES:
            continue
        is_old = established is not None and _is_old(established, dossier.package.applied_on)
        if is_old and paid < registered - sheet.precision / 2:
            cells = cell, licence.registered_capital
            yield Objection({}, evidence(*cells), _subject(closing))


def _sheets(dossier: Dossier) -> Iterator[tuple[BusinessLicence, Closing, Ledger]]:
    """Yield each licence with the latest balance sheet of its holder that prints a capital.

    Of scopes the first counts: consolidated and parent capital are the same.
    """
    found = closings(dossier)
    for _, licence in in_force(dossier):
        for closing in found:
            name = closing.entity.value if closing.entity else None
            sheet = closing.ledger(DocumentKind.BALANCE_SHEET, Context.END)
            alike = closing.currency == licence.capital_currency and closing.has_one_unit
            if sheet and alike and "paid_in_capital" in sheet.cells and _is_of(licence, name):
                yield licence, closing, sheet
                break


def _is_of(licence: BusinessLicence, name: str | None) -> bool:
    """Return whether a statement is of the holder of a licence, as far as names were read."""
    holder = read(licence.name)
    return name is None or holder is None or is_variant(name, holder)


def _is_old(established: date, today: date) -> bool:
    anniversary = (established.year + _YEARS_TO_PAY, established.month, established.day)
    return anniversary <= (today.year, today.month, today.day)


def _subject(closing: Closing) -> str:
    return closing.papers[DocumentKind.BALANCE_SHEET].subject
