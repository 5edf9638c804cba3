"""Records: that of one application, and all that came to be since the last time one asked."""

from fastapi import APIRouter, Response

from pipeline.api.deps import After, Limit, TheRecord, TheVisit
from pipeline.api.examples import record as record_example
from pipeline.api.examples import shown
from pipeline.api.problems import documented
from pipeline.api.views.decisions import Decisions, DecisionView
from schemas.records import Record

router = APIRouter(tags=["records"])


@router.get(
    "/applications/{application_id}/record",
    response_model=Record,
    responses=documented("api.unauthorised", "api.not_found", "api.no_record")
    | shown(record_example(), "The record."),
)
def get_record(record: TheRecord) -> Response:
    """Return the record of a review: every value, every finding, the decision, what made it."""
    return Response(record.model_dump_json(), media_type="application/json")


@router.get("/records", responses=documented("api.unauthorised"))
def list_records(visit: TheVisit, after: After = 0, limit: Limit = 50) -> Decisions:
    """List the decisions since a cursor, in the order in which they were taken."""
    visit.note("*")
    found = visit.desk.applications.decided(
        visit.key.owner, after=after, limit=limit, branch=visit.key.branch
    )
    return Decisions(
        items=tuple(DecisionView.of(decided) for decided in found),
        next=found[-1].cursor if found else after,
    )
