"""What happens, as it happens: of one application, and of all that are the caller's."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from pipeline.api.deps import After, Caller, Own, TheDesk, TheThrottle, TheVisit
from pipeline.api.problems import documented
from pipeline.api.streams import told
from pipeline.cases.notices import of_application, of_owner
from pipeline.ports import Notice

router = APIRouter(tags=["events"])

_PAGE: Final = 100
_EXAMPLE: Final = (
    'id: 4\nevent: application.decided\ndata: {"id":"3f2b8c1d9e7a4b6c8d0e1f2a3b4c5d6e.4",'
    '"type":"application.decided","at":"2026-10-15T12:00:09+08:00","outcome":"pass"}\n\n'
)
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Server-sent events; `data` is what a webhook is sent.",
        "content": {"text/event-stream": {"example": _EXAMPLE}},
    }
}
LastEventId = Annotated[
    str | None,
    Header(
        max_length=18,
        pattern="^[0-9]+$",
        description="Number of the last event that came; goes before `after`.",
    ),
]


def _open_stream(throttle: TheThrottle, key: Caller) -> Iterator[None]:
    with throttle.stream(key.id):
        yield


@router.get(
    "/applications/{application_id}/events",
    response_class=EventSourceResponse,
    dependencies=[Depends(_open_stream)],
    responses=documented("api.unauthorised", "api.not_found") | _STREAM,
)
async def follow_application(
    desk: TheDesk, own: Own, last_event_id: LastEventId = None, after: After = 0
) -> AsyncIterator[ServerSentEvent]:
    """Send what happened to an application, and then what happens, until one hangs up."""

    def look(after: int) -> Sequence[tuple[int, Notice]]:
        events = desk.applications.events(own.id)
        return tuple(enumerate(of_application(own, events), start=1))[after:]

    async for event in told(look, int(last_event_id or after)):
        yield event


@router.get(
    "/events",
    response_class=EventSourceResponse,
    dependencies=[Depends(_open_stream)],
    responses=documented("api.unauthorised") | _STREAM,
)
async def follow_all(
    visit: TheVisit, last_event_id: LastEventId = None, after: After = 0
) -> AsyncIterator[ServerSentEvent]:
    """Send what happened to all your applications, and then what happens, until one hangs up."""
    visit.note("*")
    applications, key = visit.desk.applications, visit.key

    def look(after: int) -> Sequence[tuple[int, Notice]]:
        return of_owner(applications, key.owner, key.branch, after, _PAGE)

    async for event in told(look, int(last_event_id or after)):
        yield event
