"""What every request is held to: how much may come in."""

from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PLAIN_BYTES: Final = 64 << 10
"""Of a request that brings no files."""


class Limits:
    """Cuts a request off where it grows too large, before it was received in full."""

    def __init__(self, app: ASGIApp, max_upload_bytes: int) -> None:
        """Wrap an application."""
        self._app, self._max_upload_bytes = app, max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what comes in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        metered = _Meter(receive, self._limit(scope), announced(Headers(scope=scope)))
        await self._app(scope, metered.receive, send)

    def _limit(self, scope: Scope) -> int:
        kind = Headers(scope=scope).get("content-type", "")
        brings = scope.get("method") == "PUT" or kind.startswith("multipart/")
        return self._max_upload_bytes if brings else _PLAIN_BYTES


class _Meter:
    """Raises within the reader of the body, so that the answer is a problem document."""

    def __init__(self, receive: Receive, limit: int, announced: int) -> None:
        self._receive, self._limit = receive, limit
        self._announced, self._got = announced, 0

    async def receive(self) -> Message:
        if self._announced > self._limit:
            raise _too_large()
        message = await self._receive()
        self._got += len(message.get("body", b""))
        if self._got > self._limit:
            raise _too_large()
        return message


def _too_large() -> HTTPException:
    return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers={"Connection": "close"})


def announced(headers: Headers) -> int:
    """Return what a sender says it will send, 0 when it does not say."""
    said = headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdecimal() else 0
