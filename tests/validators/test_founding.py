"""What the licence and the statements say of each other."""

from datetime import date
from decimal import Decimal
from typing import Any

from schemas.findings import Finding
from schemas.records import Dossier
from schemas.statements import Context
from tests.builders import (
    BALANCE,
    INCOME,
    absent,
    amended,
    blank,
    dossier,
    field,
    licence,
    set_to,
    statement,
    unreadable_cell,
)
from validators.policy import load_policy
from validators.rulebook import RULEBOOK

POLICY = load_policy("sme_small")
END = Context.END


def found(code: str, *papers: Any) -> list[Finding]:
    package: Dossier = dossier(*papers)
    return list(RULEBOOK[code].findings(package, POLICY))


def test_the_capital_of_the_licence_is_compared_in_its_own_currency_and_entity() -> None:
    paper = licence(registered_capital=field(Decimal(100)))
    dollars = licence(registered_capital=field(Decimal(100)), capital_currency="USD")
    other = statement(BALANCE, entity=field("示例市另一家有限公司"))

    assert found("statements.paid_in_capital", paper, statement(BALANCE))
    assert found("statements.paid_in_capital", paper, statement(BALANCE, entity=absent()))
    for one, balance in (
        (dollars, statement(BALANCE)),
        (paper, other),
        (paper, statement(BALANCE, scale_printed=False)),
        (paper, statement(BALANCE, {"total_assets": {END: 1}})),
        (paper, amended(statement(BALANCE), "paid_in_capital", END, unreadable_cell)),
        (licence(registered_capital=absent(Decimal)), statement(BALANCE)),
        (paper, statement(INCOME)),
    ):
        assert not found("statements.paid_in_capital", one, balance)


def test_capital_is_due_five_years_after_establishment() -> None:
    def said(established: Any, paid: Any = 100, **changes: Any) -> bool:
        paper = licence(established_date=established, **changes)
        balance = amended(
            statement(BALANCE),
            "paid_in_capital",
            END,
            set_to(paid) if paid is not None else lambda _: blank(Decimal),
        )
        return bool(found("licence.capital_unpaid", paper, balance))

    assert said(field(date(2021, 10, 15)))
    assert said(field(date(2015, 1, 1)), None)
    assert not said(field(date(2021, 10, 16)))
    assert not said(field(date(2015, 1, 1)), 20_000)
    assert not said(absent(date))
    assert not said(field(date(2015, 1, 1)), registered_capital=absent(Decimal))
    assert not said(field(date(2015, 1, 1)), entity_type=None)


def test_no_statement_is_older_than_its_entity() -> None:
    young = licence(established_date=field(date(2026, 10, 1)))
    other = statement(BALANCE, entity=field("示例市另一家有限公司"))

    assert found("statements.before_establishment", young, statement(BALANCE))
    assert not found("statements.before_establishment", young, other)
    assert not found("statements.before_establishment", young, statement(BALANCE, closing=None))
    assert not found("statements.before_establishment", licence(), statement(BALANCE))
    assert not found(
        "statements.before_establishment",
        licence(established_date=absent(date)),
        statement(BALANCE),
    )
