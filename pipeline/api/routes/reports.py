"""The underwriter's report of a review, as a page or as a PDF."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response

from pipeline.api.deps import Lang, TheRecord, TheReporter, TheVisit
from pipeline.api.problems import documented
from pipeline.cases.refused import Refused
from pipeline.report.printing import NoBrowserError
from pipeline.sandbox.reporter import Reporter

router = APIRouter(tags=["records"])

_POLICY: Final = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "frame-ancestors 'none'"
)
"""The page is one file: what it shows is in it, and it runs nothing."""


@router.get(
    "/applications/{application_id}/report",
    response_class=Response,
    responses=documented("api.unauthorised", "api.not_found", "api.no_record", "api.no_pdf")
    | {
        200: {
            "description": "One page with everything in it; personal data by the scope of the key.",
            "content": {"text/html": {"example": "<!doctype html>…"}, "application/pdf": {}},
        }
    },
)
def get_report(
    visit: TheVisit,
    reporter: TheReporter,
    record: TheRecord,
    lang: Lang,
    format: Annotated[Literal["html", "pdf"], Query()] = "html",  # noqa: A002  its public name
) -> Response:
    """Return the report: every value with the evidence beside it, for the screen and for paper."""
    policies = visit.desk.services.policies
    page = reporter.page(record, lang, policies, pictures=visit.sees_people)
    if format == "pdf":
        return Response(_printed(reporter, page), media_type="application/pdf")
    headers = {"Content-Security-Policy": _POLICY}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


def _printed(reporter: Reporter, page: str) -> bytes:
    try:
        return reporter.pdf(page)
    except NoBrowserError:
        raise Refused("api.no_pdf") from None
