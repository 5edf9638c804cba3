"""The papers of an application: handed in, taken back, what was read in them, their pictures."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool

from pipeline.api.deps import Lang, Own, Sha256, TheCutter, TheDesk, TheTeller, TheVisit
from pipeline.api.examples import extract, shown
from pipeline.api.problems import documented
from pipeline.api.streamed import Uploads
from pipeline.api.uploads import FIELD
from pipeline.api.views.applications import ApplicationView
from pipeline.api.views.files import Uploaded
from pipeline.cases.masking import masked_record
from pipeline.cases.refused import Refused
from schemas.contract import Extract, Source
from schemas.documents import SourceFile
from schemas.geometry import Box

router = APIRouter(prefix="/applications/{application_id}/files", tags=["files"])

_OWN = ("api.unauthorised", "api.not_found")
_MULTIPART: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {
                        FIELD: {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
                }
            }
        },
    }
}


@router.post(
    "",
    status_code=201,
    openapi_extra=_MULTIPART,
    responses=documented(
        *_OWN,
        "api.no_files",
        "api.too_many_files",
        "api.request_too_large",
        "api.withdrawn",
        "api.busy",
    )
    | {400: documented()[422]},
)
async def add_files(desk: TheDesk, own: Own, teller: TheTeller, paths: Uploads) -> Uploaded:
    """Hand in papers, also as a supplement: PDF, pictures, workbooks, or ZIP archives of them.

    The answer says of each what it is by its bytes, and why it cannot be used if so. A file that
    is here already is not kept twice. They are reviewed with the next submission.
    """
    papers = await run_in_threadpool(desk.add, own, paths)
    return await run_in_threadpool(teller.uploaded, own, papers)


@router.delete("/{sha256}", responses=documented(*_OWN, "api.withdrawn", "api.not_now", "api.busy"))
def take_back_file(desk: TheDesk, own: Own, sha256: Sha256, teller: TheTeller) -> ApplicationView:
    """Leave a paper out of the next submission, such as one that another takes the place of."""
    desk.take_back(own.id, sha256)
    return teller.application(own.id)


@router.get(
    "/{sha256}/extract",
    responses=documented(*_OWN, "api.no_record") | shown(extract(), "What was read."),
)
def get_extract(visit: TheVisit, own: Own, sha256: Sha256, lang: Lang) -> Extract:
    """Return what was read in a file, each value with its place (docs/extract.schema.json)."""
    record = visit.desk.record(own.id)
    dossier = (record if visit.sees_people else masked_record(record)).dossier
    for reading in dossier.readings:
        if reading.source.sha256 == sha256:
            return Extract.of(reading, lang)
    for file in dossier.package.refused:
        if file.sha256 == sha256:
            source = Source(name=file.name, sha256=sha256, media_type=None, pages=0)
            return Extract.refused(source, file.code, lang)
    raise Refused("api.not_found")


@router.get(
    "/{sha256}/pages/{page}/image",
    response_class=Response,
    responses=documented(*_OWN, "api.no_picture")
    | {200: {"description": "A picture of 1600 pixels at most.", "content": {"image/png": {}}}},
)
def get_page_image(
    visit: TheVisit,
    cutter: TheCutter,
    own: Own,
    sha256: Sha256,
    page: Annotated[int, InPath(ge=1, le=100_000, description="As in `provenance.page`.")],
    box: Annotated[
        str | None,
        Query(
            pattern=r"^-?\d{1,6}(\.\d{1,4})?(,-?\d{1,6}(\.\d{1,4})?){3}$",
            description="Left, top, right, bottom, as in `provenance.box`; without, all of it.",
            examples=["72.0,120.5,210.0,134.2"],
        ),
    ] = None,
) -> Response:
    """Draw a page, or the place on it that a value was read from."""
    if not visit.sees_people:
        raise Refused("api.forbidden")
    where = None if box is None else Box(*(float(edge) for edge in box.split(",")))
    for paper in own.papers:
        if paper.sha256 == sha256 and isinstance(paper, SourceFile):
            original = visit.desk.services.blobs.get(sha256)
            drawn = cutter.cut(original, paper.media_type, page, where)
            if drawn is not None:
                return Response(drawn.png, media_type="image/png")
    raise Refused("api.no_picture")
