"""The command line's own words, said in English in the code and looked up for Chinese.

What findings, errors and fields are called stands in schemas/data/messages.yaml.
"""

from schemas.messages import Language, called

_ZH = {
    "PASS": "通过初审",
    "SUPPLEMENT": "补件",
    "MANUAL": "转人工",
    "FAILED": "处理失败",
    "applied on {day}": "申请日 {day}",
    "record {number}": "记录 #{number}",
    "{count} files": "{count} 个文件",
    "{count} packages": "{count} 套申请",
    "Documents": "资料",
    "Key figures": "关键数据",
    "Findings": "检查结果",
    "nothing to object": "未发现问题",
    "For the applicant": "一次性告知申请人",
    "file": "文件",
    "document": "资料",
    "pages": "页码",
    "what was read": "读取情况",
    "{accepted} of {count} fields accepted": "{count} 个字段，采信 {accepted} 个",
    "{accepted} of {count} amounts accepted": "{count} 个金额，采信 {accepted} 个",
    "{count} rows": "{count} 行",
    "unknown": "未识别",
    "composition": "组成形式",
    "paid_in_capital": "实收资本",
    "serial_number": "编号",
    "month": "本月",
    "quarter": "本季",
    "blank": "空白",
    "unreadable": "未读出",
    "error": "转人工",
    "return": "补件",
    "warn": "提示",
    "info": "说明",
    "package": "申请",
    "outcome": "结论",
    "reasons": "原因",
    "time": "用时",
    "as expected": "与预期一致",
    "no expected.json": "缺少 expected.json",
    "outcome {found}, not {wanted}": "结论为{found}，应为{wanted}",
    "finding {code} is missing": "缺少检查结果 {code}",
    "taking in the papers": "接收资料",
    "starting Prefect": "启动 Prefect",
    "reading": "读取资料",
    "printing the PDF": "正在打印 PDF",
    "{name} skipped: no package.json, as there is beside it": (
        "跳过 {name}：旁边的文件夹有 package.json，而它没有"
    ),
    "{name}: the result is {other}, since another file has this name": (
        "{name}：另有同名文件，结果写入 {other}"
    ),
    "nothing known": "未识别出已知资料",
    "{count} pages": "{count} 页",
    "model": "模型",
    "origin": "来源",
    "licence": "许可",
    "state": "状态",
    "ok": "正常",
    "missing": "未安装",
    "wrong_hash": "校验不符",
    "installed: {names}": "已安装：{names}",
    "every model is here": "所有模型均已安装",
    "settings": "配置",
    "versions": "版本",
    "device": "计算设备",
    "storage": "存储",
    "database": "数据库",
    "all is well": "一切正常",
    "{count} to mend": "{count} 项需要处理",
    "{chain} {number}: changed, or the one before it is gone or moved": (
        "{chain} 第{number}条：内容被改动，或其前一条被删除、移动"
    ),
    "{chain} {number}: the chain does not end as it should": (
        "{chain} 第{number}条：链尾与登记不符，其后的记录可能被删除"
    ),
    "{chain} {number}: not what the anchor knows": "{chain} 第{number}条：与留存的锚点不符",
    "{chain} {number}: erased, and no entry says why": (
        "{chain} 第{number}条：内容被清除，而审计日志中没有说明"
    ),
    "{kind}, version {found}; the code wants {wanted}": ("{kind}，版本 {found}；程序要求 {wanted}"),
    "a folder needs no preparation": "本地文件夹无需初始化",
    "bucket {name} made": "已创建存储桶 {name}",
    "bucket {name} was there and is set up": "存储桶 {name} 已存在，配置已更新",
    "{count} records erased": "已删除 {count} 条记录",
    "{count} records": "{count} 条记录",
    "legend": "✔ 采信   ? 把握不足，请对照影像   ~ 自动修正",
}
_EN = {"legend": "✔ accepted   ? not sure, see the picture   ~ repaired"}


def say(text: str, lang: Language, **params: object) -> str:
    """Return a text of the command line in a language.

    >>> say("{count} packages", "en", count=3)
    '3 packages'
    """
    template = _ZH[text] if lang == "zh" else _EN.get(text, text)
    return template.format(**params) if params else template


def word(name: str, lang: Language) -> str:
    """Return what a field, a kind of document or a period is called."""
    return called(name, lang, _ZH)


def page(number: int | str, lang: Language) -> str:
    """Return a page as it is cited.

    >>> page(3, "zh")
    '第3页'
    """
    return f"第{number}页" if lang == "zh" else f"p. {number}"
