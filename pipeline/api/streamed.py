"""Bodies of requests as files, once it is clear that the caller may send them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi import Path as InPath

from pipeline.api.deps import Caller, Own, TheDesk, TheThrottle, TheTransfers
from pipeline.api.limits import announced
from pipeline.api.uploads import received, streamed
from pipeline.cases.transfers import Agreed


async def _uploads(
    request: Request, desk: TheDesk, throttle: TheThrottle, key: Caller, _own: Own
) -> AsyncIterator[list[Path]]:
    """Receive the files of a form."""
    throttle.upload(key.id, announced(request.headers))
    async for paths in received(request, desk.services.settings):
        yield paths


async def _body(
    request: Request,
    desk: TheDesk,
    throttle: TheThrottle,
    key: Caller,
    _own: Own,
    name: Annotated[
        str,
        Query(min_length=1, max_length=255, description="Of the file.", examples=["licence.pdf"]),
    ],
) -> AsyncIterator[Path]:
    """Receive one file that is the whole body."""
    throttle.upload(key.id, announced(request.headers))
    async for path in streamed(request, desk.services.settings, name):
        yield path


async def _sent(
    request: Request,
    desk: TheDesk,
    transfers: TheTransfers,
    token: Annotated[str, InPath(min_length=1, max_length=4096, description="As offered.")],
) -> AsyncIterator[tuple[Agreed, Path]]:
    """Receive a file that was agreed on."""
    agreed = transfers.agreed(token)
    async for path in streamed(request, desk.services.settings, agreed.name, agreed.size):
        yield agreed, path


Uploads = Annotated[list[Path], Depends(_uploads)]
Body = Annotated[Path, Depends(_body)]
Sent = Annotated[tuple[Agreed, Path], Depends(_sent)]
