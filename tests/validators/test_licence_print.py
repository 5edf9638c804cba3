"""What may stand on a licence, and how its names, places and kinds go together."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from schemas.findings import Finding, Severity
from schemas.licence import BusinessLicence, EntityType, Term
from schemas.licence_forms import licence_forms
from schemas.messages import Language
from tests.builders import COMPANY, absent, credit_code, dossier, field, licence, unread
from validators.applicant import applicant_list
from validators.policy import load_policy
from validators.rulebook import RULEBOOK, check
from validators.rules.licence_names import _named

POLICY = load_policy("sme_small")
CODE = "unified_social_credit_code"


def found(code: str, *, product: str = "sme_small", **changes: Any) -> list[Finding]:
    return list(RULEBOOK[code].findings(dossier(licence(**changes)), load_policy(product)))


# Forms


@pytest.mark.parametrize(
    ("kind", "changes", "fields"),
    [
        (EntityType.LIMITED_COMPANY, {}, []),
        (
            EntityType.LIMITED_COMPANY,
            {"legal_representative": field("某某", label="投资人")},
            ["legal_representative"],
        ),
        (
            EntityType.PARTNERSHIP,
            {
                "legal_representative": field("某某", label="执行事务合伙人"),
                "registered_capital": field(Decimal(9), label="出资额"),
            },
            [],
        ),
        (
            EntityType.PARTNERSHIP,
            {"registered_capital": field(Decimal(9), label="注册资本")},
            ["registered_capital"],
        ),
        (EntityType.INDIVIDUAL_BUSINESS, {"composition": field("个人经营")}, []),
        (EntityType.LIMITED_COMPANY, {"composition": field("个人经营")}, ["composition"]),
        (
            EntityType.LIMITED_COMPANY,
            {"registered_capital": field(Decimal(9), label="出资总额")},  # two fields go by it
            [],
        ),
        (None, {"composition": field("个人经营")}, []),
    ],
)
def test_a_licence_has_the_fields_of_its_form(
    kind: EntityType | None, changes: dict[str, Any], fields: list[str]
) -> None:
    said = found("licence.foreign_field", entity_type=kind, **changes)

    assert [one.params["field"] for one in said] == fields


def test_an_establishment_before_the_republic_is_odd() -> None:
    early = {"established_date": field(date(1949, 9, 30))}

    assert found("licence.established_early", **early)
    assert not found("licence.established_early", established_date=field(date(1949, 10, 1)))
    assert not found("licence.established_early", established_date=absent(date))


@pytest.mark.parametrize(
    ("start", "said"),
    [(date(2015, 4, 5), False), (date(2015, 4, 6), True), (date(2015, 2, 1), True), (None, False)],
)
def test_a_term_begins_within_a_month_of_the_establishment(
    start: date | None, *, said: bool
) -> None:
    term = field(Term(start=start, end=None))

    assert bool(found("licence.term_start", business_term=term)) is said
    assert not found("licence.term_start", business_term=absent(Term))


def test_an_authority_that_is_gone_issues_nothing() -> None:
    old = {"registration_authority": field("示例市工商行政管理局")}

    assert found("licence.form_date", **old, issue_date=field(date(2019, 7, 1)))
    assert not found("licence.form_date", **old, issue_date=field(date(2019, 6, 30)))
    assert not found("licence.form_date", **old, issue_date=absent(date))
    assert not found("licence.form_date", registration_authority=absent())


OLD_NUMBER = {
    "registration_number": field("440301103448669"),
    "unified_social_credit_code": absent(),
}


@pytest.mark.parametrize(
    ("changes", "issued", "reasons"),
    [
        ({"paid_in_capital": field(Decimal(20000))}, date(2019, 4, 1), "old_capital"),
        ({"paid_in_capital": field(Decimal(20000))}, date(2014, 12, 31), None),
        ({"paid_in_capital": absent(Decimal)}, date(2019, 4, 1), None),
        (OLD_NUMBER, date(2016, 1, 1), "old_number"),
        (OLD_NUMBER, date(2015, 12, 31), None),
        (OLD_NUMBER | {"entity_type": EntityType.INDIVIDUAL_BUSINESS}, date(2016, 1, 1), None),
        ({"registration_number": field("440301103448669")}, date(2019, 4, 1), None),
    ],
    ids=["capital", "old stock", "none", "number", "before", "sole trader", "beside a code"],
)
def test_what_the_form_of_the_day_has_no_more_is_pointed_out(
    changes: dict[str, Any], issued: date, reasons: str | None
) -> None:
    told = found("licence.form_date", **changes, issue_date=field(issued))

    assert [one.params["reasons"] for one in told] == ([reasons] if reasons else [])


# What no authority prints


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"issue_date": field(date(2015, 6, 30))}, ["early_code"]),
        ({"issue_date": field(date(2015, 7, 1))}, []),
        ({"issue_date": field(date(2015, 6, 30), accepted=False)}, []),
        (
            {
                "issue_date": field(date(2015, 6, 30)),
                "unified_social_credit_code": field(credit_code(), accepted=False),
            },
            [],
        ),
        ({"name": field("示例市青禾机械有限公同")}, ["unknown_ending"]),
        ({"name": field("示例市青禾机械有限公同", accepted=False)}, []),
        ({"name": unread()}, []),
        ({"name": field("小满面馆铺"), "entity_type": EntityType.INDIVIDUAL_BUSINESS}, []),
        (
            {"name": field("示例市青禾机械有限公同"), "issue_date": field(date(2014, 1, 1))},
            ["early_code", "unknown_ending"],
        ),
        ({"issue_date": absent(date)}, []),
    ],
)
def test_what_cannot_be_printed_is_for_a_person(
    changes: dict[str, Any], reasons: list[str]
) -> None:
    said = found("licence.impossible_print", **changes)

    assert [one.params["reasons"] for one in said] == reasons
    assert {one.severity for one in said} <= {Severity.ERROR}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_suspected_is_never_told_to_the_applicant(lang: Language) -> None:
    papers = dossier(
        licence(name=field("示例市青禾机械有限公同"), issue_date=field(date(2014, 1, 1)))
    )
    findings = check(papers, POLICY)
    told = " ".join(applicant_list(findings, lang))

    assert "licence.impossible_print" in {one.code for one in findings}
    for word in ("矛盾", "18位", "结尾", "contradict", "18-digit", "no law"):
        assert word not in told


@pytest.mark.parametrize(
    ("amount", "said"),
    [(999, True), (1000, False), (10**12, False), (10**12 + 1, True), (0, False), (-5, False)],
)
def test_a_capital_is_of_a_size_that_companies_have(amount: int, *, said: bool) -> None:
    """Nothing or less has a rule of its own."""
    assert bool(found("licence.capital_range", registered_capital=field(Decimal(amount)))) is said


# Names and places


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        (EntityType.LIMITED_COMPANY, "示例有限责任公司", False),
        (EntityType.LIMITED_COMPANY, "示例机械厂", True),
        (EntityType.JOINT_STOCK_COMPANY, "示例股份有限公司", False),
        (EntityType.JOINT_STOCK_COMPANY, "示例有限公司", True),
        (EntityType.PARTNERSHIP, "示例贸易合伙企业（有限合伙）", False),
        (EntityType.PARTNERSHIP, "示例贸易中心", True),
        (EntityType.FARMERS_COOPERATIVE, "示例果蔬专业合作社", False),
        (EntityType.FARMERS_COOPERATIVE, "示例果蔬园", True),
        (EntityType.SOLE_PROPRIETORSHIP, "示例设计工作室", False),
        (EntityType.SOLE_PROPRIETORSHIP, "示例设计有限公司", True),
        (EntityType.INDIVIDUAL_BUSINESS, "示例公司面馆", True),
        (EntityType.BRANCH, "示例有限公司", False),
        (None, "示例", False),
    ],
)
def test_a_name_says_what_the_entity_is(kind: EntityType | None, name: str, *, said: bool) -> None:
    assert bool(found("licence.name_type", entity_type=kind, name=field(name))) is said
    assert not found("licence.name_type", entity_type=kind, name=field(name, accepted=False))


ZHEJIANG = field("浙江省市场监督管理局")


def test_a_name_of_another_province_is_good_to_know() -> None:
    for name in ("浙江青禾有限公司", "青禾有限公司", "河北区青禾有限公司"):
        assert not found("licence.name_province", name=field(name), registration_authority=ZHEJIANG)
    (one,) = found(
        "licence.name_province", name=field("广东青禾有限公司"), registration_authority=ZHEJIANG
    )

    assert one.params == {"left": "province_44", "right": "province_33"}
    assert not found("licence.name_province", name=absent(), registration_authority=absent())
    assert _named("国家青禾有限公司") is None


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({"registration_authority": ZHEJIANG}, [Severity.WARN]),
        ({"address": field("浙江省示例市")}, [Severity.INFO]),
        ({"address": field("广东省示例市")}, []),
        ({"address": absent(), "registration_authority": absent()}, []),
        (
            {
                "registration_authority": ZHEJIANG,
                "unified_social_credit_code": field(credit_code(division="100000")),
            },
            [],
        ),
        ({"registration_authority": ZHEJIANG, "unified_social_credit_code": field("9144")}, []),
        ({"registration_authority": ZHEJIANG, "unified_social_credit_code": unread()}, []),
    ],
    ids=["authority", "address only", "same", "no place", "central", "no code", "unread"],
)
def test_a_code_of_another_province_is_pointed_out(
    changes: dict[str, Any], severities: list[Severity]
) -> None:
    assert [one.severity for one in found("licence.code_province", **changes)] == severities


@pytest.mark.parametrize(
    ("address", "authority", "told"),
    [
        ("浙江省示例市", "杭州市西湖区市场监督管理局", 0),
        ("浙江省示例市", "苏州市市场监督管理局", 1),
        ("延边朝鲜族自治州示例市", "吉林省市场监督管理局", 0),
        ("延边朝鲜族自治州示例市", "大理白族自治州市场监督管理局", 1),
        ("北京市示例路1号", "朝阳市场监督管理局", 0),
        ("北京市示例路1号", "某某开发区市场监督管理局", 0),
    ],
    ids=["its city", "another's city", "its prefecture", "another's", "a district", "unknown"],
)
def test_a_city_tells_its_province(address: str, authority: str, told: int) -> None:
    places = {"address": field(address), "registration_authority": field(authority)}

    assert len(found("licence.address_province", **places)) == told


def test_no_city_is_in_two_provinces() -> None:
    cities = [city for names in licence_forms().admin_codes.cities.values() for city in names]

    assert len(set(cities)) == len(cities) > 300
    assert set(licence_forms().admin_codes.cities) <= set(licence_forms().provinces)


def test_an_address_is_where_the_authority_is() -> None:
    guangdong = field("广东省示例市")

    assert found("licence.address_province", address=guangdong, registration_authority=ZHEJIANG)
    assert not found("licence.address_province", registration_authority=ZHEJIANG)
    assert not found("licence.address_province", address=guangdong)
    assert not found(
        "licence.address_province",
        address=field("浙江省示例市"),
        registration_authority=ZHEJIANG,
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("某某", False),
        ("某某·某某", False),
        ("示例投资有限公司（委派代表：某某）", False),
        ("某", True),
        ("某某1", True),
        ("——", True),
        ("某" * 61, True),
    ],
)
def test_a_representative_is_called_like_somebody(name: str, *, said: bool) -> None:
    assert bool(found("licence.person_name", legal_representative=field(name))) is said
    assert not found("licence.person_name", legal_representative=unread())


def test_licensed_items_want_permits_and_the_closing_sentence_does_not() -> None:
    usual = "机械销售（依法须经批准的项目，经相关部门批准后方可开展经营活动）。"

    assert found("licence.permits", business_scope=field("许可项目：食品生产。一般项目：销售。"))
    assert found("licence.permits", business_scope=field("许可经营项目: 餐饮"))
    assert not found("licence.permits", business_scope=field(usual))
    assert not found("licence.permits", business_scope=absent())


@pytest.mark.parametrize(
    ("kind", "product", "said"),
    [
        (EntityType.LIMITED_COMPANY, "sme_small", False),
        (EntityType.PARTNERSHIP, "sme_small", True),
        (EntityType.INDIVIDUAL_BUSINESS, "wc_loan", True),
        (EntityType.INDIVIDUAL_BUSINESS, "sole_trader", False),
        (EntityType.BRANCH, "sme_small", False),
        (None, "sme_small", False),
    ],
)
def test_who_is_no_legal_person_is_pointed_out_unless_the_product_is_made_for_it(
    kind: EntityType | None, product: str, *, said: bool
) -> None:
    assert bool(found("licence.no_legal_person", product=product, entity_type=kind)) is said


# The QR code


@pytest.mark.parametrize(
    ("payload", "severities"),
    [
        ("http://www.gsxt.gov.cn/index?id=1", []),
        ("https://sd.gsxt.gov.cn/x", []),
        ("http://qyxy.baic.gov.cn/x", []),
        ("http://scjgj.example.gov.cn/x", [Severity.INFO]),
        ("http://gsxt.gov.cn.example.com/x", [Severity.WARN]),
        ("http://[broken", []),
        ("weixin://x", []),
        ("示例", []),
    ],
)
def test_a_code_leads_to_the_publicity_system(payload: str, severities: list[Severity]) -> None:
    said = found("licence.qr_host", qr_code=field(payload))

    assert [one.severity for one in said] == severities


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        (f"http://www.gsxt.gov.cn/?uniscid={credit_code()}", []),
        (f"http://www.gsxt.gov.cn/?uniscid={credit_code(body='87654321')}", [CODE]),
        (f"{credit_code(body='87654321')} {credit_code()}", []),
        ("914403001234567890 " + "A" * 40, []),  # no code holds like this
        (f"名称：{COMPANY}；统一社会信用代码：{credit_code()}", []),
        ("企业名称: 示例市另一家有限公司", ["name"]),
        (f"名称:另一家 {credit_code(body='87654321')}", [CODE, "name"]),
    ],
)
def test_a_code_says_what_is_printed(payload: str, fields: list[str]) -> None:
    said = found("licence.qr_mismatch", qr_code=field(payload))

    assert [one.params["field"] for one in said] == fields
    assert not found(
        "licence.qr_mismatch",
        qr_code=field(payload),
        name=unread(),
        unified_social_credit_code=unread(),
    )


def test_a_licence_of_which_nothing_was_read_says_nothing_new() -> None:
    papers = dossier(BusinessLicence(pages=(1,)))
    new = [
        code
        for code in RULEBOOK
        if RULEBOOK[code].check.__module__.endswith(
            (".licence_print", ".licence_names", ".licence_qr")
        )
    ]

    assert len(new) == 15
    for code in new:
        assert not list(RULEBOOK[code].findings(papers, POLICY)), code
