"""Packages that go back to the applicant, each return reason that is computed among them.

R12 to R14, R16 to R19 and R22 want papers or registers that no machine here reads. R20 is remarked:
a unit that is not printed is taken for yuan.
"""

from datetime import date

from schemas.decisions import Outcome
from schemas.findings import Severity
from schemas.licence import Term
from schemas.statements import Context
from tests.builders import (
    CASH,
    FORMER,
    INCOME,
    absent,
    field,
    notice,
    package,
)
from tests.scenarios.books import accounts
from tests.scenarios.packages import (
    APPLIED,
    AUDIT,
    CHANGED,
    COVER,
    Scenario,
    group,
    licensed,
    of,
    parents,
    whole,
    with_refused,
    with_remark,
    without,
    young,
)

SUPPLEMENT = Outcome.SUPPLEMENT
END, BEGIN, CURRENT, PRIOR = Context.END, Context.BEGIN, Context.CURRENT, Context.PRIOR
ENDED = field(Term(start=date(2015, 3, 5), end=date(2026, 1, 31)))
OLD_NAME = field(FORMER)
OF_ANOTHER = tuple(
    f"{paper}上的编制单位与营业执照名称不一致。请核实；如已更名，请提供变更登记通知书。"
    for paper in ("资产负债表", "利润表", "现金流量表")
)


RETURNED = (
    Scenario(
        "nothing at all",
        lambda _: package(applied_on=APPLIED),
        SUPPLEMENT,
        ("package.empty", "package.missing_document"),
        (
            "未收到任何文件。请上传申请资料。",
            "您提交的资料缺少：营业执照。请补充后重新提交。",
            "您提交的资料缺少：资产负债表。请补充后重新提交。",
            "您提交的资料缺少：利润表。请补充后重新提交。",
            "您提交的资料缺少：现金流量表。请补充后重新提交。",
        ),
        reason="R01",
    ),
    Scenario(
        "no licence",
        lambda s: of(*accounts(s, 2025)),
        SUPPLEMENT,
        ("package.missing_document",),
        ("您提交的资料缺少：营业执照。请补充后重新提交。",),
        reason="R01",
    ),
    Scenario(
        "no income statement",
        lambda s: without(whole(s), INCOME),
        SUPPLEMENT,
        ("package.missing_document",),
        ("您提交的资料缺少：利润表。请补充后重新提交。",),
        reason="R01",
    ),
    Scenario(
        "the flows are of the year before",
        lambda s: of(licensed(), accounts(s, 2025, 2024)[0], *accounts(s, 2025, 2024)[4:]),
        SUPPLEMENT,
        ("statements.periods_apart",),
        ("最近一期资产负债表截止日为#，利润表为其他期间（#）。请补充同一期间的报表。",),
        reason="R08",
    ),
    Scenario(
        "the income statement stands in for the cash flows",
        lambda s: of(licensed(), *accounts(s, 2025)[:2], accounts(s, 2025)[1]),
        SUPPLEMENT,
        ("package.missing_document",),
        ("您提交的资料缺少：现金流量表。请补充后重新提交。",),
        reason="R01",
    ),
    Scenario(
        "no cash flows",
        lambda s: without(whole(s), CASH),
        SUPPLEMENT,
        ("package.missing_document",),
        ("您提交的资料缺少：现金流量表。请补充后重新提交。",),
        reason="R01",
    ),
    Scenario(
        "a licence alone",
        lambda _: of(licensed()),
        SUPPLEMENT,
        ("package.missing_document",),
        (
            "您提交的资料缺少：资产负债表。请补充后重新提交。",
            "您提交的资料缺少：利润表。请补充后重新提交。",
            "您提交的资料缺少：现金流量表。请补充后重新提交。",
        ),
        reason="R01",
    ),
    Scenario(
        "working capital without an audit report",
        lambda s: of(licensed(), *accounts(s, 2025, 2024, 2023)),
        SUPPLEMENT,
        ("package.missing_document",),
        ("您提交的资料缺少：审计报告。请补充后重新提交。",),
        reason="R01",
        product="wc_loan",
    ),
    Scenario(
        "only a file of no known kind",
        lambda _: of(COVER),
        SUPPLEMENT,
        ("package.missing_document",),
        (
            "您提交的资料缺少：营业执照。请补充后重新提交。",
            "您提交的资料缺少：资产负债表。请补充后重新提交。",
            "您提交的资料缺少：利润表。请补充后重新提交。",
            "您提交的资料缺少：现金流量表。请补充后重新提交。",
        ),
        reason="R01",
    ),
    Scenario(
        "a page that cannot be read",
        lambda s: with_remark(
            whole(s), "reading.unreadable_page", Severity.RETURN, page="2", reasons="blurred"
        ),
        SUPPLEMENT,
        ("reading.unreadable_page",),
        (
            "有一页无法识别（第#页）：模糊。请在光线充足处正对文件重新拍摄或扫描，保证四角完整、字迹清晰。",
        ),
        reason="R02",
    ),
    Scenario(
        "the licence has expired",
        lambda s: whole(s, business_term=ENDED),
        SUPPLEMENT,
        ("licence.expired",),
        ("营业执照营业期限已于#届满。请办理换照后上传新的营业执照副本。",),
        reason="R03",
    ),
    Scenario(
        "a licence from before the credit code",
        lambda s: whole(
            s, unified_social_credit_code=absent(), registration_number=field("440301103448669")
        ),
        SUPPLEMENT,
        ("licence.superseded_form",),
        ("该营业执照为“一照一码”改革前的版本，已不再有效。请提供换发后的营业执照。",),
        reason="R03",
    ),
    Scenario(
        "the statements are of another company",
        lambda s: of(licensed(), *accounts(s, 2025, entity=field("示例市另一家有限公司"))),
        SUPPLEMENT,
        ("statements.entity_mismatch",),
        OF_ANOTHER,
        reason="R05",
    ),
    Scenario(
        "the company had another name",
        lambda s: of(
            licensed(),
            *accounts(s, 2025, 2024)[:3],
            *accounts(s, 2025, 2024, entity=OLD_NAME)[3:],
        ),
        SUPPLEMENT,
        ("statements.entity_mismatch",),
        OF_ANOTHER,
        reason="R05",
    ),
    Scenario(
        "the notice of change is of another name",
        lambda s: of(
            licensed(),
            *accounts(s, 2025, 2024)[:3],
            *accounts(s, 2025, 2024, entity=OLD_NAME)[3:],
            notice(former_name=field("示例市另一家有限公司"), issued_on=CHANGED),
        ),
        SUPPLEMENT,
        ("statements.entity_mismatch",),
        OF_ANOTHER,
        reason="R05",
    ),
    Scenario(
        "a notice of change and no licence",
        lambda s: of(*accounts(s, 2025, entity=OLD_NAME), notice(issued_on=CHANGED)),
        SUPPLEMENT,
        ("package.missing_document",),
        ("您提交的资料缺少：营业执照。请补充后重新提交。",),
        reason="R01",
    ),
    Scenario(
        "two of three years",
        lambda s: of(licensed(), *accounts(s, 2025, 2024), AUDIT),
        SUPPLEMENT,
        ("statements.years_missing",),
        ("缺少#年度的年度财务报表。请补充#年度经审计的财务报告。",),
        reason="R06",
        product="wc_loan",
    ),
    Scenario(
        "a young company leaves its first year out",
        lambda s: of(
            young(date(2024, 6, 3)), *accounts(s, 2025), AUDIT, applied_on=date(2026, 3, 1)
        ),
        SUPPLEMENT,
        ("statements.years_missing",),
        ("缺少#年度的年度财务报表。请补充#年度经审计的财务报告。",),
        reason="R06",
        product="wc_loan",
    ),
    Scenario(
        "statements of half a year ago",
        lambda s: of(licensed(), *accounts(s, 2025), applied_on=date(2026, 6, 30)),
        SUPPLEMENT,
        ("statements.stale",),
        ("最近一期财务报表截止日为#，已超过#天。请提供更近期的财务报表。",),
        reason="R07",
    ),
    Scenario(
        "of the parent company a balance sheet alone",
        lambda s: group(s, parents(s)[0]),
        SUPPLEMENT,
        ("package.incomplete_statements",),
        (
            "财务报表不完整（母公司），缺少：现金流量表。请补充同一口径的完整报表。",
            "财务报表不完整（母公司），缺少：利润表。请补充同一口径的完整报表。",
        ),
        reason="R08",
    ),
    Scenario(
        "a file is encrypted",
        lambda s: with_refused(whole(s), "document.encrypted"),
        SUPPLEMENT,
        ("package.unreadable_file",),
        ("有一份文件无法使用：文件已加密。请重新上传未加密、完整的PDF、图片或Excel文件。",),
        reason="R24",
    ),
    Scenario(
        "an expired licence, old statements and no cash flows are told at once",
        lambda s: without(
            of(
                licensed(business_term=ENDED),
                *accounts(s, 2025),
                applied_on=date(2026, 6, 30),
            ),
            CASH,
        ),
        SUPPLEMENT,
        ("package.missing_document", "licence.expired", "statements.stale"),
        (
            "您提交的资料缺少：现金流量表。请补充后重新提交。",
            "营业执照营业期限已于#届满。请办理换照后上传新的营业执照副本。",
            "最近一期财务报表截止日为#，已超过#天。请提供更近期的财务报表。",
        ),
        reason="R01",
    ),
)
