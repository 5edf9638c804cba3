"""Forms of statements: generations of the Chinese one, and those of Hong Kong."""

import pytest

from schemas.statements import Scope
from tests.extractors.drawing import only, page, table


@pytest.mark.parametrize(
    ("labels", "form"),
    [
        (["应收票据及应收账款", "存货", "货币资金"], "cas2018_old"),
        (["应收票据及应收账款", "合同资产", "货币资金"], "cas2018_new"),
        (["货币资金", "合同资产", "使用权资产"], "cas2019_new"),
        (["货币资金", "可供出售金融资产", "持有待售资产"], "cas2017"),
        (["货币资金", "可供出售金融资产", "存货"], "cas2006"),
    ],
)
def test_the_generation_of_the_form_is_told_by_its_rows(labels: list[str], form: str) -> None:
    rows = [["项目", "期末余额", "年初余额"], *([label, "1.00", "2.00"] for label in labels)]

    found = only(
        [page([[(200, "资产负债表")], [(220, "2018年12月31日")], *table(rows, [350, 450])])]
    )

    assert found.form == form


@pytest.mark.parametrize(
    ("title", "unit", "years", "rows"),
    [
        (
            "Consolidated Statement of Financial Position",
            "RMB'000",
            ("2024", "2023"),
            ("Inventories", "Trade receivables", "Total current assets", "Total assets"),
        ),
        (
            "綜合財務狀況表",
            "人民幣千元",
            ("二零二四年", "二零二三年"),
            ("存貨", "應收賬款", "流動資產總額", "資產總額"),
        ),
    ],
)
def test_hong_kong_statements_are_read_with_their_own_map(
    title: str, unit: str, years: tuple[str, str], rows: tuple[str, ...]
) -> None:
    head = [[(150.0, title)], *table([["", *years], ["", unit, unit]], [400, 540])]
    body = table([[label, "1,234", "1,000"] for label in rows], [400, 540])

    found = only([page([*head, *body])])

    assert (found.form, found.scope, found.scale) == (None, Scope.CONSOLIDATED, 1000)
    assert [str(column.date) for column in found.columns] == ["2024-12-31", "2023-12-31"]
    assert [row.item for row in found.rows] == [
        "inventories",
        "trade_receivables",
        "total_current_assets",
        "total_assets",
    ]
