"""The decision on a case: a person's, with a reason, and never on one's own work."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.cases.accuracy import count
from pipeline.cases.refused import Refused
from pipeline.ports import Ruling
from pipeline.review.deps import CheckedCase
from pipeline.review.routes.case import Revision, bench
from pipeline.review.words import APPROVALS, REJECTIONS, fault

router = APIRouter(prefix="/cases/{application_id}")


@router.post("/decision")
def decide_case(
    case: CheckedCase,
    revision: Revision,
    ruling: Annotated[Ruling, Form()],
    approve_for: Annotated[str, Form(max_length=64)] = "",
    reject_for: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Approve or reject a case as it stood in the revision that was seen."""
    approved = ruling is Ruling.APPROVED
    reason, known = (approve_for, APPROVALS) if approved else (reject_for, REJECTIONS)
    if reason not in known:
        return _told(case, "api.invalid_request")
    desk = case.visit.office.desk
    try:
        desk.decide(
            case.application.id,
            by=case.visit.person.id,
            ruling=ruling,
            reason_code=reason,
            revision=revision,
        )
    except Refused as refused:
        return _told(case, refused.code)
    count(desk, case.visit.office.tally, case.application.id, case.application.package_id)
    root = case.visit.request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/cases/{case.application.id}", 303)


def _told(case: CheckedCase, code: str) -> HTMLResponse:
    words = fault(code)
    return bench(case, "case.html", notice=words.on_page(case.visit.lang), status=words.status)
