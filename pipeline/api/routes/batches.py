"""Batches: many applications opened, submitted, followed and withdrawn together."""

from fastapi import APIRouter, Response

from pipeline.api.deps import (
    After,
    IdempotencyKey,
    Limit,
    OwnBatch,
    TheBundles,
    TheVisit,
)
from pipeline.api.problems import documented
from pipeline.api.views.batches import BatchPage, BatchSummary, BatchView, batch_view
from pipeline.cases.batches import NewBatch

router = APIRouter(prefix="/batches", tags=["batches"])
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
def open_batch(
    visit: TheVisit,
    bundles: TheBundles,
    response: Response,
    new: NewBatch,
    idempotency_key: IdempotencyKey = None,
) -> BatchView:
    """Open many applications with one request; their papers come next, to each its own."""
    progress = bundles.open(
        visit.key.owner, new, branch=visit.key.branch, idempotency_key=idempotency_key
    )
    for application in progress.applications:
        visit.note(application.id)
    response.headers["Location"] = f"/v1/batches/{progress.batch.id}"
    return batch_view(bundles.desk, progress)


@router.get("", responses=documented("api.unauthorised"))
def list_batches(
    visit: TheVisit, bundles: TheBundles, after: After = 0, limit: Limit = 50
) -> BatchPage:
    """List your batches in the order in which they were opened."""
    visit.note("*")
    found = bundles.batches.listed(
        visit.key.owner, after=after, limit=limit, branch=visit.key.branch
    )
    return BatchPage(
        items=tuple(BatchSummary.of(batch) for _, batch in found),
        next=found[-1][0] if len(found) == limit else None,
    )


@router.get("/{batch_id}", responses=documented(*_OWN))
def get_batch(bundles: TheBundles, batch: OwnBatch) -> BatchView:
    """Say how far the applications of a batch are, and what their reviews came to."""
    return batch_view(bundles.desk, bundles.progress(batch))


@router.post(
    "/{batch_id}/submit",
    status_code=202,
    responses=documented(*_OWN, "api.withdrawn", "api.not_now", "api.busy"),
)
def submit_batch(bundles: TheBundles, batch: OwnBatch) -> BatchView:
    """Submit every application of a batch that has papers; those submitted before stay so."""
    return batch_view(bundles.desk, bundles.submit(batch))


@router.post(
    "/{batch_id}/cancel", responses=documented(*_OWN, "api.withdrawn", "api.not_now", "api.busy")
)
def cancel_batch(bundles: TheBundles, batch: OwnBatch) -> BatchView:
    """Withdraw every application of a batch on which nobody has decided."""
    return batch_view(bundles.desk, bundles.withdraw(batch))
