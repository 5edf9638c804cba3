"""`/metrics`, for Prometheus: not of the REST API, and not in its description."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from pipeline.cases.refused import Refused
from pipeline.observe import door
from pipeline.observe.shared import exposition

router = APIRouter()


@router.get(door.PATH, include_in_schema=False)
async def get_metrics(request: Request) -> Response:
    """Return what is counted on this machine; others than itself need the token."""
    settings = request.app.state.desk.services.settings.metrics
    peer = request.client.host if request.client else None
    if not door.is_allowed(settings, peer, request.headers):
        raise Refused("api.not_found")
    return Response(await run_in_threadpool(exposition), media_type=door.MEDIA_TYPE)
