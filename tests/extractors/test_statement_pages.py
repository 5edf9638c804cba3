"""Finding the statements in a long report by its text, and reading those that we ship."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors import sheets
from extractors.intake import Limits
from extractors.kinds.statement import extract, find_pages
from extractors.kinds.statement.titles import title_of
from extractors.pdf import PdfFile
from schemas.documents import DocumentKind, MediaType
from schemas.statements import Scope, Statement

ROOT = Path(__file__).parents[2]
SAMPLES = [ROOT / "sample_docs" / name for name in (
    "01-qinghe-machinery", "02-yunling-foods", "05-lanqiao-branch"
)]  # fmt: skip
REPORTS = sorted((ROOT.parent / "shared" / "eval" / "statements" / "pdf").glob("*.pdf"))

CONTENTS = "目录\n审计报告 1\n合并资产负债表 5\n合并利润表 7\n合并资产负债表\n合并利润表\n"
BALANCE = """二、财务报表
合并资产负债表
2024年12月31日
编制单位：甲示例有限公司 单位：元
项目 附注 期末余额 年初余额
流动资产：
货币资金 1 1,000.00 900.00
应收账款 2 1,000.00 900.00
存货 3 1,000.00 900.00
"""
CONTINUED = """甲示例有限公司2024年年度报告
固定资产 1,000.00 900.00
在建工程 1,000.00 900.00
短期借款 1,000.00 900.00
负债和所有者权益总计 1,000.00 900.00
法定代表人：张示例
"""
NOTES = """七、合并财务报表项目注释
1、货币资金
项目 期末余额 期初余额
库存现金 1.00 2.00
银行存款 3.00 4.00
"""
ADJUSTED = BALANCE.replace("期末余额 年初余额", "2018年12月31日 2019年1月1日 调整数")


def test_statement_pages_are_found_with_their_continuation() -> None:
    texts = {1: CONTENTS, 2: "正文", 7: BALANCE, 8: CONTINUED, 9: NOTES, 30: ADJUSTED}

    assert find_pages(texts) == (7, 8)


def test_a_title_at_the_foot_of_a_page_counts_with_the_rows_overleaf() -> None:
    head, _, rows = BALANCE.partition("项目 附注")

    assert find_pages({4: head, 5: "项目 附注" + rows}) == (4, 5)


@pytest.mark.parametrize(
    ("line", "kind", "scope"),
    [
        ("资　产　负　债　表", DocumentKind.BALANCE_SHEET, Scope.SINGLE),
        ("1、合并资产负债表", DocumentKind.BALANCE_SHEET, Scope.CONSOLIDATED),
        ("母公司利润表", DocumentKind.INCOME_STATEMENT, Scope.PARENT),
        ("合并年初到报告期末现金流量表", DocumentKind.CASH_FLOW_STATEMENT, Scope.CONSOLIDATED),
        ("利润表\t会企02表", DocumentKind.INCOME_STATEMENT, Scope.SINGLE),
        ("甲示例有限公司资产负债表", DocumentKind.BALANCE_SHEET, Scope.SINGLE),
        ("综合財務狀況表", DocumentKind.BALANCE_SHEET, Scope.CONSOLIDATED),
        (
            "Consolidated Statement of Cash Flows",
            DocumentKind.CASH_FLOW_STATEMENT,
            Scope.CONSOLIDATED,
        ),
    ],
)
def test_titles_are_known(line: str, kind: DocumentKind, scope: Scope) -> None:
    found = title_of(line)

    assert found is not None
    assert (found.kind, found.scopes) == (kind, (scope,))


@pytest.mark.parametrize(
    "line",
    [
        "合并资产负债表 ..... 45",
        "现金流量表补充资料",
        "合并资产负债表项目",
        "见合并利润表",
        "表",
        "",
    ],
)
def test_mentions_are_no_titles(line: str) -> None:
    assert title_of(line) is None


def read(path: Path) -> tuple[Statement, ...]:
    if path.suffix == ".xlsx":
        return extract(sheets.read(path.read_bytes(), MediaType.XLSX, "sha", Limits()).pages)
    with PdfFile(path.read_bytes(), Limits()) as document:
        texts = {n: document.text(n) for n in range(1, document.page_count + 1)}
        return extract([document.page(number, "sha") for number in find_pages(texts)])


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda path: path.name)
def test_the_samples_are_read_without_an_error(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    for wanted in (document for document in expected["documents"] if "columns" in document):
        statements = {found.kind.value: found for found in read(folder / wanted["file"])}
        found = statements[wanted["kind"]]

        assert (found.form, found.scope.value) == (wanted["form"], wanted["scope"])
        assert found.entity.value == wanted["entity"]
        assert str(found.columns[0].date) == wanted["date"]
        assert _mistakes(found, wanted["columns"]) == []


def _mistakes(found: Statement, columns: dict[str, dict[str, str]]) -> list[Any]:
    rows = {row.item: row for row in found.rows if row.values}
    return [
        (column, item, wanted)
        for column, items in columns.items()
        for item, wanted in items.items()
        if rows[item].values[column].value != Decimal(wanted)
        or not rows[item].values[column].accepted
    ]


@pytest.mark.skipif(not REPORTS, reason="../shared/eval is not there")
@pytest.mark.slow
def test_real_reports_have_their_three_statements() -> None:
    for path in REPORTS:
        kinds = {found.kind for found in read(path) if found.scope is Scope.CONSOLIDATED}

        assert len(kinds) == 3, path.name
