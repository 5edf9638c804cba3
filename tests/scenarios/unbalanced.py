"""Packages that go back to the applicant because figures do not add up or agree."""

from datetime import date
from decimal import Decimal

from schemas.decisions import Outcome
from schemas.fields import Field
from schemas.statements import Context, Scope, Statement
from tests.builders import (
    BALANCE,
    CASH,
    INCOME,
    amended,
    cell,
    raised_by,
)
from tests.scenarios.books import accounts, small
from tests.scenarios.packages import (
    AUTUMN,
    Scenario,
    group,
    licensed,
    moved,
    of,
    parents,
    spoilt,
)
from tests.validators.accounts import year

SUPPLEMENT = Outcome.SUPPLEMENT
END, BEGIN, CURRENT, PRIOR = Context.END, Context.BEGIN, Context.CURRENT, Context.PRIOR


def plus(old: Field[Decimal]) -> Field[Decimal]:
    return raised_by(5000)(old)


def supplemented(by: int) -> tuple[Statement, ...]:
    """A whole year with a supplement, whose net profit is another one."""
    days = (date(2025, 12, 31), date(2024, 12, 31))
    papers = [year(kind, days=days, scope=Scope.SINGLE) for kind in (BALANCE, INCOME, CASH)]
    flows = moved(papers[2], CURRENT, cfs_net_profit=by)
    return (*papers[:2], flows)


def with_minority(paper: Statement) -> Statement:
    """The balance sheet with minority interests taken from the retained earnings."""
    row = next(row for row in paper.rows if row.item == "retained_earnings")
    cells = {END.value: cell(700)}
    more = row.model_copy(
        update={"item": "minority_interests", "label": "少数股东权益", "values": cells}
    )
    rows = tuple(one for old in paper.rows for one in ((old, more) if old is row else (old,)))
    changed = paper.model_copy(update={"rows": rows})
    return moved(changed, END, retained_earnings=-700)


UNBALANCED = (
    Scenario(
        "total assets are not the other side",
        lambda s: spoilt(s, BALANCE, "total_assets", END),
        SUPPLEMENT,
        ("statements.balance", "statements.subtotal"),
        (
            "资产负债表（期末）资产总计（#）与负债和所有者权益总计（#）不相等，差额#。",
            "资产负债表（期末）中“资产总计”（#）与其明细项目合计（#）不一致，差额#。",
        ),
        reason="R09",
    ),
    Scenario(
        "opening assets are not the other side",
        lambda s: of(
            licensed(),
            amended(small(s)[0], "total_assets", BEGIN, plus),
            *small(s)[1:],
            applied_on=AUTUMN,
        ),
        SUPPLEMENT,
        ("statements.balance", "statements.subtotal"),
        (
            "资产负债表（年初）资产总计（#）与负债和所有者权益总计（#）不相等，差额#。",
            "资产负债表（年初）中“资产总计”（#）与其明细项目合计（#）不一致，差额#。",
        ),
        reason="R09",
    ),
    Scenario(
        "a row of the balance sheet is another amount",
        lambda s: spoilt(s, BALANCE, "inventories", END),
        SUPPLEMENT,
        ("statements.subtotal",),
        ("资产负债表（期末）中“流动资产合计”（#）与其明细项目合计（#）不一致，差额#。",),
        reason="R10",
    ),
    Scenario(
        "a cost is another amount",
        lambda s: spoilt(s, INCOME, "selling_expenses", CURRENT),
        SUPPLEMENT,
        ("statements.subtotal",),
        ("利润表（本期）中“营业利润”（#）与其明细项目合计（#）不一致，差额#。",),
        reason="R10",
    ),
    Scenario(
        "the closing cash does not follow",
        lambda s: spoilt(s, CASH, "cash_equivalents_end", CURRENT),
        SUPPLEMENT,
        ("statements.cash_roll",),
        ("现金流量表（本期）中“期末现金及现金等价物余额”（#）与应有金额（#）不一致，差额#。",),
        reason="R10",
    ),
    Scenario(
        "a flow of last year is another amount",
        lambda s: spoilt(s, CASH, "taxes_paid", PRIOR),
        SUPPLEMENT,
        ("statements.subtotal",),
        ("现金流量表（上期）中“经营活动现金流出小计”（#）与其明细项目合计（#）不一致，差额#。",),
        reason="R10",
    ),
    Scenario(
        "the supplement has another net profit",
        lambda s: of(licensed(), *supplemented(by=500)),
        SUPPLEMENT,
        ("statements.subtotal", "statements.supplement"),
        (
            "现金流量表（本期）中“经营活动产生的现金流量净额”（#）与其明细项目合计（#）不一致，差额#。",
            "“净利润”（#）与现金流量表补充资料（#）不一致，差额#。请核对或补充说明。",
        ),
        reason="R10",
    ),
    Scenario(
        "opening cash is not last year's closing cash",
        lambda s: of(
            licensed(),
            *accounts(s, 2025)[:2],
            moved(
                accounts(s, 2025)[2], PRIOR, cash_equivalents_begin=500, cash_equivalents_end=500
            ),
        ),
        SUPPLEMENT,
        ("statements.cash_chain",),
        (
            "现金流量表的期初现金及现金等价物余额（#）与上期期末余额（#）不一致，差额#。请核对或补充说明。",
        ),
        reason="R11",
    ),
    Scenario(
        "the parent has minority interests",
        lambda s: group(s, with_minority(parents(s)[0]), *parents(s)[1:]),
        SUPPLEMENT,
        ("statements.parent_minority",),
        ("母公司资产负债表列有少数股东权益（#）。请核对后重新提交。",),
        reason="R10",
    ),
    Scenario(
        "group and parent have another capital",
        lambda s: group(
            s,
            moved(parents(s)[0], END, paid_in_capital=-700, capital_reserve=700),
            *parents(s)[1:],
        ),
        SUPPLEMENT,
        ("statements.share_capital",),
        ("合并报表实收资本（#）与母公司报表（#）不一致。请核对或补充说明。",),
        reason="R10",
    ),
)
