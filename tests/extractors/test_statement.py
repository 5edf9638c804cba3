"""Statements of an invented company, drawn in the layouts that real papers have."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.kinds.statement import extract
from schemas.documents import DocumentKind
from schemas.fields import FieldState
from schemas.geometry import Box
from schemas.statements import Context, Scope
from tests.extractors.drawing import (
    BALANCE,
    ENDS,
    HEAD,
    HEIGHT,
    PITCH,
    Place,
    field,
    only,
    page,
    sheet,
    table,
    values,
)


def test_a_borderless_balance_sheet_is_read_whole() -> None:
    found = only([page([*HEAD, *table(BALANCE, ENDS)])])

    assert found.kind is DocumentKind.BALANCE_SHEET
    assert found.scope is Scope.CONSOLIDATED
    assert found.entity.value == "甲示例有限公司"
    assert (found.scale, found.scale_printed, found.currency) == (Decimal(1), True, "CNY")
    assert [(c.id, c.label, str(c.date)) for c in found.columns] == [
        ("end", "期末余额", "2024-12-31"),
        ("begin", "年初余额", "2023-12-31"),
    ]
    assert values(found, "end") == {
        "cash_and_bank_balances": "1234.50",
        "accounts_receivable": "20.00",
        "inventories": "3000.00",
        "total_current_assets": "4254.50",
    }
    assert field(found, "inventories", "begin").value == Decimal("-2000.00")
    assert [row.note for row in found.rows] == [None, "五、1", "五、2", None, None]


def test_digital_amounts_are_accepted_with_their_place() -> None:
    found = field(only([page([*HEAD, *table(BALANCE, ENDS)])]), "cash_and_bank_balances", "end")

    assert found.accepted
    assert found.confidence is None
    assert found.raw == "1,234.50"
    assert found.provenance is not None
    top = 40 + 5 * PITCH
    assert found.provenance.box == Box(310, top, 350, top + HEIGHT)


def test_recognised_amounts_are_left_to_the_identities() -> None:
    found = only([page([*HEAD, *table(BALANCE, ENDS)], recognised=0.97)])

    cash = field(found, "cash_and_bank_balances", "end")
    assert cash.value == Decimal("1234.50")
    assert not cash.accepted
    assert cash.confidence == 0.97
    assert not found.entity.accepted


def test_a_dash_is_blank_and_nothing_is_no_entry() -> None:
    rows = [*BALANCE, ["非流动资产：", "", "", ""], ["固定资产", "", "", "5.00"]]

    found = only([page([*HEAD, *table(rows, ENDS)])])

    assert field(found, "accounts_receivable", "begin").state is FieldState.BLANK
    fixed = next(row for row in found.rows if row.item == "fixed_assets")
    assert list(fixed.values) == ["begin"]


def test_text_among_the_amounts_is_unreadable() -> None:
    rows = [*BALANCE, ["固定资产", "", "1,2O4.00", "5.00"]]

    found = field(only([page([*HEAD, *table(rows, ENDS)])]), "fixed_assets", "end")

    assert (found.state, found.raw, found.value) == (FieldState.UNREADABLE, "1,2O4.00", None)


def test_odd_separators_are_not_accepted() -> None:
    rows = [*BALANCE, ["固定资产", "", "1,234,56.78", "5.00"]]

    found = field(only([page([*HEAD, *table(rows, ENDS)])]), "fixed_assets", "end")

    assert found.value == Decimal("123456.78")
    assert not found.accepted


@pytest.mark.parametrize(
    ("unit", "scale"),
    [("单位：千元", 1000), ("金额单位：人民币万元", 10_000), ("单位：人民币百万元", 1_000_000)],
)
def test_amounts_are_scaled_and_amounts_per_share_are_not(unit: str, scale: int) -> None:
    rows = [
        ["项目", "本期金额", "上期金额"],
        ["一、营业收入", "1,234", "1,000"],
        ["减：营业成本", "1,000", "900"],
        ["税金及附加", "34", "30"],
        ["二、营业利润", "200", "70"],
        ["（一）基本每股收益", "0.25", "0.20"],
    ]
    head: list[list[Place]] = [[(200, "利润表")], [(220, "2024年度"), (400, unit)]]

    found = only([page([*head, *table(rows, [350, 450])])])

    assert field(found, "operating_revenue", "cur").value == 1234 * scale
    assert field(found, "taxes_and_surcharges", "cur").value == 34 * scale
    assert field(found, "basic_eps", "prior").value == Decimal("0.20")


def test_without_a_unit_yuan_are_assumed() -> None:
    found = only([page([HEAD[0], HEAD[1], *table(BALANCE, ENDS)])])

    assert (found.scale, found.scale_printed) == (Decimal(1), False)
    assert not field(found, "cash_and_bank_balances", "end").accepted


def test_prior_year_first_is_read_by_its_heading() -> None:
    rows = [
        ["项目", "行次", "上年金额", "本年累计金额"],
        ["一、营业收入", "1", "1,000.00", "1,234.00"],
        ["减：营业成本", "2", "800.00", "900.00"],
        ["税金及附加", "3", "1.00", "2.00"],
        ["销售费用", "4", "-", "3.00"],
    ]

    found = only([page([[(200, "利润表")], [(220, "2024年度")], *table(rows, ENDS)])])

    assert [column.context for column in found.columns] == [Context.PRIOR, Context.CURRENT]
    assert str(field(found, "operating_revenue", "cur").value) == "1234.00"
    assert [row.line_no for row in found.rows] == ["1", "2", "3", "4"]


def test_quarter_and_cumulative_columns_are_told_apart() -> None:
    rows = [
        ["项目", "本期金额", "年初至报告期末", "上年同期"],
        ["", "（7-9月）", "（1-9月）", "（1-9月）"],
        ["一、营业收入", "300.00", "1,234.00", "1,000.00"],
        ["减：营业成本", "200.00", "900.00", "800.00"],
        ["税金及附加", "1.00", "2.00", "1.00"],
    ]

    found = only([page([[(200, "利润表")], [(220, "2024年1-9月")], *table(rows, [280, 400, 520])])])

    assert [column.id for column in found.columns] == ["quarter", "cur", "prior"]
    assert str(found.columns[2].date) == "2023-09-30"


def test_columns_with_one_heading_are_never_accepted() -> None:
    rows = [["项目", "附注", "期末余额", "期末余额"], *BALANCE[1:]]

    found = only([page([*HEAD, *table(rows, ENDS)])])

    assert len({column.id for column in found.columns}) == 2
    assert not any(field.accepted for row in found.rows for field in row.values.values())


def test_four_columns_are_two_statements() -> None:
    rows = [
        ["项目", "期末余额", "年初余额", "期末余额", "年初余额"],
        ["货币资金", "1,000.00", "900.00", "500.00", "400.00"],
        ["应收账款", "2,000.00", "1,900.00", "600.00", "500.00"],
        ["存货", "3,000.00", "2,900.00", "700.00", "600.00"],
    ]
    head: list[list[Place]] = [[(200, "合并及公司资产负债表")], [(270, "合并"), (440, "公司")]]

    group, company = extract([page([*head, *table(rows, [250, 340, 430, 520])])])

    assert (group.scope, company.scope) == (Scope.CONSOLIDATED, Scope.PARENT)
    assert values(group, "end")["inventories"] == "3000.00"
    assert values(company, "begin")["inventories"] == "600.00"


TWO_SIDED: list[list[Place]] = [
    [(200, "资产负债表")],
    [(220, "2024年12月31日")],
    [
        (30, "资产"),
        (-180, "期末余额"),
        (-260, "年初余额"),
        (300, "负债和所有者权益"),
        (-480, "期末余额"),
        (-570, "年初余额"),
    ],
    [(30, "流动资产："), (300, "流动负债：")],
    [
        (30, "货币资金"),
        (-180, "1,000.00"),
        (-260, "900.00"),
        (300, "短期借款"),
        (-480, "400.00"),
        (-570, "300.00"),
    ],
    [
        (30, "应收账款"),
        (-180, "2,000.00"),
        (-260, "1,900.00"),
        (300, "应付账款"),
        (-480, "600.00"),
        (-570, "500.00"),
    ],
    [(300, "实收资本"), (-480, "2,000.00"), (-570, "2,000.00")],
    [
        (30, "资产总计"),
        (-180, "3,000.00"),
        (-260, "2,800.00"),
        (300, "负债和所有者权益总计"),
        (-480, "3,000.00"),
        (-570, "2,800.00"),
    ],
]


@pytest.mark.parametrize("falls", [0.0, 0.02, -0.03])
def test_a_two_sided_sheet_is_read_side_by_side_even_aslant(falls: float) -> None:
    found = only([page(TWO_SIDED, recognised=0.99, falls=falls)])

    assert [column.id for column in found.columns] == ["end", "begin"]
    assert values(found, "begin") == {
        "cash_and_bank_balances": "900.00",
        "accounts_receivable": "1900.00",
        "total_assets": "2800.00",
        "short_term_borrowings": "300.00",
        "accounts_payable": "500.00",
        "paid_in_capital": "2000.00",
        "total_liabilities_and_equity": "2800.00",
    }


def test_a_label_over_two_lines_is_one_row_wherever_its_amounts_stand() -> None:
    rows = [
        *BALANCE,
        ["以公允价值计量且其变动计入", "", "", ""],
        ["", "", "7.00", "8.00"],
        ["当期损益的金融资产", "", "", ""],
        ["归属于母公司所有者权益（或股东", "", "9.00", "8.00"],
        ["权益）合计", "", "", ""],
        ["负债和所有者权益（或股东权益）", "", "", ""],
        ["总计", "", "6.00", "5.00"],
    ]

    found = only([page([*HEAD, *table(rows, ENDS)])])

    assert field(found, "fvtpl_financial_assets", "end").value == Decimal("7.00")
    assert field(found, "equity_attributable_to_parent", "end").value == Decimal("9.00")
    assert field(found, "total_liabilities_and_equity", "end").value == Decimal("6.00")


def test_a_row_broken_by_the_page_is_one_row() -> None:
    first = page([*HEAD, *table([*BALANCE, ["以公允价值计量且其变动计入当期", "", "7.00"]], ENDS)])
    second = page(
        table(
            [
                ["损益的金融资产"],
                ["固定资产", "", "1,000.00", "2,000.00"],
                ["在建工程", "", "1,000.00", "2,000.00"],
                ["无形资产", "", "1,000.00", "2,000.00"],
            ],
            ENDS,
        ),
        number=2,
    )

    found = only([first, second])

    assert found.pages == (1, 2)
    assert field(found, "fvtpl_financial_assets", "end").value == Decimal("7.00")
    assert field(found, "intangible_assets", "begin").value == Decimal("2000.00")


def test_a_continued_title_and_a_repeated_heading_are_no_rows() -> None:
    second = page(
        [
            [(200, "合并资产负债表（续）")],
            *table([BALANCE[0], ["固定资产", "", "1.00", "2.00"], ["在建工程", "", "1.00", "2.00"],
                    ["无形资产", "", "1.00", "2.00"]], ENDS),
            [(290, "第2页")],
        ],
        number=2,
    )  # fmt: skip

    found = only([page([*HEAD, *table(BALANCE, ENDS)]), second])

    assert [row.label for row in found.rows[-3:]] == ["固定资产", "在建工程", "无形资产"]
    assert len(found.columns) == 2


def test_own_rows_of_the_filer_are_kept_in_place() -> None:
    rows = [*BALANCE[:-1], ["应收示例保证金", "", "5.00", "6.00"], BALANCE[-1]]

    found = only([page([*HEAD, *table(rows, ENDS)])])

    own = found.rows[-2]
    assert (own.item, own.label_raw) == (None, "应收示例保证金")
    assert own.values["end"].value == Decimal("5.00")


def test_a_page_number_is_no_amount() -> None:
    found = only([page([*HEAD, *table(BALANCE, ENDS), [(330, "89"), (345, "/"), (355, "232")]])])

    assert found.rows[-1].item == "total_current_assets"
    assert len(found.columns) == 2


def test_a_small_enterprise_is_told_by_its_form() -> None:
    rows = [
        ["项目", "行次", "本年累计金额", "本月金额"],
        ["一、营业收入", "1", "1,000.00", "100.00"],
        ["减：营业成本", "2", "800.00", "80.00"],
        ["税金及附加", "3", "10.00", "1.00"],
        ["其中：消费税", "4", "", ""],
        ["四、净利润", "32", "190.00", "19.00"],
    ]
    head: list[list[Place]] = [[(200, "利润表")], [(450, "会小企02表")], [(220, "2024年9月")]]

    found = only([page([*head, *table(rows, ENDS)])])

    assert found.form == "sme"
    assert [column.context for column in found.columns] == [Context.CURRENT, Context.MONTH]
    assert found.rows[3].item == "tax_consumption"


def test_a_workbook_gives_the_same_statement_with_addresses() -> None:
    rows = [["合并资产负债表"], ["2024年12月31日"], ["编制单位：甲示例有限公司", "", "单位：元"]]
    rows += [[cell.replace("(2,000.00)", "-2000") for cell in row] for row in BALANCE]

    from_sheet = only([sheet(rows)])
    from_page = only([page([*HEAD, *table(BALANCE, ENDS)])])

    for column in ("end", "begin"):
        amounts = {item: Decimal(text) for item, text in values(from_page, column).items()}
        assert amounts == {item: Decimal(text) for item, text in values(from_sheet, column).items()}
    cash = field(from_sheet, "cash_and_bank_balances", "end")
    assert cash.provenance is not None
    assert cash.provenance.cell == "Sheet1!C6"
    assert cash.accepted


@given(
    st.lists(
        st.decimals(min_value=0, max_value=Decimal(99999999999), places=2), min_size=3, max_size=3
    ),
    st.floats(-0.03, 0.03),
)
def test_any_amounts_are_read_in_their_own_cells(amounts: list[Decimal], falls: float) -> None:
    labels = ["货币资金", "应收账款", "存货"]
    printed = [f"{amount:,.2f}" for amount in amounts]
    rows = [[label, text, "1,000,000.00"] for label, text in zip(labels, printed, strict=True)]
    lines = [*HEAD, *table([["项目", "期末余额", "年初余额"], *rows], [300, 450])]

    found = only([page(lines, recognised=0.99, falls=falls)])

    assert [str(row.values["end"].raw) for row in found.rows] == printed


def test_nothing_is_made_of_pages_without_statements() -> None:
    assert extract([]) == ()
    assert extract([page([[(40, "财务报表附注")], [(40, "1.货币资金"), (-400, "1,000.00")]])]) == ()


def test_a_note_that_ran_into_a_broken_label_is_parted_from_it() -> None:
    lines = [
        [(200, "合并现金流量表")],
        *table([["项目", "本期金额", "上期金额"]], [350, 450]),
        *table([["经营活动产生的现金流量净额", "7.00", "1.00"]], [350, 450]),
        *table([["投资活动产生的现金流量净额", "-2.00", "1.00"]], [350, 450]),
        *table([["加：期初现金及现金等价物余七、79", "5.00", "2.00"], ["额"]], [350, 450]),
        *table([["六、期末现金及现金等价物余额", "10.00", "4.00"]], [350, 450]),
    ]

    found = only([page(lines, recognised=0.99)])

    assert values(found, "cur")["cash_equivalents_begin"] == "5.00"
    assert [row.note for row in found.rows if row.item == "cash_equivalents_begin"] == ["七、79"]


def test_the_total_of_liabilities_and_equity_is_no_heading() -> None:
    """At low resolution its separators are misread, so that its amounts are not sure ones."""
    rows = [*BALANCE, ["所有者权益合计", "", "1.00", "2.00"]]
    rows += [["负债和所有者权益总计", "", "28.504,657,758.21", "28,671,015.787.16"]]

    found = only([page([*HEAD, *table(rows, ENDS)], recognised=0.99)])

    assert "total_liabilities_and_equity" in values(found, "end")
