"""Applications: opened, submitted, followed, withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from pipeline.api.deps import After, IdempotencyKey, Limit, Own, TheDesk, TheTeller, TheVisit
from pipeline.api.problems import documented
from pipeline.api.views.applications import ApplicationView, Page, Summary
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
    teller: TheTeller,
    new: NewApplication,
    idempotency_key: IdempotencyKey = None,
) -> ApplicationView:
    """Open an application; its papers come next."""
    application = visit.desk.open(visit.key.owner, new, idempotency_key, branch=visit.key.branch)
    visit.note(application.id)
    response.headers["Location"] = f"/v1/applications/{application.id}"
    return teller.application(application.id)


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
        visit.key.owner,
        after=after,
        limit=limit,
        reference=reference,
        branch=visit.key.branch,
    )
    return Page(
        items=tuple(Summary.of(application) for _, application in found),
        next=found[-1][0] if len(found) == limit else None,
    )


@router.get("/{application_id}", responses=documented(*_OWN))
def get_application(own: Own, teller: TheTeller) -> ApplicationView:
    """Say where an application stands, what happened, and what the applicant owes."""
    return teller.application(own.id)


@router.post(
    "/{application_id}/submit",
    status_code=202,
    responses=documented(
        *_OWN, "api.nothing_to_submit", "api.withdrawn", "api.not_now", "api.busy"
    ),
)
def submit_application(desk: TheDesk, own: Own, teller: TheTeller) -> ApplicationView:
    """Let the papers that are there be reviewed.

    Answers at once with what intake knows. Submitting the same papers again changes nothing;
    after a supplement it begins a new review, in which what was read before is not read again.
    """
    desk.submit(own.id)
    return teller.application(own.id)


@router.post(
    "/{application_id}/cancel",
    responses=documented(*_OWN, "api.withdrawn", "api.not_now", "api.busy"),
)
def cancel_review(desk: TheDesk, own: Own, teller: TheTeller) -> ApplicationView:
    """Take the submission back while it waits or is under review; the papers stay.

    The review that is under way ends unheard. Submit again for another one.
    """
    desk.cancel(own.id)
    return teller.application(own.id)


@router.post(
    "/{application_id}/withdraw",
    responses=documented(*_OWN, "api.withdrawn", "api.not_now", "api.busy"),
)
def withdraw_application(desk: TheDesk, own: Own, teller: TheTeller) -> ApplicationView:
    """Take an application back: nothing more happens to it. What there is stays to be read."""
    desk.withdraw(own.id)
    return teller.application(own.id)
