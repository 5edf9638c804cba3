"""What routes ask for: the desk, who calls, the caller's own application, the language."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi import Path as InPath
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from pipeline.access import recognise
from pipeline.crops import Cutter
from pipeline.api.problems import language
from pipeline.api.uploads import received
from pipeline.cases.desk import Desk
from pipeline.cases.refused import Refused
from pipeline.cases.reviewer import Reviewer
from pipeline.ports import Access, ApiKey, Application
from schemas.messages import Language

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="API key",
    description="A key of your portal, made by the operator with `zishen keys add NAME`.",
)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _cutter(request: Request) -> Cutter:
    cutter: Cutter = request.app.state.cutter
    return cutter


def _reviewer(request: Request) -> Reviewer | None:
    reviewer: Reviewer | None = request.app.state.reviewer
    return reviewer


TheDesk = Annotated[Desk, Depends(_desk)]
TheCutter = Annotated[Cutter, Depends(_cutter)]
TheReviewer = Annotated[Reviewer | None, Depends(_reviewer)]


def _caller(
    desk: TheDesk, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> ApiKey:
    key = recognise(shown.credentials, desk.keys) if shown else None
    if key is None:
        raise Refused("api.unauthorised")
    return key


Caller = Annotated[ApiKey, Depends(_caller)]


@dataclass(frozen=True)
class Visit:
    """A call: at which desk, with which key, what for."""

    desk: Desk
    key: ApiKey
    action: str

    def note(self, application_id: str, *, allowed: bool = True) -> None:
        """Write down what is done with an application; `*` is all that are the caller's."""
        access = Access(
            at=self.desk.services.clock.now(),
            owner=self.key.owner,
            key_id=self.key.id,
            action=self.action,
            application_id=application_id,
            allowed=allowed,
        )
        self.desk.audit.add(access)


def _visit(request: Request, desk: TheDesk, key: Caller) -> Visit:
    return Visit(desk, key, request.scope["route"].name)


TheVisit = Annotated[Visit, Depends(_visit)]


def _own(
    visit: TheVisit, application_id: Annotated[str, InPath(pattern="^[0-9a-f]{32}$")]
) -> Application:
    """Return the caller's application; that of another is as if it were not there."""
    application = visit.desk.applications.get(application_id)
    allowed = application is not None and application.owner == visit.key.owner
    visit.note(application_id, allowed=allowed)
    if application is None or not allowed:
        raise Refused("api.not_found")
    return application


Own = Annotated[Application, Depends(_own)]


async def _uploads(request: Request, desk: TheDesk, _own: Own) -> AsyncIterator[list[Path]]:
    """Receive the files only once it is clear that the caller may send them."""
    async for paths in received(request, desk.services.settings):
        yield paths


Uploads = Annotated[list[Path], Depends(_uploads)]
Lang = Annotated[Language, Depends(language)]
Sha256 = Annotated[str, InPath(pattern="^[0-9a-f]{64}$", description="The file, by its content.")]
After = Annotated[int, Query(ge=0, lt=1 << 62, description="The `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        max_length=64,
        pattern="^[!-~]+$",
        description="The same key with the same request opens one application, however often "
        "it is sent.",
    ),
]
