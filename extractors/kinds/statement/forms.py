"""Which generation of which form a statement is on, by the rows that only it prints."""

import datetime as dt
from collections.abc import Iterable, Sequence

from extractors.labels import key_of
from schemas.documents import DocumentKind
from schemas.statements import Statement
from schemas.taxonomy import TaxonomyName

_SMALL = {
    DocumentKind.BALANCE_SHEET: frozenset(
        {"短期投资", "长期债券投资", "固定资产原价", "固定资产账面价值", "应付利润", "累计折旧"}
    ),
    DocumentKind.INCOME_STATEMENT: frozenset(
        {"商品维修费", "业务招待费", "开办费", "广告费和业务宣传费", "税收滞纳金", "坏账损失"}
    ),
    DocumentKind.CASH_FLOW_STATEMENT: frozenset(
        {
            "销售产成品商品提供劳务收到的现金",
            "支付的职工薪酬",
            "偿还借款本金支付的现金",
            "期末现金余额",
            "现金净增加额",
        }
    ),
}
_NON_PROFIT = {
    DocumentKind.BALANCE_SHEET: frozenset({"非限定性净资产", "限定性净资产"}),
    DocumentKind.INCOME_STATEMENT: frozenset({"捐赠收入", "业务活动成本", "净资产变动额"}),
    DocumentKind.CASH_FLOW_STATEMENT: frozenset(
        {"接受捐赠收到的现金", "业务活动产生的现金流量", "业务活动产生的现金流量净额"}
    ),
}
_TAXONOMIES: dict[str | None, TaxonomyName] = {"sme": "small", "npo": "npo"}
_NEW_BALANCE = frozenset(
    {
        "合同资产",
        "合同负债",
        "使用权资产",
        "租赁负债",
        "债权投资",
        "其他债权投资",
        "其他权益工具投资",
        "其他非流动金融资产",
        "应收款项融资",
    }
)
_NEW_INCOME = frozenset({"信用减值损失", "净敞口套期收益", "以摊余成本计量的金融资产终止确认收益"})
_OLD_BALANCE = frozenset({"可供出售金融资产", "持有至到期投资", "划分为持有待售的资产"})
_MERGED = frozenset({"应收票据及应收账款", "应付票据及应付账款"})
_SINCE_NEW = dt.date(2021, 1, 1)
"""From this day on every filer of 企业会计准则 uses the form of 2019."""
_RANK = {
    DocumentKind.BALANCE_SHEET: 0,
    DocumentKind.INCOME_STATEMENT: 1,
    DocumentKind.CASH_FLOW_STATEMENT: 2,
}
_ABANDONED = frozenset({"主营业务利润"})


def form_of(
    kind: DocumentKind, labels: Iterable[str], number: str | None, date: dt.date | None
) -> str | None:
    """Return the id of the form, None where the rows do not tell or the form is not covered."""
    keys = {key_of(label) for label in labels}
    if keys & _ABANDONED:
        return None
    if number == "会民非" or keys & _NON_PROFIT.get(kind, frozenset()):
        return "npo"
    if number == "会小企" or len(keys & _SMALL.get(kind, frozenset())) >= 2:
        return "sme"
    found = _by_rows(kind, keys)
    if found is None and date and date >= _SINCE_NEW:
        return "cas2019_new"
    return found


def taxonomy_of(form: str | None) -> TaxonomyName:
    """Return the taxonomy that the rows of a form are of."""
    return _TAXONOMIES.get(form, "cas")


def _by_rows(kind: DocumentKind, keys: set[str]) -> str | None:
    if kind is DocumentKind.BALANCE_SHEET:
        return _by_balance(keys)
    if kind is DocumentKind.INCOME_STATEMENT:
        return _by_income(keys)
    return None


def _has(keys: set[str], cues: frozenset[str]) -> bool:
    """Return whether a row begins with one of the cues; a long label may be broken."""
    return any(key.startswith(cue) for key in keys for cue in cues)


def _by_balance(keys: set[str]) -> str | None:
    is_new = _has(keys, _NEW_BALANCE)
    if _has(keys, _MERGED):
        return "cas2018_new" if is_new else "cas2018_old"
    if is_new:
        return "cas2019_new"
    if _has(keys, _OLD_BALANCE):
        return "cas2017" if any(key.startswith("持有待售") for key in keys) else "cas2006"
    return None


def _by_income(keys: set[str]) -> str | None:
    if _has(keys, _NEW_INCOME):
        return "cas2019_new"
    if "研发费用" in keys:
        return "cas2018_old"
    if keys & {"资产处置收益", "其他收益"}:
        return "cas2017"
    return "cas2006" if keys & {"营业税金及附加", "资产减值损失"} else None


def agreed(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the statements of a file, those of one set on one form.

    The balance sheet tells the generation best; the cash-flow statement does not tell at all.
    """
    return tuple(_like_neighbours(statement, statements) for statement in statements)


def _like_neighbours(statement: Statement, statements: Sequence[Statement]) -> Statement:
    own = statement.form

    def rank(other: Statement) -> tuple[int, int]:
        return _RANK[other.kind], abs(other.pages[0] - statement.pages[0])

    family = [
        other
        for other in statements
        if other.form and (own is None or taxonomy_of(own) == taxonomy_of(other.form))
    ]
    best = min(family, key=rank, default=statement)
    if best.form == own or (own and _RANK[best.kind] >= _RANK[statement.kind]):
        return statement
    return statement.model_copy(update={"form": best.form})
