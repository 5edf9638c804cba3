"""The API's own words: what a request did wrong, and how far an application is.

What findings and errors of files are called stands in schemas/data/messages.yaml.
"""

from typing import Final

from pipeline.ports import State, Step
from schemas.messages import Language, Term

STATES: Final = {
    State.DRAFT: Term(zh="资料上传中，尚未提交。", en="Papers are being handed in."),
    State.SUBMITTED: Term(zh="已提交，等待审核。", en="Submitted, waiting for its review."),
    State.REVIEWING: Term(zh="正在审核。", en="Its papers are being read."),
    State.DELAYED: Term(
        zh="暂时无法审核，系统将自动重试。", en="The review failed for now and is tried again."
    ),
    State.DECIDED: Term(zh="初审完成。", en="The first review is done."),
    State.FAILED: Term(
        zh="审核未能完成，请联系技术支持。", en="The review could not be done; please report it."
    ),
    State.WITHDRAWN: Term(zh="已撤回。", en="Withdrawn."),
}
STEPS: Final = {
    Step.OPENED: Term(zh="建立申请", en="opened"),
    Step.PAPERS_ADDED: Term(zh="上传资料", en="papers handed in"),
    Step.PAPER_TAKEN_BACK: Term(zh="撤下资料", en="a paper taken back"),
    Step.SUBMITTED: Term(zh="提交审核", en="submitted"),
    Step.REVIEWING: Term(zh="开始审核", en="review begun"),
    Step.DELAYED: Term(zh="审核推迟", en="review put off"),
    Step.DECIDED: Term(zh="初审完成", en="review done"),
    Step.FAILED: Term(zh="审核失败", en="review failed"),
    Step.WITHDRAWN: Term(zh="撤回申请", en="withdrawn"),
}
PENDING: Final = (
    Term(
        zh="资料的种类、清晰度和完整性在审核完成后告知。",
        en="What each paper is, whether it is legible and what is missing is told afterwards.",
    ),
)


class Fault(Term):
    """What a request did wrong: the status of the answer, and what to do about it."""

    status: int
    remedy_zh: str
    remedy_en: str

    def remedy(self, lang: Language) -> str:
        """Return what to do about it."""
        return self.remedy_zh if lang == "zh" else self.remedy_en


FAULTS: Final = {
    "api.unauthorised": Fault(
        status=401,
        zh="缺少有效的API密钥。",
        en="There is no valid API key.",
        remedy_zh="请在 Authorization 请求头中提供 Bearer 密钥。",
        remedy_en="Send a key as `Authorization: Bearer …`.",
    ),
    "api.not_found": Fault(
        status=404,
        zh="没有该资源。",
        en="There is no such thing.",
        remedy_zh="请检查地址和编号。",
        remedy_en="Check the address and the id.",
    ),
    "api.method_not_allowed": Fault(
        status=405,
        zh="该地址不支持此方法。",
        en="This address does not take this method.",
        remedy_zh="请对照接口文档。",
        remedy_en="See the description of the API.",
    ),
    "api.invalid_request": Fault(
        status=422,
        zh="请求内容有误。",
        en="The request is not as it should be.",
        remedy_zh="请按 errors 中的说明更正。",
        remedy_en="Correct what `errors` says.",
    ),
    "api.unknown_product": Fault(
        status=422,
        zh="没有该贷款产品。",
        en="There is no such product.",
        remedy_zh="请使用 GET /v1/products 返回的产品。",
        remedy_en="Take one that GET /v1/products returns.",
    ),
    "api.idempotency_conflict": Fault(
        status=409,
        zh="该幂等键已用于内容不同的请求。",
        en="This idempotency key came with another request before.",
        remedy_zh="请更换幂等键。",
        remedy_en="Use a new key for a new application.",
    ),
    "api.request_too_large": Fault(
        status=413,
        zh="请求过大。",
        en="The request is too large.",
        remedy_zh="请分多次上传。",
        remedy_en="Send the files in several requests.",
    ),
    "api.too_many_files": Fault(
        status=422,
        zh="文件过多。",
        en="There are too many files.",
        remedy_zh="请减少文件数量。",
        remedy_en="Send fewer files.",
    ),
    "api.no_files": Fault(
        status=422,
        zh="请求中没有文件。",
        en="The request has no file.",
        remedy_zh="请以 multipart/form-data 的 files 字段上传。",
        remedy_en="Send files as multipart/form-data, in fields called `files`.",
    ),
    "api.nothing_to_submit": Fault(
        status=409,
        zh="申请中没有文件。",
        en="The application has no file.",
        remedy_zh="请先上传资料。",
        remedy_en="Hand in papers first.",
    ),
    "api.withdrawn": Fault(
        status=409,
        zh="该申请已撤回。",
        en="The application was withdrawn.",
        remedy_zh="请建立新的申请。",
        remedy_en="Open another one.",
    ),
    "api.busy": Fault(
        status=409,
        zh="该申请正被另一请求修改。",
        en="Another request is changing the application.",
        remedy_zh="请重试。",
        remedy_en="Send it again.",
    ),
    "api.no_record": Fault(
        status=404,
        zh="尚无初审记录。",
        en="There is no record yet.",
        remedy_zh="请在 state 为 decided 后获取。",
        remedy_en="Ask again when `state` is `decided`.",
    ),
    "api.no_picture": Fault(
        status=404,
        zh="没有该页面的图像。",
        en="There is no picture of this page.",
        remedy_zh="请检查页码；表格文件没有图像。",
        remedy_en="Check the number of the page; workbooks have no pictures.",
    ),
}
"""By the stable code that a problem document carries."""


def spoken(accept: str | None, default: Language) -> Language:
    """Return the language that a caller likes best of those that are spoken.

    >>> spoken("en-GB,en;q=0.9,zh;q=0.8", "zh"), spoken("fr", "zh"), spoken(None, "en")
    ('en', 'zh', 'en')
    """
    best: tuple[float, Language] = (0.0, default)
    for part in (accept or "")[:256].split(","):
        tag, _, weight = part.strip().lower().partition(";q=")
        quality = float(weight) if weight.replace(".", "", 1).isdecimal() else float(not weight)
        for lang in _SPOKEN:
            if tag.partition("-")[0] == lang and quality > best[0]:
                best = (quality, lang)
    return best[1]


_SPOKEN: Final[tuple[Language, ...]] = ("zh", "en")
