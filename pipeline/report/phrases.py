"""The tables of words behind `pipeline.report.words`."""

from typing import Final

from validators.figures import Reason

LICENCE_FIELDS: Final = {
    "composition": "组成形式",
    "paid_in_capital": "实收资本",
    "serial_number": "编号",
    "qr_code": "二维码",
    "month": "本月",
    "quarter": "本季",
    "unknown": "未识别",
}

REASONS: Final = {
    Reason.STATEMENT_MISSING: ("缺少该期报表", "no statement for the period"),
    Reason.ITEM_MISSING: ("未列示或未披露", "not printed or not disclosed"),
    Reason.MERGED_ROW: ("与其他项目合并列示", "printed together with other items"),
    Reason.UNREADABLE: ("所需金额未读出", "a figure could not be read"),
    Reason.NEEDS_TWO_BALANCES: ("缺少期初余额", "no opening balance"),
    Reason.NEEDS_PRIOR_PERIOD: ("缺少可比上期", "no comparable prior period"),
    Reason.DENOMINATOR_NOT_POSITIVE: ("分母不为正", "denominator not positive"),
    Reason.INTERIM_NOT_ANNUALISED: ("中期数不年化", "interim, not annualised"),
    Reason.PERIOD_UNKNOWN: ("报表期间不明", "period not known"),
    Reason.UNIT_MISSING: ("金额单位不明", "unit not known"),
}

DERIVED: Final = {
    "avg_total_assets": ("平均资产总额", "average total assets"),
    "avg_equity": ("平均所有者权益", "average equity"),
    "avg_parent_equity": ("平均归母权益", "average equity of the parent"),
    "trade_receivables_end": ("应收款项(期末)", "trade receivables (closing)"),
    "trade_receivables_begin": ("应收款项(年初)", "trade receivables (opening)"),
    "trade_payables_end": ("应付款项(期末)", "trade payables (closing)"),
    "trade_payables_begin": ("应付款项(年初)", "trade payables (opening)"),
    "interest_bearing_debt_end": ("有息债务(期末)", "interest-bearing debt (closing)"),
    "interest_bearing_debt_begin": ("有息债务(年初)", "interest-bearing debt (opening)"),
    "short_term_debt_end": ("短期有息债务(期末)", "short-term debt (closing)"),
    "interest_expense": ("利息费用", "interest expense"),
    "ebit": ("息税前利润", "EBIT"),
    "depreciation_amortisation": ("折旧与摊销", "depreciation and amortisation"),
    "ebitda": ("息税折旧摊销前利润", "EBITDA"),
    "gross_profit": ("毛利", "gross profit"),
    "gross_profit_prior": ("上期毛利", "gross profit (prior)"),
    "period_expenses": ("期间费用", "period expenses"),
    "capital_expenditure": ("资本性支出", "capital expenditure"),
}

EN: Final = {
    "error": "to a person",
    "return": "to the applicant",
    "warn": "note",
    "info": "for information",
    "cash_flow": "cash flow",
    "dupont": "DuPont",
}
"""English where the word in the code is not the word to say."""

ZH: Final = {
    # the outcome
    "First review": "初审报告",
    "PASS": "通过初审",
    "SUPPLEMENT": "补件",
    "MANUAL": "转人工",
    "The papers are complete, legible and consistent.": (
        "资料齐全、清晰，各项检查一致，可进入后续审查。"
    ),
    "The applicant is to mend what is listed below, all of it at once.": (
        "下列问题均可由申请人补正，请一次性告知。"
    ),
    "The machine is not sure enough: a person has to look at what is listed below.": (
        "机器把握不足或发现不一致，请人工核对下列各项。"
    ),
    "Why": "结论依据",
    "What led to the outcome, in order": "按检查顺序列出导致本结论的事项",
    "Nothing stands in the way.": "无阻碍通过的事项。",
    "Also noted": "其他提示",
    "It does not hold the package up": "不影响结论",
    "Look at": "查看",
    "and {count} more": "另有 {count} 处",
    "error": "转人工",
    "return": "补件",
    "warn": "提示",
    "info": "说明",
    "product": "产品",
    "applied on": "申请日",
    "policy": "政策",
    "record": "记录",
    "revision {number}": "第 {number} 版",
    "models": "模型",
    "device": "设备",
    "made at": "生成时间",
    "code": "程序",
    "rulebook": "规则",
    "package": "申请编号",
    "files": "文件",
    "{count} files": "{count} 个文件",
    "{count} files, {refused} refused": "{count} 个文件，另有 {refused} 个无法使用",
    "amounts accepted": "金额采信",
    "licence fields accepted": "执照字段采信",
    "sums that hold": "勾稽成立",
    "{count} of {of}": "{count} / {of}",
    # the applicant
    "For the applicant": "告知申请人",
    "One message that says it all; select and copy it.": "一次性告知，可直接复制。",
    "In Chinese, to be sent": "中文原文（发送用）",
    "Dear applicant, please mend the following:": "您好，您的申请资料需补正以下事项：",
    "Nothing is owed by the applicant.": "申请人无需补充。",
    # what to look at
    "Look here first": "优先核对",
    "Values that nobody stands behind yet, what was repaired, and sums that fail": (
        "未采信、未读出或经修正的数据，以及不成立的勾稽关系"
    ),
    "Every value that was read is accepted, and every sum that can be checked holds.": (
        "已读出的数据均已采信，可核对的勾稽关系均成立。"
    ),
    "What a person has to decide stands above.": "需人工判断的事项见上文结论依据。",
    "sums that fail": "不成立的勾稽关系",
    "printed": "列示",
    "computed": "计算",
    "difference": "差额",
    "other side": "另一方",
    "reason": "原因",
    "made of": "构成",
    "likely cause": "诊断",
    "look first at": "请先核对",
    "values": "数据",
    "{count} more": "其余 {count} 项",
    "field": "字段",
    "value": "值",
    "reading": "原读",
    "state": "状态",
    "picture": "影像",
    "candidates": "候选",
    "not proven by any sum": "未被勾稽关系证明",
    "weakest character at {share}": "最弱字符置信度 {share}",
    "could not be read": "未能读出",
    "repaired from {raw}": "原读“{raw}”，经勾稽关系修正",
    "not accepted": "未采信",
    "another reading of the same place": "对同一处的另一次读取",
    "another character at {share}": "另一字符，概率 {share}",
    "another character": "另一字符",
    "confidence {share}": "置信度 {share}",
    "read as {raw}": "原文“{raw}”",
    "no picture": "无影像",
    "close": "关闭",
    # licence
    "Business licence": "营业执照",
    "Every field as it was read, beside the paper": "各字段与影像对照",
    "No licence was found.": "未发现营业执照。",
    "label": "印刷标签",
    "confidence": "置信度",
    "present": "已读取",
    "blank": "空白",
    "unreadable": "未读出",
    "not on this form: {names}": "本执照版式没有：{names}",
    "see above": "见上文",
    "the licence with the fields that were read": "标出已读字段的营业执照影像",
    # spreads
    "Statements": "财务报表",
    "All periods side by side; a figure leads to where it stands on the paper": (
        "各期并列；点击金额查看其在原件上的位置"
    ),
    "No statement was found.": "未发现财务报表。",
    "item": "项目",
    "in whole {currency}": "单位：元　币种：{currency}",
    "the name of the entity was not read": "编制单位未读出",
    "no date": "日期未读出",
    "{count} figures differ between papers": "{count} 个金额在不同报表中不一致",
    "before restatement ({day})": "重述前（{day}）",
    "another paper ({day})": "另一份报表（{day}）",
    # checks
    "Sums": "勾稽检查",
    "Every printed total against its rows, column by column": "各列合计数与明细逐一核对",
    "holds": "成立",
    "rounding": "尾差",
    "holds with rows of the filer's own": "含自设项目后成立",
    "broken": "不成立",
    "not checkable": "无法核对",
    "not printed": "未列示",
    "total": "合计",
    "{one} = {other}": "{one}＝{other}",
    # ratios
    "Ratios and red flags": "财务比率与预警",
    "A flag is a prompt to look, never a verdict": "预警仅为提示，不构成结论",
    "red flags": "预警信号",
    "high": "高",
    "medium": "中",
    "low": "低",
    "no flag fires": "未触发预警",
    "{fired} of {told} flags fire; {untold} cannot be told from these papers": (
        "可判断的 {told} 项预警中触发 {fired} 项；另有 {untold} 项凭现有资料无法判断"
    ),
    "also a year before": "上年同期亦触发",
    "a figure in it is not accepted": "含未采信数据",
    "share {share}": "占比 {share}",
    "ratio": "比率",
    "trend": "趋势",
    "watch": "关注",
    "figures": "取数",
    "annualised from {months} months": "按 {months} 个月年化",
    "another item stands in for one that is not disclosed": "以相近项目代替",
    "unit assumed": "单位按相同推定",
    "liquidity": "流动性",
    "leverage": "杠杆",
    "coverage": "偿债保障",
    "cash_flow": "现金流",
    "profitability": "盈利能力",
    "efficiency": "营运效率",
    "growth": "成长性",
    "dupont": "杜邦分析",
    "score": "综合评分",
    "{value} d": "{value} 天",
    # files
    "Files": "文件清单",
    "What was found in each file, and what was refused": "各文件的识别结果及无法使用的原因",
    "file": "文件",
    "type": "类型",
    "pages": "页数",
    "found": "识别结果",
    "refused": "无法使用",
    "nothing known": "未识别出已知资料",
    "{accepted} of {count} accepted": "{count} 个值，采信 {accepted} 个",
    "spreadsheet": "电子表格",
    "text": "文本表格",
    "archive": "压缩包",
    # footer
    "How to read the marks": "标记说明",
    "About this report": "关于本报告",
    "The machine judges papers, never credit.": "机器只判断资料，不作授信决定。",
    "A rejection is only ever a person's. What is shown here is what the papers say, with the "
    "place where each value stands; a value without a mark is accepted.": (
        "拒绝只能由人作出。本报告所列均为资料所载，并注明每个值在原件上的位置；未加标记的值即为采信。"
    ),
    "Crops are cut from the original papers, whose content is known by its sha256. A box is "
    "left, top, right, bottom: points on a PDF page, pixels of a picture.": (
        "影像截自原件，原件以 sha256 标识。方框依次为左、上、右、下：PDF 以点计，图片以像素计。"
    ),
    "Contains personal data: for the people who handle this application only.": (
        "含个人信息，仅供经办本申请的人员使用。"
    ),
    "contents": "目录",
    "p. {number}": "第{number}页",
    "accepted: the machine stands behind the value": "采信：机器对该值负责",
    "not sure: compare with the picture": "把握不足：请对照影像",
    "something stands there and could not be read": "有内容但未能读出",
    "repaired: the sums prove another reading": "修正：勾稽关系证明应为另一读法",
    "restated: a later report prints another figure": "重述：后期报表列示了不同金额",
    "conflict: two papers differ": "不一致：两份资料金额不同",
}
"""Chinese for what the code says in English."""
