"""Files one by one: streamed as the body of a request, or sent straight to the object store."""

from typing import Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from pipeline.api.deps import Own, TheDesk, TheTeller, TheThrottle, TheTransfers, TheVisit
from pipeline.api.problems import documented
from pipeline.api.streamed import Body, Sent
from pipeline.api.views.files import Uploaded
from pipeline.api.views.transfers import Completed, OfferView
from pipeline.cases.transfers import NewUpload

router = APIRouter(tags=["files"])

_OWN = ("api.unauthorised", "api.not_found")
_ADDING = (
    "api.too_many_files",
    "api.request_too_large",
    "api.withdrawn",
    "api.not_now",
    "api.busy",
)
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.put(
    "/applications/{application_id}/files",
    status_code=201,
    openapi_extra=_BODY,
    responses=documented(*_OWN, *_ADDING, "api.no_files", "api.cut_off"),
)
async def put_file(desk: TheDesk, own: Own, teller: TheTeller, path: Body) -> Uploaded:
    """Hand in one paper as the body of the request, however large it is up to the limit."""
    papers = await run_in_threadpool(desk.add, own, [path])
    return await run_in_threadpool(teller.uploaded, own, papers)


@router.post("/applications/{application_id}/uploads", status_code=201, responses=documented(*_OWN))
def offer_upload(
    visit: TheVisit, throttle: TheThrottle, transfers: TheTransfers, own: Own, new: NewUpload
) -> OfferView:
    """Ask for an address to send one file to, past this API where the object store is a bucket."""
    throttle.upload(visit.key.id, new.size)
    return OfferView.of(transfers.offer(own.id, new))


@router.put(
    "/uploads/{token}",
    status_code=204,
    openapi_extra=_BODY,
    responses=documented(
        "api.upload_expired",
        "api.upload_mismatch",
        "api.request_too_large",
        "api.no_files",
        "api.cut_off",
    ),
)
async def send_upload(transfers: TheTransfers, sent: Sent) -> None:
    """Send the file to an address that was offered. Needs no key, and works once."""
    await run_in_threadpool(transfers.receive, *sent)


@router.post(
    "/applications/{application_id}/uploads/complete",
    status_code=201,
    responses=documented(
        *_OWN, *_ADDING, "api.upload_expired", "api.upload_missing", "api.upload_mismatch"
    ),
)
def complete_upload(
    desk: TheDesk, transfers: TheTransfers, own: Own, teller: TheTeller, completed: Completed
) -> Uploaded:
    """Take in a file that was sent, if it is the one that was announced."""
    with transfers.arrived(own.id, completed.token) as path:
        papers = desk.add(own, [path])
    return teller.uploaded(own, papers)
