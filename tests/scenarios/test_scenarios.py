"""Over whole packages: the outcome, the rules that led to it, and every word to the applicant."""

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.decisions import Outcome
from schemas.findings import Finding, Severity
from tests.builders import COMPANY, credit_code
from tests.scenarios.packages import Scenario
from tests.scenarios.passing import PASSING
from tests.scenarios.table import SCENARIOS
from validators.applicant import applicant_list
from validators.decide import decide
from validators.policy import load_policy
from validators.rulebook import check

COMPUTED = {*(f"R{number:02}" for number in range(1, 12)), "R15", "R21", "R23", "R24"}
"""The return reasons of completeness.yaml that follow from what is read."""

_DIAGNOSIS = re.compile(r"[^。]*，请先核对：[^。]*。请核对(后重新提交|或补充说明)。$")
_NUMBER = re.compile(r"-?\d[\d,.、-]*\d|-?\d")

SECRETS = (COMPANY, "某某", credit_code(), credit_code("92"), "旧名", "另一家")
"""Names and numbers that no message may hold."""

seeds = st.sampled_from((1, 2, 3, 4, 6, 7))
"""Books that the generator can close; they are made once each."""


def judged(scenario: Scenario, seed: int) -> tuple[Finding, ...]:
    return check(scenario.papers(seed), load_policy(scenario.product))


def told(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """What the applicant is told, without the amounts and where they point first."""
    texts = (_DIAGNOSIS.sub("", text) for text in applicant_list(findings, "zh"))
    return tuple(_NUMBER.sub("#", text) for text in texts)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=seeds)
def test_the_outcome_its_reasons_and_the_message_are_right(scenario: Scenario, seed: int) -> None:
    findings = judged(scenario, seed)
    decision = decide(findings)

    assert (decision.outcome, decision.reasons) == (scenario.outcome, scenario.codes)
    assert told(findings) == scenario.told
    said = "".join(applicant_list(findings, "zh"))
    assert not [secret for secret in SECRETS if secret in said]


@given(
    seed=seeds,
    holding=st.lists(st.sampled_from(list(Severity)), min_size=1, max_size=3),
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_reader_remarks_of_a_clean_package_decides_it(
    seed: int, holding: list[Severity]
) -> None:
    remarks = tuple(Finding(code="reading.remark", severity=severity) for severity in holding)
    outcome = decide((*judged(PASSING[0], seed), *remarks)).outcome

    if Severity.ERROR in holding:
        assert outcome is Outcome.MANUAL
    else:
        assert (outcome is Outcome.SUPPLEMENT) == (Severity.RETURN in holding)


def test_the_table_covers_every_outcome_and_every_return_reason_that_is_computed() -> None:
    outcomes = Counter(scenario.outcome for scenario in SCENARIOS)

    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS) >= 40
    assert min(outcomes[outcome] for outcome in Outcome) >= 10
    assert {scenario.reason for scenario in SCENARIOS} - {""} == COMPUTED
