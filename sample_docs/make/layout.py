"""What stands in which cell of a printed statement, the same for PDF and workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sample_docs.make.figures import Values, taxonomy

Cell = str | int | Decimal | None

TITLES = {
    "balance_sheet": ("资产负债表", "01"),
    "income_statement": ("利润表", "02"),
    "cash_flow_statement": ("现金流量表", "03"),
}
LOSS = "（亏损以“-”号填列）"
NEGATIVE = "（损失以“-”号填列）"
CAS_PRINTED = {  # id: what stands before and after the label
    "operating_revenue": ("一、", ""),
    "operating_cost": ("减：", ""),
    "other_income": ("加：", ""),
    "investment_income": ("", NEGATIVE),
    "net_exposure_hedging_gain": ("", NEGATIVE),
    "fair_value_change_gain": ("", NEGATIVE),
    "credit_impairment_gain_loss": ("", NEGATIVE),
    "asset_impairment_gain_loss": ("", NEGATIVE),
    "asset_disposal_gain": ("", NEGATIVE),
    "operating_profit": ("二、", LOSS),
    "non_operating_income": ("加：", ""),
    "non_operating_expenses": ("减：", ""),
    "profit_before_tax": ("三、", "（亏损总额以“-”号填列）"),
    "income_tax_expense": ("减：", ""),
    "net_profit": ("四、", "（净亏损以“-”号填列）"),
    "net_profit_continuing": ("（一）", "（净亏损以“-”号填列）"),
    "net_profit_discontinued": ("（二）", "（净亏损以“-”号填列）"),
    "oci_net_of_tax": ("五、", ""),
    "oci_not_reclassified": ("（一）", ""),
    "oci_remeasurement_defined_benefit": ("1.", ""),
    "oci_equity_method_not_reclassified": ("2.", ""),
    "oci_equity_instruments_fair_value": ("3.", ""),
    "oci_own_credit_risk": ("4.", ""),
    "oci_reclassified": ("（二）", ""),
    "oci_equity_method_reclassified": ("1.", ""),
    "oci_debt_investments_fair_value": ("2.", ""),
    "oci_reclassification_of_financial_assets": ("3.", ""),
    "oci_debt_investments_credit_impairment": ("4.", ""),
    "oci_cash_flow_hedge_reserve": ("5.", ""),
    "oci_foreign_currency_translation": ("6.", ""),
    "total_comprehensive_income": ("六、", ""),
    "is_h_eps": ("七、", ""),
    "basic_eps": ("（一）", ""),
    "diluted_eps": ("（二）", ""),
    "effect_of_exchange_rate_on_cash": ("四、", ""),
    "net_increase_in_cash": ("五、", ""),
    "cash_equivalents_begin": ("加：", ""),
    "cash_equivalents_end": ("六、", ""),
    "treasury_shares": ("减：", ""),
}
SMALL_PRINTED = {
    "operating_revenue": ("一、", ""),
    "operating_cost": ("减：", ""),
    "tax_consumption": ("其中：", ""),
    "selling_goods_repair": ("其中：", ""),
    "admin_start_up": ("其中：", ""),
    "finance_interest_expense": ("其中：", "（收入以“-”号填列）"),
    "investment_income": ("加：", NEGATIVE),
    "operating_profit": ("二、", LOSS),
    "non_operating_income": ("加：", ""),
    "non_operating_income_government_grants": ("其中：", ""),
    "non_operating_expenses": ("减：", ""),
    "noe_bad_debts": ("其中：", ""),
    "profit_before_tax": ("三、", "（亏损总额以“-”号填列）"),
    "income_tax_expense": ("减：", ""),
    "net_profit": ("四、", "（净亏损以“-”号填列）"),
    "inventories_raw_materials": ("其中：", ""),
    "accumulated_depreciation": ("减：", ""),
    "net_increase_in_cash": ("四、", ""),
    "cash_equivalents_begin": ("加：", ""),
    "cash_equivalents_end": ("五、", ""),
}
NOT_ON_THE_FORM = frozenset({"oci_not_reclassified_other", "oci_reclassified_other"})
RIGHT_HALF = ("bs_h_current_liabilities", "s_h_current_liabilities")
CONTEXTS = {
    "end": "期末余额",
    "begin": "上年年末余额",
    "cur": "本期金额",
    "prior": "上期金额",
}
SMALL_CONTEXTS = {
    "end": "期末余额",
    "begin": "年初余额",
    "cur": "本年累计金额",
    "month": "本月金额",
}


@dataclass(frozen=True)
class Paper:
    """One statement to be printed. `compact` leaves out the rows in which nothing stands."""

    kind: str
    form: str
    entity: str
    closing: date
    values: Values
    signers: tuple[str, str, str]
    compact: bool = False
    two_sided: bool = True

    @property
    def title(self) -> str:
        """Return what stands at the top."""
        return TITLES[self.kind][0]

    @property
    def form_number(self) -> str:
        """Return the number of the form, 会企01表."""
        return f"会{'小' if self.form == 'sme' else ''}企{TITLES[self.kind][1]}表"

    @property
    def period(self) -> str:
        """Return the day or the months that it speaks of, as printed."""
        day = self.closing
        if self.kind == "balance_sheet":
            return f"{day.year}年{day.month:02d}月{day.day:02d}日"
        return (
            f"{day.year}年{day.month}月" if self.form == "sme" else f"{day.year}年1-{day.month}月"
        )

    @property
    def contexts(self) -> tuple[str, ...]:
        """Return the contexts of the amount columns in printed order."""
        if self.kind == "balance_sheet":
            return ("end", "begin")
        return ("cur", "month" if self.form == "sme" else "prior")


@dataclass(frozen=True)
class Grid:
    """A table to print: titles and kinds ("label", "number", "amount") of columns, and cells."""

    titles: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def grid(paper: Paper) -> Grid:
    """Lay a statement out; a balance sheet in two halves unless told otherwise."""
    labels = SMALL_CONTEXTS if paper.form == "sme" else CONTEXTS
    numbered = ("行次",) if paper.form == "sme" else ()
    tail = (*numbered, *(labels[context] for context in paper.contexts))
    kinds = ("label", *("number" for _ in numbered), *("amount" for _ in paper.contexts))
    items = _items(paper)
    if paper.kind != "balance_sheet" or not paper.two_sided:
        return Grid(("项　目", *tail), kinds, tuple(_row(item, paper) for item in items))
    split = next(n for n, item in enumerate(items) if item["id"] in RIGHT_HALF)
    left, right = ([_row(i, paper) for i in half] for half in (items[:split], items[split:]))
    halves = _side_by_side(left, right, len(kinds))
    titles = ("资　产", *tail, "负债和所有者权益", *tail)
    return Grid(titles, kinds + kinds, halves)


def _side_by_side(
    left: list[tuple[Cell, ...]], right: list[tuple[Cell, ...]], width: int
) -> tuple[tuple[Cell, ...], ...]:
    """Put two halves beside each other, so that both last rows are on one line."""
    height, blank = max(len(left), len(right)), (None,) * width
    sides = [[*half[:-1], *[blank] * (height - len(half)), half[-1]] for half in (left, right)]
    return tuple((*a, *b) for a, b in zip(*sides, strict=True))


def _items(paper: Paper) -> list[Mapping[str, object]]:
    chosen = [
        item
        for item in taxonomy(paper.form).items
        if item["statement"] == paper.kind and item["id"] not in NOT_ON_THE_FORM
    ]
    if not paper.compact:
        return list(chosen)
    return [item for item in chosen if item["kind"] == "header" or any(_amounts(item, paper))]


def _amounts(item: Mapping[str, object], paper: Paper) -> tuple[Decimal | None, ...]:
    found = (paper.values.get(context, {}).get(str(item["id"])) for context in paper.contexts)
    return tuple(amount or None for amount in found)


def _row(item: Mapping[str, object], paper: Paper) -> tuple[Cell, ...]:
    number = (_number(item),) if paper.form == "sme" else ()
    return (_label(item, paper.form), *number, *_amounts(item, paper))


def _number(item: Mapping[str, object]) -> int | None:
    line = item.get("line_no")
    return line if isinstance(line, int) else None


def _label(item: Mapping[str, object], form: str) -> str:
    printed = (SMALL_PRINTED if form == "sme" else CAS_PRINTED).get(str(item["id"]))
    before, after = printed or (str(item.get("printed_prefix", "")), "")
    indent = (0, 1, 1, 2)[_level(item)]
    if item["kind"] == "header" or (item["kind"] == "total" and _level(item) < 2):
        indent = 0
    if before in {"一、", "二、", "三、", "四、", "五、", "六、", "七、"}:
        indent = 0
    return "　" * indent + before + str(item["label"]) + after


def _level(item: Mapping[str, object]) -> int:
    return int(str(item["level"]))
