import pytest

from extractors.labels import Walk, key_of, vocabulary


def names(statement: str, *labels: str, taxonomy: str = "cas") -> list[str | None]:
    walk = Walk(vocabulary(taxonomy), statement)  # type: ignore[arg-type]
    found = [walk.name(label) for label in labels]
    return [item.id if item else None for item in found]


@pytest.mark.parametrize(
    "printed",
    [
        "三、营业利润（亏损以“－”号填列）",
        "三、营业利润(亏损以“-”号填列)",
        "营 业 利 润",
        "△营业利润",
        "(三)营业利润",
        "３．营业利润",
    ],
)
def test_prints_of_one_label_have_one_key(printed: str) -> None:
    assert key_of(printed) == "营业利润"


def test_a_part_belongs_to_the_row_above() -> None:
    assert names("balance_sheet", "应收利息", "其他应收款", "其中：应收利息", "应收股利") == [
        "interest_receivable",
        "other_receivables",
        "other_receivables_interest",
        "other_receivables_dividends",
    ]


def test_the_same_label_is_another_item_under_another_row() -> None:
    found = names(
        "balance_sheet",
        "应付债券",
        "其中：优先股",
        "永续债",
        "其他权益工具",
        "其中：优先股",
        "永续债",
    )

    assert found == [
        "bonds_payable",
        "bonds_payable_preferred_shares",
        "bonds_payable_perpetual",
        "other_equity_instruments",
        "other_equity_instruments_preferred",
        "other_equity_instruments_perpetual",
    ]


def test_interest_income_is_a_part_only_under_finance_expenses() -> None:
    assert names(
        "income_statement", "营业收入", "利息收入", "财务费用", "利息费用", "利息收入"
    ) == [
        "operating_revenue",
        "interest_income_financial",
        "finance_expenses",
        "finance_interest_expense",
        "finance_interest_income",
    ]


def test_other_is_of_its_block() -> None:
    assert names(
        "income_statement",
        "1.不能重分类进损益的其他综合收益",
        "（5）其他",
        "2.将重分类进损益的其他综合收益",
        "（7）其他",
    ) == [
        "oci_not_reclassified",
        "oci_not_reclassified_other",
        "oci_reclassified",
        "oci_reclassified_other",
    ]


def test_one_misprint_is_forgiven() -> None:
    found = names("balance_sheet", "韭流动资产合计", "交易性金融资严", "年内到期的非流动资产")

    assert found == [
        "total_noncurrent_assets",
        "trading_financial_assets",
        "noncurrent_assets_due_within_one_year",
    ]


@pytest.mark.parametrize("label", ["其他应付款顶", "应收代款", "支付的其他款项", "期未现金", ""])
def test_what_could_be_two_items_is_none(label: str) -> None:
    known = {"其他应付款顶": "other_payables"}

    assert names("balance_sheet", label) == [known.get(label)]


def test_letters_that_tell_items_apart_are_never_misprints() -> None:
    """应收 and 应付, 短期 and 长期 differ in one letter and in everything else."""
    assert names("balance_sheet", "长期借款", "短期借款") == [
        "long_term_borrowings",
        "short_term_borrowings",
    ]
    assert names("cash_flow_statement", "收到其他与筹资活动有关的现金") == [
        "other_financing_cash_received"
    ]


def test_traditional_characters_are_the_same_label() -> None:
    assert names("balance_sheet", "貨幣資金", "應收賬款") == [
        "cash_and_bank_balances",
        "accounts_receivable",
    ]


def test_a_hint_whose_end_was_misread_is_left_out() -> None:
    assert key_of("投资收益（损失以“—”号填68列") == key_of("投资收益")
    assert key_of("投资收益（损失以“—”号填列）其中：其他") != key_of("投资收益")
