"""From findings to an outcome, and to what the applicant is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.decisions import Outcome
from schemas.documents import DocumentKind
from schemas.errors import PolicyError
from schemas.findings import Finding, Severity
from schemas.messages import catalogue
from schemas.statements import Context
from tests.builders import BALANCE, amended, clean, doubted, raised_by, statement
from validators.applicant import applicant_list
from validators.decide import decide
from validators.policy import load_policy, products
from validators.rulebook import RULEBOOK, check

lists = st.lists(
    st.builds(Finding, code=st.sampled_from(["a", "b", "c"]), severity=st.sampled_from(Severity))
)


@given(lists)
def test_the_gravest_finding_decides(findings: list[Finding]) -> None:
    found = {finding.severity for finding in findings}
    outcome = decide(findings).outcome

    assert (outcome is Outcome.MANUAL) == (Severity.ERROR in found)
    assert (outcome is Outcome.PASS) == (not found & {Severity.ERROR, Severity.RETURN})


@given(lists)
def test_the_reasons_are_what_holds_the_package_up_each_once(findings: list[Finding]) -> None:
    holding = [f.code for f in findings if f.severity in {Severity.ERROR, Severity.RETURN}]
    reasons = decide(findings).reasons

    assert set(reasons) == set(holding)
    assert len(set(reasons)) == len(reasons)
    assert list(reasons) == sorted(reasons, key=holding.index)


def test_no_outcome_is_a_rejection() -> None:
    assert set(Outcome) == {"pass", "supplement", "manual"}


def test_the_applicant_is_told_every_gap_at_once_with_the_remedy() -> None:
    findings = [
        Finding(
            code="package.missing_document", severity=Severity.RETURN, params={"document": kind}
        )
        for kind in ("income_statement", "cash_flow_statement", "income_statement")
    ]

    assert applicant_list(findings, "zh") == (
        "您提交的资料缺少：利润表。请补充后重新提交。",
        "您提交的资料缺少：现金流量表。请补充后重新提交。",
    )
    assert applicant_list(findings, "en")[0] == (
        "The papers lack: income statement. Please add it and submit again."
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_applicant_never_hears_what_a_reviewer_suspects(lang: str) -> None:
    """The same rule speaks to the applicant of what is certain and to a person of the rest."""
    broken = amended(statement(BALANCE), "total_assets", Context.END, raised_by(500))
    doubtful = amended(broken, "total_assets", Context.END, doubted)
    policy = load_policy("sme_small")

    told = applicant_list(check(clean(balance=broken), policy), lang)  # type: ignore[arg-type]
    kept = applicant_list(check(clean(balance=doubtful), policy), lang)  # type: ignore[arg-type]

    assert len(told) == 2
    assert kept == ()


@pytest.mark.parametrize("severity", [Severity.INFO, Severity.WARN, Severity.ERROR])
@pytest.mark.parametrize("code", RULEBOOK)
def test_what_is_not_the_applicants_to_mend_is_left_out(code: str, severity: Severity) -> None:
    assert applicant_list([Finding(code=code, severity=severity)], "zh") == ()


def test_a_product_has_a_policy_and_the_record_names_its_version() -> None:
    policy = load_policy("sole_trader")

    assert policy.required == (DocumentKind.BUSINESS_LICENCE,)
    assert policy.label == f"sole_trader/{policy.version}"
    assert set(products()) == {"sme_small", "wc_loan", "project_finance", "sole_trader"}


def test_every_policy_asks_for_papers_that_can_be_named() -> None:
    for product in products():
        policy = load_policy(product)
        assert {kind.value for kind in policy.required} <= set(catalogue().words)
        assert policy.statement_age_days > 0
        assert policy.expiry_notice_days > 0


def test_a_product_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(
        PolicyError, match=r"'mortgage'.*sme_small, wc_loan, project_finance, sole_trader"
    ):
        load_policy("mortgage")
