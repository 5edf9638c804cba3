"""The page's own words: said in English in the code and looked up for Chinese.

What findings, errors and fields are called, and why a request is refused, stands in
schemas/data/messages.yaml.
"""

from collections.abc import Mapping
from typing import Final

from pipeline.ports import Role, State, Step
from pipeline.review.phrases import ZH
from schemas.decisions import Outcome
from schemas.findings import Severity
from schemas.messages import Fault, Language, Term, catalogue


def say(text: str, lang: Language, **params: object) -> str:
    """Return a text of the page in a language.

    >>> say("{count} to look at", "zh", count=3)
    '3 处待看'
    """
    template = ZH[text] if lang == "zh" else text
    return template.format(**params) if params else template


STATES: Final[Mapping[State, Term]] = {
    State.DRAFT: Term(zh="未提交", en="not submitted"),
    State.SUBMITTED: Term(zh="等待机审", en="waits for its reading"),
    State.REVIEWING: Term(zh="机审中", en="being read"),
    State.DELAYED: Term(zh="机审推迟", en="reading put off"),
    State.WAITING_APPLICANT: Term(zh="待补件", en="waits for papers"),
    State.WAITING_REVIEWER: Term(zh="待人工", en="waits for a person"),
    State.DECIDED: Term(zh="已办结", en="done"),
    State.FAILED: Term(zh="机审失败", en="reading failed"),
    State.WITHDRAWN: Term(zh="已撤回", en="withdrawn"),
}

STEPS: Final[Mapping[str, Term]] = {
    Step.OPENED: Term(zh="建立申请", en="opened"),
    Step.PAPERS_ADDED: Term(zh="上传资料", en="papers handed in"),
    Step.PAPER_TAKEN_BACK: Term(zh="撤下资料", en="a paper taken back"),
    Step.SUBMITTED: Term(zh="提交审核", en="submitted"),
    Step.REVIEWING: Term(zh="开始机审", en="reading begun"),
    Step.DELAYED: Term(zh="机审推迟", en="reading put off"),
    Step.DECIDED: Term(zh="机审完成", en="read and judged"),
    Step.CORRECTED: Term(zh="人工更正", en="corrected by a person"),
    Step.APPROVED: Term(zh="复核通过", en="approved by a person"),
    Step.REJECTED: Term(zh="复核拒绝", en="rejected by a person"),
    Step.AT_RISK: Term(zh="临近时限", en="deadline near"),
    Step.BREACHED: Term(zh="超过时限", en="deadline passed"),
    Step.FAILED: Term(zh="机审失败", en="reading failed"),
    Step.WITHDRAWN: Term(zh="撤回申请", en="withdrawn"),
}
"""By the value of the step; one that is not here is told by its name."""

OUTCOMES: Final[Mapping[Outcome, Term]] = {
    Outcome.PASS: Term(zh="通过初审", en="pass"),
    Outcome.SUPPLEMENT: Term(zh="补件", en="supplement"),
    Outcome.MANUAL: Term(zh="转人工", en="manual"),
}

SEVERITIES: Final[Mapping[Severity, Term]] = {
    Severity.ERROR: Term(zh="转人工", en="to a person"),
    Severity.RETURN: Term(zh="补件", en="to the applicant"),
    Severity.WARN: Term(zh="提示", en="note"),
    Severity.INFO: Term(zh="说明", en="for information"),
}

ROLES: Final[Mapping[Role, Term]] = {
    Role.SUBMITTER: Term(zh="进件", en="submitter"),
    Role.REVIEWER: Term(zh="经办", en="reviewer"),
    Role.CHECKER: Term(zh="复核", en="checker"),
    Role.AUDITOR: Term(zh="审计", en="auditor"),
    Role.ADMIN: Term(zh="管理", en="admin"),
}

APPROVALS: Final[Mapping[str, Term]] = {
    "approve.checked": Term(zh="已核对原件影像，数据无误", en="checked against the papers"),
    "approve.explained": Term(zh="疑点已有合理解释", en="the doubts are explained"),
}
REJECTIONS: Final[Mapping[str, Term]] = {
    "reject.not_eligible": Term(zh="主体不符合准入条件", en="the applicant is not eligible"),
    "reject.papers_not_genuine": Term(zh="资料真实性存疑", en="the papers are not to be trusted"),
    "reject.statements_unreliable": Term(
        zh="财务报表不可采信", en="the statements cannot be relied on"
    ),
    "reject.papers_owed": Term(zh="多次告知仍未补齐资料", en="the papers were never completed"),
    "reject.duplicate": Term(zh="重复申请", en="the same application came twice"),
}
"""The reasons that a person can give, by the code that the event keeps."""


def fault(code: str) -> Fault:
    """Return the status and the words for a refusal; those for any where it has none."""
    known = catalogue().requests
    return known.get(code, known["api.invalid_request"])
