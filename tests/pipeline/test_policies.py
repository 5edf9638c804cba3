"""A bank's own policy file: looked through at start, in force everywhere, named in each record."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import wiring
from pipeline.policies import policies, product_name
from pipeline.settings import Settings
from pipeline.stages.intake import take_in
from pipeline.stages.judge import judge
from pipeline.stages.rejudge import rejudge
from pipeline.stages.services import Services
from schemas.decisions import Outcome
from schemas.errors import PolicyError
from schemas.policy import Service
from tests.builders import BALANCE, clean, statement
from validators.policy import built_in, load_policy

BANKS = """
version: 示例银行-7
service: {hours: 48}
products:
  - id: sme_small
    name_zh: 小微快贷
    name_en: Quick loan
    documents: [{document: business_licence, requirement: required}]
    statement_age_days: 30
    expiry_notice_days: 90
    severities: {statements.unit_assumed: warn}
  - id: gold
    name_zh: 黄金贷
    name_en: Gold
    documents: [{document: business_licence, requirement: required}]
    statement_age_days: 30
    expiry_notice_days: 90
    service: {hours: 8, at_risk_hours: 1, calendar: business_days}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "policy.yaml"
    file.write_text(BANKS, encoding="utf-8")
    return file


def under(services: Services, file: Path) -> Services:
    return replace(services, settings=Settings(data_dir=file.parent, policy_file=file))


def test_without_a_file_the_table_of_zishen_is_in_force(tmp_path: Path) -> None:
    assert policies(Settings(data_dir=tmp_path)) == built_in()


def test_rejudging_goes_by_the_file_and_the_record_names_its_version(
    services: Services, file: Path
) -> None:
    papers = clean(balance=statement(BALANCE, scale_printed=False))
    services.repository.add_package(papers.package)
    before = judge(papers.package, papers.readings, services)

    result = rejudge(before.package_id, under(services, file))

    assert before.decision.outcome is Outcome.MANUAL
    assert before.decision.reasons == ("statements.unit_assumed",)
    assert result.is_new
    assert result.after.made_by.policy == "sme_small/示例银行-7"
    assert result.after.decision.outcome is Outcome.PASS


def test_intake_knows_the_products_of_the_file_only(
    services: Services, file: Path, inbox: Path
) -> None:
    (inbox / "a.pdf").write_bytes(b"%PDF-1.7 ")

    assert take_in([inbox], under(services, file), product="gold").product == "gold"
    with pytest.raises(PolicyError, match="sme_small, gold"):
        take_in([inbox], under(services, file), product="wc_loan")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version: [", "no YAML"),
        (BANKS.replace("business_licence", "articles"), "cannot be recognised yet"),
        (BANKS.replace("unit_assumed: warn", "nothing: return"), "no rule 'statements.nothing'"),
        (BANKS.replace("id: sme_small", "id: silver"), "no product 'sme_small'"),
        (BANKS.replace("hours: 48", "hours: 3"), "at_risk_hours has to be less than hours"),
    ],
)
def test_a_file_that_is_wrong_stops_the_start(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(PolicyError, match=told):
        wiring.build(Settings(data_dir=tmp_path / "data", policy_file=file))


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "none.yaml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(PolicyError, match=r"none\.yaml"):
        policies(Settings(data_dir=tmp_path, policy_file=file))


def test_a_product_has_its_name_in_the_file_and_else_its_id(file: Path, tmp_path: Path) -> None:
    table = policies(Settings(data_dir=tmp_path, policy_file=file))

    assert product_name("gold", table, "zh") == "黄金贷"
    assert product_name("gold", table, "en") == "Gold"
    assert product_name("wc_loan", table, "en") == "wc_loan"


def test_a_product_has_a_deadline_of_its_own_or_that_of_the_table(file: Path) -> None:
    table = policies(Settings(data_dir=file.parent, policy_file=file))

    assert load_policy("sme_small", table).service == Service(hours=48)
    assert load_policy("gold", table).service.calendar == "business_days"
    assert load_policy("sme_small").service == Service(hours=24, at_risk_hours=4)
