"""Policy is data: what it may say, and what it changes."""

from datetime import date
from importlib import resources
from typing import Any

import pytest
import yaml

from schemas.errors import PolicyError
from schemas.findings import Finding, Severity
from schemas.messages import catalogue
from schemas.policy import PolicyTable, parse_policies
from schemas.statements import Context
from tests.builders import (
    BALANCE,
    CASH,
    INCOME,
    amended,
    clean,
    doubted,
    licence,
    package,
    raised_by,
    reading,
    statement,
)
from validators.policy import Policy, load_policy, products
from validators.policy_faults import FIXED, faults
from validators.rulebook import RULEBOOK, check

OURS = (resources.files("schemas") / "data" / "policies.yaml").read_text(encoding="utf-8")


def table(**changes: Any) -> PolicyTable:
    """The table of the installation, with changes to its first product."""
    found = yaml.safe_load(OURS)
    found["products"][0] |= changes
    return parse_policies(yaml.safe_dump(found, allow_unicode=True))


def policy(**severities: str) -> Policy:
    codes = {name.replace("__", "."): severity for name, severity in severities.items()}
    return load_policy("sme_small", table(severities=codes))


def codes(findings: tuple[Finding, ...]) -> dict[str, Severity]:
    return {one.code: one.severity for one in findings}


def test_our_own_table_is_without_fault() -> None:
    assert list(faults(parse_policies(OURS))) == []


def test_every_document_and_product_can_be_named() -> None:
    for product in products():
        for paper in load_policy(product).documents:
            assert paper.document in catalogue().words


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"statement_age_days": 0}, "products.0.statement_age_days"),
        ({"color": "red"}, "products.0.color"),
        ({"id": "Bad Id"}, "products.0.id"),
        ({"severities": {"licence.expired": "deadly"}}, "severities"),
        (
            {"documents": [{"document": "articles", "requirement": "required"}]},
            "articles cannot be recognised yet",
        ),
        (
            {
                "documents": [
                    {
                        "document": "balance_sheet",
                        "requirement": "required",
                        "recognised": False,
                    }
                ]
            },
            "leave recognised out",
        ),
        (
            {"documents": [{"document": "balance_sheet", "requirement": "required"}] * 2},
            "listed twice: balance_sheet",
        ),
    ],
)
def test_a_table_that_does_not_fit_says_where(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        table(**changes)


@pytest.mark.parametrize("text", ["a: [", "version: 1", "- 1"])
def test_what_is_no_table_is_a_fault_of_the_policy(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_policies(text)


def test_two_products_cannot_share_an_id() -> None:
    found = yaml.safe_load(OURS)
    found["products"].append(found["products"][0])

    with pytest.raises(PolicyError, match="same id"):
        parse_policies(yaml.safe_dump(found))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"severities": {"licence.nothing": "warn"}}, "there is no rule"),
        ({"severities": {"licence.name_type": "return"}}, "not for applicants"),
        ({"severities": {"statements.red_flag": "error"}}, "never more than warn"),
        (
            {
                "documents": [
                    {"document": "horoscope", "requirement": "required", "recognised": False}
                ]
            },
            "no document 'horoscope'",
        ),
    ],
)
def test_a_fault_names_its_place(changes: dict[str, Any], said: str) -> None:
    (one,) = faults(table(**changes))

    assert one.startswith("products.sme_small.")
    assert said in one


@pytest.mark.parametrize("code", sorted(FIXED))
def test_what_guards_the_reading_cannot_be_taken_down(code: str) -> None:
    assert code in RULEBOOK
    assert list(faults(table(severities={code: "info"})))
    assert not list(faults(table(severities={code: RULEBOOK[code].severity.value})))


def test_a_red_flag_may_be_taken_down() -> None:
    assert not list(faults(table(severities={"statements.red_flag": "info"})))


def test_a_policy_raises_a_rule() -> None:
    papers = clean(cash=statement(CASH, scale_printed=False))
    strict = policy(statements__unit_assumed="error")

    assert codes(check(papers, strict))["statements.unit_assumed"] is Severity.ERROR


def test_a_policy_takes_a_rule_down_with_all_that_it_says() -> None:
    """Also what the rule itself holds for graver, since the reading is not sure of it."""
    mild = policy(statements__balance="warn", statements__subtotal="warn")
    broken = amended(statement(BALANCE), "total_assets", Context.END, raised_by(500))
    for paper in (broken, amended(broken, "total_assets", Context.END, doubted)):
        found = codes(check(clean(balance=paper), mild))
        assert found["statements.balance"] is Severity.WARN


def test_what_a_rule_holds_for_little_stays_little_when_the_rule_is_raised() -> None:
    strict = policy(statements__subtotal="error")
    near = amended(statement(INCOME), "operating_cost", Context.CURRENT, raised_by(20))

    found = codes(check(clean(income=near), strict))
    assert found["statements.subtotal"] is Severity.WARN


def test_old_statements_are_no_fault_where_none_are_asked_for() -> None:
    papers = package(
        reading(licence()),
        reading(statement(BALANCE, closing=date(2025, 1, 31)), name="old.pdf"),
    )

    assert "statements.stale" in codes(check(papers, load_policy("sme_small")))
    assert "statements.stale" not in codes(check(papers, load_policy("sole_trader")))


def test_what_cannot_be_recognised_is_told_once_and_not_as_missing() -> None:
    found = check(clean(), load_policy("project_finance"))

    assert [one.code for one in found] == ["package.not_checked", "statements.years_missing"]
    assert "feasibility_study" in found[0].params["documents"]
    assert "audit_report" not in found[0].params["documents"]


def test_a_table_of_the_banks_own_is_used_where_it_is_given() -> None:
    own = table(statement_age_days=10)

    assert load_policy("sme_small", own).statement_age_days == 10
    assert products(own) == products()
    with pytest.raises(PolicyError):
        load_policy("gold", own)
