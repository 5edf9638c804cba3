"""What the workbook says in Chinese beside the words of the message catalogue."""

from typing import Final

from schemas.decisions import Outcome
from schemas.findings import Severity
from schemas.messages import called
from validators.figures import Reason
from validators.ratios import Note

OUTCOMES: Final = {
    Outcome.PASS: "通过初审",
    Outcome.SUPPLEMENT: "补件",
    Outcome.MANUAL: "转人工",
}
SEVERITIES: Final = {
    Severity.ERROR: "转人工",
    Severity.RETURN: "补件",
    Severity.WARN: "提示",
    Severity.INFO: "说明",
}
REASONS: Final = {
    Reason.STATEMENT_MISSING: "缺少该期报表",
    Reason.ITEM_MISSING: "未列示或未披露",
    Reason.MERGED_ROW: "与其他项目合并列示",
    Reason.UNREADABLE: "未读出",
    Reason.NEEDS_TWO_BALANCES: "缺少期初余额",
    Reason.NEEDS_PRIOR_PERIOD: "缺少可比上期",
    Reason.DENOMINATOR_NOT_POSITIVE: "分母不为正",
    Reason.INTERIM_NOT_ANNUALISED: "中期数不年化",
    Reason.PERIOD_UNKNOWN: "报表期间不明",
    Reason.UNIT_MISSING: "金额单位不明",
}
NOTES: Final = {
    Note.ANNUALISED: "流量按12/{months}年化",
    Note.APPROXIMATE: "以相近项目代替未披露项目",
    Note.UNIT_ASSUMED: "报表均未印单位，按相同单位计算",
}
_FIELDS: Final = {"composition": "组成形式", "paid_in_capital": "实收资本", "serial_number": "编号"}


def word(key: str) -> str:
    """Return the Chinese word for an id; the id itself, as words, where there is none."""
    return called(key, "zh", _FIELDS)
