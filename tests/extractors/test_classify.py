import pytest

from extractors.classify import page_kind, page_kind_of_text
from schemas.documents import DocumentKind
from tests.extractors.drawing import page, table

BALANCE = """合并资产负债表
2024年12月31日
单位：元
项目 期末余额 年初余额
流动资产：
货币资金 1,000.00 900.00
应收账款 1,000.00 900.00
存货 1,000.00 900.00
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (BALANCE, DocumentKind.BALANCE_SHEET),
        ("审 计 报 告\n示例审字〔2025〕1号\n甲示例有限公司全体股东：", DocumentKind.AUDIT_REPORT),
        ("一、审计意见\n我们审计了甲示例有限公司的财务报表", DocumentKind.AUDIT_REPORT),
        ("营业执照\n统一社会信用代码\n91330402MA2CQH085G\n经营范围", DocumentKind.BUSINESS_LICENCE),
        ("合并所有者权益变动表\n2024年度\n项目 实收资本 资本公积", DocumentKind.CHANGES_IN_EQUITY),
        ("目录\n审计报告\n合并资产负债表\n合并利润表\n", DocumentKind.UNKNOWN),
        ("公司已将合并资产负债表中的货币资金列示如下", DocumentKind.UNKNOWN),
        ("", DocumentKind.UNKNOWN),
    ],
)
def test_text_tells_what_a_page_is(text: str, kind: DocumentKind) -> None:
    assert page_kind_of_text(text) is kind


def test_a_page_without_a_title_is_told_by_its_rows() -> None:
    labels = (
        "短期借款 应付票据 应付账款 合同负债 应付职工薪酬 应交税费 其他应付款 流动负债合计 长期借款"
    )
    rows = [[label, "1,000.00", "2,000.00"] for label in labels.split()]

    assert page_kind(page(table(rows, [300, 450]))) is DocumentKind.BALANCE_SHEET
