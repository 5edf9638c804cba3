"""The counter (柜面): people of the bank hand in papers for an applicant and see what is owed."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.cases.desk import NewApplication
from pipeline.cases.names import base_name
from pipeline.cases.refused import Refused
from pipeline.ports import EVERY_BRANCH, Asked, State
from pipeline.review.deps import SubmittedCase, Submitter, Visit
from pipeline.review.views.status import status_view
from pipeline.review.words import fault
from validators.policy import products

router = APIRouter(prefix="/counter")
OWNER: Final = "@counter"
"""Of applications that no portal opened."""
_ROWS: Final = 20
_CHUNK: Final = 1 << 20


@router.get("")
def show_counter(
    visit: Submitter, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> HTMLResponse:
    """Show the applications of one's branches, the latest first, and the form for a new one."""
    return _counter(visit, page)


@router.post("")
def open_case(
    visit: Submitter,
    files: Annotated[list[UploadFile], File()],
    product: Annotated[str, Form(max_length=64)] = "",
    reference: Annotated[str, Form(max_length=128)] = "",
    branch: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Open an application with its first papers and let them be reviewed."""
    try:
        _check(visit, branch, files)
        new = NewApplication(product=product or None, reference=_printed(reference))
        application = visit.office.desk.open(OWNER, new, None, branch=branch)
        visit.note(application.id)
        _hand_in(visit, application.id, files)
    except Refused as refused:
        return _counter(visit, 1, refused.code)
    return _to(visit, application.id)


@router.get("/{application_id}")
def show_application(case: SubmittedCase) -> HTMLResponse:
    """Show where an application stands and what the applicant owes."""
    return _status(case)


@router.get("/{application_id}/standing")
def show_standing(case: SubmittedCase) -> HTMLResponse:
    """Show the same without the page around it, for a page that asks again and again."""
    return _status(case, template="part_status.html")


@router.post("/{application_id}/papers")
def add_papers(case: SubmittedCase, files: Annotated[list[UploadFile], File()]) -> Response:
    """Add papers and let the application be reviewed again; what was read is not read again."""
    try:
        _check(case.visit, case.application.branch, files)
        _hand_in(case.visit, case.application.id, files)
    except Refused as refused:
        return _status(case, code=refused.code)
    return _to(case.visit, case.application.id)


def _check(visit: Visit, branch: str, files: list[UploadFile]) -> None:
    if not visit.person.is_of(branch):
        raise Refused("api.invalid_request")
    if not any(file.size for file in files):
        raise Refused("api.no_files")


def _hand_in(visit: Visit, application_id: str, files: list[UploadFile]) -> None:
    """Keep uploaded files and submit; they pass through a folder, not through memory."""
    desk = visit.office.desk
    with tempfile.TemporaryDirectory(dir=desk.services.settings.data_dir) as folder:
        paths = [_received(Path(folder) / str(n), file) for n, file in enumerate(files)]
        application = desk.applications.get(application_id)
        if application is None:
            raise Refused("api.not_found")
        desk.add(application, paths)
    desk.submit(application_id)


def _received(folder: Path, file: UploadFile) -> Path:
    folder.mkdir()
    path = folder / base_name(file.filename)
    with path.open("wb") as target:
        while chunk := file.file.read(_CHUNK):
            target.write(chunk)
    return path


def _printed(reference: str) -> str | None:
    text = "".join(c for c in reference.strip() if c.isprintable())
    return text or None


def _counter(visit: Visit, page: int, code: str | None = None) -> HTMLResponse:
    visit.note("*")
    asked = Asked(branches=visit.branches, states=frozenset(State))
    count = visit.office.queue.count(asked)
    found = visit.office.queue.listed(asked, offset=(page - 1) * _ROWS, limit=_ROWS)
    words = fault(code) if code else None
    return visit.page(
        "counter.html",
        words.status if words else 200,
        applications=found,
        page=page,
        pages=max(1, -(-count // _ROWS)),
        products=products(visit.office.desk.services.policies),
        product=visit.office.desk.services.settings.product,
        branches=sorted(visit.person.branches - {EVERY_BRANCH}),
        any_branch=EVERY_BRANCH in visit.person.branches,
        today=date.isoformat(visit.office.desk.services.clock.now().date()),
        error=words.on_page(visit.lang) if words else "",
    )


def _status(
    case: SubmittedCase, template: str = "application.html", code: str | None = None
) -> HTMLResponse:
    visit = case.visit
    standing = visit.office.desk.standing(case.application.id)
    words = fault(code) if code else None
    return visit.page(
        template,
        words.status if words else 200,
        status=status_view(standing, visit.lang),
        application=standing.application,
        again=f"{visit.request.scope.get('root_path', '')}/counter/{case.application.id}/standing",
        link=visit.office.links.sign(case.application.id, visit.office.desk.services.clock.now()),
        error=words.on_page(visit.lang) if words else "",
    )


def _to(visit: Visit, application_id: str) -> Response:
    return RedirectResponse(
        f"{visit.request.scope.get('root_path', '')}/counter/{application_id}", 303
    )
