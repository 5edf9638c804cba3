"""Which opinion an audit report gives, by sentences as the standards prescribe them."""

import pytest

from extractors.kinds.audit_report import opinion_of_text
from schemas.documents import AuditOpinion

CLEAN = (
    "我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，",
    "公允反映了甲示例有限公司2025年12月31日的财务状况以及2025年度的经营成果和现金流量。",
)
DUTIES = (
    "在执行审计工作的过程中，我们运用职业判断，并保持职业怀疑。",
    "如果披露不充分，我们应当发表非无保留意见。",
    "就可能导致对公司持续经营能力产生重大疑虑的事项或情况是否存在重大不确定性得出结论。",
)


@pytest.mark.parametrize(
    ("lines", "opinion"),
    [
        (CLEAN, AuditOpinion.CLEAN),
        ((*CLEAN, *DUTIES), AuditOpinion.CLEAN),
        ((*CLEAN, "三、强 调 事 项", "我们提醒财务报表使用者关注附注五。"), AuditOpinion.EMPHASIS),
        ((*CLEAN, "三、与持续经营相关的重大不确定性"), AuditOpinion.EMPHASIS),
        (
            ("我们认为，除“形成保留意见的基础”部分所述事项可能产生的影响外，", *CLEAN[0:2]),
            AuditOpinion.QUALIFIED,
        ),
        (
            (
                "由于“形成否定意见的基础”部分所述事项的重要性，后附的财务报表没有在所有",
                "重大方面按照企业会计准则的规定编制，未能公允反映财务状况。",
            ),
            AuditOpinion.ADVERSE,
        ),
        (("我们不对后附的甲示例有限公司财务报表发表审计意见。",), AuditOpinion.DISCLAIMER),
        (DUTIES, None),
        (("在所有重大方面保持了有效的财务报告内部控制。",), None),
        ((), None),
    ],
)
def test_the_wording_tells_the_opinion(lines: tuple[str, ...], opinion: AuditOpinion) -> None:
    assert opinion_of_text(lines) is opinion
