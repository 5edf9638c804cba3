"""Statements of non-profits, of Hong Kong companies, and forms whose rows are not known."""

import pytest

from extractors import sheets
from extractors.intake import Limits, sniff
from extractors.kinds.statement import extract
from extractors.kinds.statement.titles import title_of
from extractors.remarks import remarks
from extractors.seen import Seen
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.findings import Severity
from schemas.records import Reading
from schemas.statements import Scope, Statement
from tests.extractors.drawing import Place, only, page, table, values
from validators.proof import prove

SOURCE = SourceFile(name="a.pdf", sha256="test", media_type=MediaType.PDF, size=1)
CHANGE = "四、净资产变动额（若为净资产减少额，以“－”号填列）"
ACTIVITIES: list[list[Place]] = [
    [(200, "业务活动表")],
    [(220, "2024年度"), (480, "会民非02表")],
    [(40, "编制单位：甲示例基金会"), (400, "单位：元")],
    [(40, "项目"), (190, "行次"), (250, "上年累计数"), (430, "本年累计数")],
    [
        (-270, "非限定性"),
        (-330, "限定性"),
        (-390, "合计"),
        (-450, "非限定性"),
        (-510, "限定性"),
        (-570, "合计"),
    ],
    *table(
        [
            ["一、收入"],
            ["其中：捐赠收入", "1", "100.00", "5.00", "105.00", "200.00", "6.00", "206.00"],
            ["会费收入", "2", "1.00", "", "1.00", "2.00", "", "2.00"],
            ["收入合计", "11", "101.00", "5.00", "106.00", "202.00", "6.00", "208.00"],
            ["二、费用"],
            ["（一）业务活动成本", "12", "50.00", "", "50.00", "60.00", "", "60.00"],
            ["（二）管理费用", "21", "20.00", "", "20.00", "30.00", "", "30.00"],
            ["费用合计", "35", "70.00", "", "70.00", "90.00", "", "90.00"],
            [CHANGE, "45", "31.00", "5.00", "36.00", "112.00", "6.00", "118.00"],
        ],
        [210, 270, 330, 390, 450, 510, 570],
    ),
]


def test_the_activities_of_a_non_profit_are_its_income_statement() -> None:
    found = only([page(ACTIVITIES)])

    assert (found.kind, found.form) == (DocumentKind.INCOME_STATEMENT, "npo")
    assert [column.id for column in found.columns] == [
        "prior_unrestricted",
        "prior_restricted",
        "prior",
        "cur_unrestricted",
        "cur_restricted",
        "cur",
    ]
    assert values(found, "cur") == {
        "donation_income": "206.00",
        "membership_fee_income": "2.00",
        "total_income": "208.00",
        "business_activity_costs": "60.00",
        "administrative_expenses": "30.00",
        "total_expenses": "90.00",
        "change_in_net_assets": "118.00",
    }
    assert values(found, "prior_restricted")["donation_income"] == "5.00"
    assert found.rows[1].line_no == "1"


def test_the_sums_of_a_non_profit_prove_what_was_recognised() -> None:
    reading = Reading(
        source=SOURCE,
        pages=1,
        documents=extract([page(ACTIVITIES, recognised=0.97)]),
        readers=("test",),
    )

    (found,) = prove(reading).documents

    assert isinstance(found, Statement)
    for column in ("cur", "prior", "cur_unrestricted"):
        cells = [row.values[column] for row in found.rows if column in row.values]
        assert len(cells) > 5
        assert all(cell.accepted for cell in cells)


def test_a_person_is_told_of_the_form_of_a_non_profit() -> None:
    statements = extract([page(ACTIVITIES)])

    (found,) = remarks(SOURCE, Seen(), statements)

    assert (found.code, found.severity) == ("reading.form_of_nonprofit", Severity.ERROR)


def test_a_form_whose_rows_are_not_known_is_told_and_not_passed_over() -> None:
    institution = page([[(200, "收入费用表")], [(480, "会政财02表")], [(40, "一、本期收入")]])

    codes = [found.code for found in remarks(SOURCE, Seen(pages=[institution]), ())]

    assert "reading.form_not_covered" in codes


NOTES: list[Place] = [(250, "Notes"), (350, "RMB'000"), (450, "RMB'000")]


def test_an_english_statement_is_read_with_its_unit_below_the_years() -> None:
    rows = [
        ["Revenue", "5", "10,000", "9,000"],
        ["Cost of sales", "", "(6,000)", "(5,000)"],
        ["Gross profit", "", "4,000", "4,000"],
        ["Profit before tax", "6", "2,900", "3,210"],
        ["Income tax expense", "10", "(700)", "(800)"],
        ["Profit for the year", "", "2,200", "2,410"],
    ]
    head: list[list[Place]] = [
        [(150, "CONSOLIDATED STATEMENT OF PROFIT OR LOSS")],
        [(200, "Year ended 31 December 2024")],
        [(350, "2024"), (450, "2023")],
        NOTES,
    ]

    found = only([page([*head, *table(rows, [280, 385, 485])])])

    assert (str(found.scale), found.scope) == ("1000", Scope.CONSOLIDATED)
    assert found.scale_printed
    assert [(column.id, str(column.date)) for column in found.columns] == [
        ("cur", "2024-12-31"),
        ("prior", "2023-12-31"),
    ]
    assert values(found, "cur")["profit_for_the_year"] == "2200000"
    assert values(found, "prior")["cost_of_sales"] == "-5000000"


@pytest.mark.parametrize(
    ("line", "scope"),
    [
        ("簡明綜合財務狀況表", Scope.CONSOLIDATED),
        ("Statement of Financial Position of the Company", Scope.PARENT),
        ("Company Balance Sheet", Scope.PARENT),
    ],
)
def test_whose_a_foreign_statement_is(line: str, scope: Scope) -> None:
    found = title_of(line)

    assert found is not None
    assert found.scopes == (scope,)


EXPORT = """<html><head><meta charset="{charset}"><style>td {{ color: red }}</style></head><body>
<h3>利润表</h3><p>编制单位：甲示例有限公司</p>
<table><tr><td colspan=4>2024年度</td><td>单位：元</td></tr>
<tr><th rowspan="2">项目</th><th rowspan=2>行次</th><th>本期金额</th><th>上期金额</th></tr>
<tr></tr>
<tr><td>一、营业收入</td><td>1</td><td>1,000.00</td><td>900.00</td></tr>
<tr><td>减：营业成本</td><td>2</td><td>600.00</td><td>500.00</td></tr>
<tr><td>税金及附加<td>3<td>10.00<td>&nbsp;9.00</tr>
<tr><td>二、营业利润</td><td>21</td><td>390.00</td><td>391.00</td></tr></table></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_a_web_page_that_is_called_a_workbook_is_read(charset: str) -> None:
    data = EXPORT.format(charset=charset).encode(charset)
    assert sniff(data) is MediaType.HTML

    book = sheets.read(data, sniff(data), "sha", Limits())
    found = only(book.pages)

    assert found.entity.value == "甲示例有限公司"
    assert values(found, "cur")["operating_profit"] == "390.00"
    assert values(found, "prior")["taxes_and_surcharges"] == "9.00"
