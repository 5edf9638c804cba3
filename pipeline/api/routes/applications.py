"""Applications: opened, submitted, followed, withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from pipeline.api.deps import After, IdempotencyKey, Lang, Limit, Own, TheDesk, TheVisit
from pipeline.api.problems import documented
from pipeline.api.views import ApplicationView, Page, Summary, application_view
from pipeline.cases.desk import PRINTED, NewApplication

router = APIRouter(prefix="/applications", tags=["applications"])
_OWN = ("api.unauthorised", "api.not_found")


@router.post(
    "",
    status_code=201,
    responses=documented(
        "api.unauthorised",
        "api.unknown_product",
        "api.idempotency_conflict",
        "api.request_too_large",
    ),
)
def open_application(
    visit: TheVisit,
    response: Response,
    lang: Lang,
    new: NewApplication,
    idempotency_key: IdempotencyKey = None,
) -> ApplicationView:
    """Open an application; its papers come next."""
    application = visit.desk.open(visit.key.owner, new, idempotency_key)
    visit.note(application.id)
    response.headers["Location"] = f"/v1/applications/{application.id}"
    return application_view(visit.desk.standing(application.id), lang)


@router.get("", responses=documented("api.unauthorised"))
def list_applications(
    visit: TheVisit,
    after: After = 0,
    limit: Limit = 50,
    reference: Annotated[str | None, Query(max_length=128, pattern=PRINTED)] = None,
) -> Page:
    """List your applications in the order in which they were opened."""
    visit.note("*")
    found = visit.desk.applications.listed(
        visit.key.owner, after=after, limit=limit, reference=reference
    )
    return Page(
        items=tuple(Summary.of(application) for _, application in found),
        next=found[-1][0] if len(found) == limit else None,
    )


@router.get("/{application_id}", responses=documented(*_OWN))
def get_application(desk: TheDesk, own: Own, lang: Lang) -> ApplicationView:
    """Say where an application stands, what happened, and what the applicant owes."""
    return application_view(desk.standing(own.id), lang)


@router.post(
    "/{application_id}/submit",
    status_code=202,
    responses=documented(
        *_OWN, "api.nothing_to_submit", "api.withdrawn", "api.not_now", "api.busy"
    ),
)
def submit_application(desk: TheDesk, own: Own, lang: Lang) -> ApplicationView:
    """Let the papers that are there be reviewed.

    Answers at once with what intake knows. Submitting the same papers again changes nothing;
    after a supplement it begins a new review, in which what was read before is not read again.
    """
    desk.submit(own.id)
    return application_view(desk.standing(own.id), lang)


@router.post(
    "/{application_id}/withdraw",
    responses=documented(*_OWN, "api.withdrawn", "api.not_now", "api.busy"),
)
def withdraw_application(desk: TheDesk, own: Own, lang: Lang) -> ApplicationView:
    """Take an application back: nothing more happens to it. What there is stays to be read."""
    desk.withdraw(own.id)
    return application_view(desk.standing(own.id), lang)
