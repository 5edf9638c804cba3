"""One income statement in the layouts that papers of other sources have: read right or left open.

What is not understood may stay without a context; an amount in the wrong period never may.
"""

from collections.abc import Sequence

import pytest

from extractors.kinds.statement import extract
from schemas.statements import Context, Scope, Statement
from tests.extractors.drawing import Place, only, page, sheet, table, values

ROWS = [
    ["一、营业收入", "1,000.00", "900.00"],
    ["减：营业成本", "600.00", "500.00"],
    ["税金及附加", "10.00", "9.00"],
    ["二、营业利润", "390.00", "391.00"],
]
CURRENT = {
    "operating_revenue": "1000.00",
    "operating_cost": "600.00",
    "taxes_and_surcharges": "10.00",
    "operating_profit": "390.00",
}
PRIOR = {
    "operating_revenue": "900.00",
    "operating_cost": "500.00",
    "taxes_and_surcharges": "9.00",
    "operating_profit": "391.00",
}
TITLE: list[list[Place]] = [
    [(200, "利润表")],
    [(220, "2024年度")],
    [(40, "编制单位：甲示例有限公司"), (400, "单位：元")],
]
ENDS = [300.0, 390.0, 480.0, 570.0]


def drawn(head: Sequence[str], rows: Sequence[Sequence[str]], ends: Sequence[float]) -> Statement:
    return only([page([*TITLE, *table([head, *rows], ends)])])


def columns(statement: Statement) -> list[str]:
    return [column.id for column in statement.columns]


@pytest.mark.parametrize(
    "head",
    [
        ("上年数", "本年数"),
        ("上期金额", "本期金额"),
        ("2023年度", "2024年度"),
        ("上年同期数", "本年累计数"),
    ],
)
def test_the_year_before_may_stand_first(head: tuple[str, str]) -> None:
    found = drawn(["项目", *head], [[r[0], r[2], r[1]] for r in ROWS], ENDS[:2])

    assert columns(found) == ["prior", "cur"]
    assert (values(found, "cur"), values(found, "prior")) == (CURRENT, PRIOR)


def test_a_quarter_and_the_same_of_the_year_before_stand_left_of_the_year_so_far() -> None:
    head = ["项目", "本报告期", "上年同期", "年初至报告期末", "上年年初至报告期末"]

    found = drawn(head, [[r[0], "1.00", "2.00", r[1], r[2]] for r in ROWS], [280, 370, 470, 590])

    assert columns(found) == ["quarter", "quarter_prior", "cur", "prior"]
    assert (values(found, "cur"), values(found, "prior")) == (CURRENT, PRIOR)


@pytest.mark.parametrize("is_by_scope", [True, False])
def test_headings_in_the_middle_over_several_columns(is_by_scope: bool) -> None:
    scopes, periods = ("合并", "母公司"), ("本期金额", "上期金额")
    over, below = (scopes, periods) if is_by_scope else (periods, scopes)
    heads: list[list[Place]] = [
        [(40, "项目"), (290, over[0]), (480, over[1])],
        [(-end, text) for end, text in zip(ENDS, below * 2, strict=True)],
    ]
    rows = [
        [r[0], r[1], r[2], "1.00", "2.00"] if is_by_scope else [r[0], r[1], "1.00", r[2], "2.00"]
        for r in ROWS
    ]

    group, company = extract([page([*TITLE, *heads, *table(rows, ENDS)])])

    assert (group.scope, company.scope) == (Scope.CONSOLIDATED, Scope.PARENT)
    assert (values(group, "cur"), values(group, "prior")) == (CURRENT, PRIOR)
    assert set(values(company, "cur").values()) == {"1.00"}


@pytest.mark.parametrize("head", ["同比增减", "备注"])
def test_shares_and_remarks_are_no_part_of_a_label(head: str) -> None:
    text = "11.11%" if head == "同比增减" else "见说明"

    found = drawn(["项目", "本期金额", "上期金额", head], [[*r, text] for r in ROWS], ENDS[:3])

    assert (values(found, "cur"), values(found, "prior")) == (CURRENT, PRIOR)


def test_the_sign_of_a_currency_is_no_part_of_a_label() -> None:
    rows = [[r[0], f"¥{r[1]}", f"¥ {r[2]}"] for r in ROWS]

    found = drawn(["项目", "本期金额", "上期金额"], rows, ENDS[:2])

    assert (values(found, "cur"), values(found, "prior")) == (CURRENT, PRIOR)


def test_one_column_is_that_of_the_period_below_the_title() -> None:
    found = drawn(["项目", "金额"], [r[:2] for r in ROWS], ENDS[:1])

    assert [(column.id, str(column.date)) for column in found.columns] == [("cur", "2024-12-31")]
    assert values(found, "cur") == CURRENT


def test_columns_that_nothing_tells_apart_have_no_context() -> None:
    head = ["项目", "本期金额", "上期金额", "本期金额", "上期金额"]

    found = drawn(head, [[r[0], *r[1:], *r[1:]] for r in ROWS], ENDS)

    assert [column.context for column in found.columns] == [None] * 4
    assert columns(found) == ["column_1", "column_2", "column_3", "column_4"]


def test_a_page_with_its_headings_the_other_way_round_is_read_by_them() -> None:
    first = page([*TITLE, *table([["项目", "本期金额", "上期金额"], *ROWS[:2]], ENDS[:2])])
    rest = [[r[0], r[2], r[1]] for r in [*ROWS[2:], ["三、利润总额", "1.00", "2.00"]]]
    second = page(table([["项目", "上期金额", "本期金额"], *rest], ENDS[:2]), number=2)

    found = only([first, second])

    assert values(found, "cur") == CURRENT | {"profit_before_tax": "1.00"}
    assert values(found, "prior") == PRIOR | {"profit_before_tax": "2.00"}


def test_the_last_rows_overleaf_belong_to_the_statement() -> None:
    head: list[list[Place]] = [[(200, "现金流量表")], *TITLE[1:]]
    rows = [
        ["销售商品、提供劳务收到的现金", "5.00", "4.00"],
        ["经营活动现金流入小计", "5.00", "4.00"],
        ["经营活动产生的现金流量净额", "5.00", "4.00"],
    ]
    first = page([*head, *table([["项目", "本期金额", "上期金额"], *rows], ENDS[:2])])
    notes: list[list[Place]] = [[(40, f"第{n}项说明：示例文字。")] for n in range(12)]
    second = page(
        [*table([["六、期末现金及现金等价物余额", "9.00", "8.00"]], ENDS[:2]), *notes], number=2
    )

    found = only([first, second])

    assert found.pages == (1, 2)
    assert values(found, "cur")["cash_equivalents_end"] == "9.00"


def test_the_place_of_a_label_that_a_page_break_cuts_is_on_one_page() -> None:
    head: list[list[Place]] = [[(200, "现金流量表")], *TITLE[1:]]
    rows = [
        ["项目", "本期金额", "上期金额"],
        ["销售商品、提供劳务收到的现金", "5.00", "4.00"],
        ["经营活动现金流入小计", "5.00", "4.00"],
        ["经营活动产生的现金流量净额", "5.00", "4.00"],
        ["购建固定资产、无形资产和其他长", "1.00", "2.00"],
    ]
    tail = [["期资产支付的现金"], ["投资支付的现金", "3.00", "4.00"]]
    tail += [["投资活动现金流出小计", "4.00", "6.00"], ["投资活动产生的现金流量净额", "4.00", "6"]]

    found = only([page([*head, *table(rows, ENDS[:2])]), page(table(tail, ENDS[:2]), number=2)])

    row = next(row for row in found.rows if row.item == "capital_expenditure")
    assert row.label == "购建固定资产、无形资产和其他长期资产支付的现金"
    assert row.provenance is not None
    assert row.provenance.page == 1
    assert row.provenance.box.top > 100


def test_the_form_of_the_tax_bureaus_says_whose_and_until_when_it_is() -> None:
    rows = [
        ["利润表（适用执行小企业会计准则的企业）"],
        ["纳税人识别号：略", "", "纳税人名称：甲示例有限公司"],
        ["所属时期起：2024-10-01", "", "所属时期止：2024-12-31", "单位：元"],
        ["项目", "行次", "本年累计金额", "本期金额"],
        ["一、营业收入", "1", "1,000.00", "100.00"],
        ["减：营业成本", "2", "600.00", "60.00"],
        ["税金及附加", "3", "10.00", "1.00"],
        ["其中：商品维修费", "12", "", ""],
        ["业务招待费", "16", "4.00", "0.40"],
    ]

    found = only([sheet(rows)])

    assert (found.form, found.entity.value) == ("sme", "甲示例有限公司")
    assert [(c.context, str(c.date)) for c in found.columns] == [
        (Context.CURRENT, "2024-12-31"),
        (Context.MONTH, "2024-12-31"),
    ]


def test_a_comment_on_the_balance_sheet_is_no_balance_sheet() -> None:
    rows = [
        ["货币资金", "1.00", "2.00", "本期增加"],
        ["应收账款", "1.00", "2.00", "本期增加"],
        ["存货", "1.00", "2.00", "本期增加"],
        ["固定资产", "1.00", "2.00", "本期增加"],
        ["在建工程", "1.00", "2.00", "本期增加"],
        ["无形资产", "1.00", "2.00", "本期增加"],
        ["短期借款", "1.00", "2.00", "本期增加"],
        ["应付账款", "1.00", "2.00", "本期增加"],
        ["长期借款", "1.00", "2.00", "本期增加"],
    ]

    assert not extract([page(table([["项目", "期末余额", "年初余额", "变动原因"], *rows], ENDS))])
