"""What is printed on every form and belongs to no field."""

import functools
import re

from rapidfuzz import fuzz

from extractors.kinds.business_licence.runs import Run
from schemas.licence_forms import licence_forms

_SURE = 85.0
"""How alike, of 100, a line and a part of a printed sentence have to be."""
_LEAST = 8
"""Lines of fewer characters are too short to be told."""

_MORE = (
    "提示：每年1月1日至6月30日通过企业信用信息公示系统报送并公示上一年度年度报告，不另行通知；",
    "《企业信息公示暂行条例》第十条规定的企业有关信息形成后20个工作日内需要向社会公示"
    "（个体工商户、农民专业合作社除外）。",
    "企业应当于每年1月1日至6月30日通过企业信用信息公示系统报送上一年度年度报告。",
    "在线扫码获取详细信息",
    "扫描二维码登录国家企业信用信息公示系统了解更多登记、备案、许可、监管信息。",
    "（每年5月31日前参加验照）",
    "请于每年1月1日至6月30日通过企业信用信息公示系统报送年度报告",
    "经营范围：商事主体的经营范围由章程确定，经营范围中属于法律、法规规定应当经批准的项目，"
    "取得许可审批文件后方可开展相关经营活动。",
    "注册资本：深圳市实行有限责任公司注册资本认缴登记制度。",
    "信息查询：商事主体经营范围、出资情况、营业期限和许可审批项目等有关事项及年报信息和其他监管信息，"
    "请登录市场监督管理局商事主体信用信息公示平台（网址）或扫描执照的二维码查询。",
    "商事主体须于每年1月1日-6月30日向商事登记机关提交上一年度的年度报告。",
)

_WATERMARK = "SCJDGLSCJDGL"
"""The initials of 市场监督管理, which the paper of the form of 2019 bears all over."""

_TELLING = re.compile(
    r"(?i:https?[:：]|www\.|\.gov\.|\.com\b)|公示系统|监制|总局制|扫描二维码|年度报告|验照"
    r"|统一社会|信用代码|^注?册号|编号[:：]?\w*\d|[0-9A-Z]{15,}"
    r"|^执照有效期|^[（(]?副\s*本|^正本$|副本号|营业执照[（(]?(?:副本|正本)?[）)]?$"
)


def is_boilerplate(run: Run) -> bool:
    """Return whether a line is part of the form: titles, hints, addresses of web sites."""
    text = run.folded
    if _TELLING.search(text) or (len(text) > 1 and text in _WATERMARK):
        return True
    if len(text) < _LEAST:
        return False
    return any(
        len(text) <= len(sentence) + 2 and fuzz.partial_ratio(text, sentence) >= _SURE
        for sentence in _sentences()
    )


@functools.cache
def _sentences() -> tuple[str, ...]:
    return tuple(
        sentence for sentence in (*licence_forms().boilerplate, *_MORE) if len(sentence) >= _LEAST
    )
