"""Which statements make a set: one day, one scope, one name."""

from datetime import date
from typing import Any

import pytest

from schemas.findings import Severity
from schemas.records import Dossier
from schemas.statements import Scope, Statement
from tests.builders import BALANCE, CASH, COMPANY, INCOME, dossier, field, licence, statement
from tests.scenarios.packages import recognised
from tests.validators.cases import POLICY
from validators.books import books
from validators.papers import is_variant
from validators.policy import load_policy
from validators.rulebook import RULEBOOK

EARLIER = date(2026, 6, 30)
LONG = field(COMPANY.replace("有限", "有限责任"))


def told(code: str, papers: Dossier) -> list[Severity]:
    return [one.severity for one in RULEBOOK[code].findings(papers, POLICY)]


def papers(**changes: dict[str, Any]) -> tuple[Statement, ...]:
    kinds = {"balance": BALANCE, "income": INCOME, "cash": CASH}
    return tuple(statement(kind, **changes.get(name, {})) for name, kind in kinds.items())


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({}, []),
        ({"income": {"closing": EARLIER}}, [Severity.RETURN]),
        ({"cash": {"closing": EARLIER}}, [Severity.WARN]),
        ({"balance": {"closing": EARLIER}}, [Severity.RETURN, Severity.WARN]),
        ({"income": {"closing": None}}, []),
        ({"income": {"closing": EARLIER, "scope": Scope.PARENT}}, []),
    ],
    ids=["one day", "income", "cash flows", "the balance", "no date", "another scope"],
)
def test_flows_are_of_the_day_of_the_balance_sheet(
    changes: dict[str, dict[str, Any]], severities: list[Severity]
) -> None:
    assert told("statements.periods_apart", dossier(*papers(**changes))) == severities


def test_a_date_in_a_picture_is_looked_at_before_anyone_is_asked() -> None:
    balance, income, cash = papers(income={"closing": EARLIER})

    assert told("statements.periods_apart", dossier(balance, recognised(income), cash)) == [
        Severity.ERROR
    ]


def test_where_no_statements_are_asked_for_none_need_be_of_one_day() -> None:
    apart = dossier(*papers(income={"closing": EARLIER}))

    rule = RULEBOOK["statements.periods_apart"]
    assert not list(rule.findings(apart, load_policy("sole_trader")))


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"scope": Scope.PARENT}, True),
        ({"scope": Scope.PARENT, "scope_told": False}, False),
        ({"scope": Scope.SINGLE}, False),
    ],
    ids=["so called", "taken for it", "single"],
)
def test_a_parent_company_has_a_group(changes: dict[str, Any], *, is_told: bool) -> None:
    own = statement(BALANCE, **changes)

    assert bool(told("statements.parent_only", dossier(own))) is is_told
    group = statement(BALANCE, scope=Scope.CONSOLIDATED)
    assert not told("statements.parent_only", dossier(own, group))


def test_the_long_form_of_a_name_is_the_same_entity() -> None:
    long = papers(**{name: {"entity": LONG} for name in ("balance", "income", "cash")})
    package = dossier(licence(), *long, statement(BALANCE, closing=date(2025, 12, 31)))

    assert [one.entity.value for one in books(package) if one.entity] == [LONG.value]
    assert told("statements.entity_variant", package) == [Severity.WARN] * 3
    assert not told("statements.entity_mismatch", package)


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("甲有限公司", "甲有限责任公司", True),
        ("甲（示例）有限公司", "甲(示例)有限责任公司", True),
        ("甲有限公司", "甲股份有限公司", False),
        ("甲有限公司", "乙有限公司", False),
        ("甲有限公司", "甲有限公司示例分公司", False),
    ],
)
def test_only_the_long_form_of_limited_is_a_variant(one: str, other: str, *, are: bool) -> None:
    assert is_variant(one, other) is are
