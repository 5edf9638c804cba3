"""What every answer carries, what every change has to bring, and links that need no account."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.cases.sso import origin
from pipeline.settings import ReviewSettings

COOKIE: Final = "zishen_session"
LANGUAGE_COOKIE: Final = "zishen_lang"
DOORSTEP_COOKIE: Final = "zishen_doorstep"
"""Guards the form by which people sign in, before there is a session."""
AWAY_COOKIE: Final = "zishen_away"
"""Keeps the state of a browser whose person is at the identity provider."""

_PAGE: Final = re.compile(r"/[A-Za-z0-9][A-Za-z0-9/._-]*(\?[A-Za-z0-9=&._%-]*)?")
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'{forms}; base-uri 'none'; frame-ancestors {ancestors}"
)
REPORT_POLICY: Final = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""For the report, which names the hash of its style sheet itself."""

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_HSTS: Final = "max-age=31536000"


Bug = Callable[[Request, Exception], Response]


class Guard:
    """Sets the headers of every answer that does not bring its own, and answers for our bugs.

    A bug must end here: the application that this one is mounted in has other words for it.
    """

    def __init__(
        self, app: ASGIApp, settings: ReviewSettings, bug: Bug, issuer: str | None = None
    ) -> None:
        """Wrap an application; `bug` is what to answer where it fails.

        The form that signs out is led on to the identity provider where there is one.
        """
        self._app, self._bug = app, bug
        self._headers = _HEADERS | {
            "Content-Security-Policy": policy(issuer=issuer),
        }
        if settings.tls:
            self._headers["Strict-Transport-Security"] = _HSTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await self._bug(Request(scope, receive), error)(scope, receive, guarded)


def policy(ancestors: str = "'none'", issuer: str | None = None) -> str:
    """Return what a page may do: who may frame it, and where its forms may lead besides to us."""
    forms = "" if issuer is None else f" {origin(issuer)}"
    return _POLICY.format(ancestors=ancestors, forms=forms)


def own_page(asked: str) -> str:
    """Return a page of ours that somebody asked for, the start where it is none.

    >>> own_page("/cases/ab12?document=0.0"), own_page("//evil.example"), own_page("https://x")
    ('/cases/ab12?document=0.0', '/', '/')
    """
    return asked if _PAGE.fullmatch(asked) else "/"


def same(one: str, other: str) -> bool:
    """Compare two secrets in the same time whatever they are."""
    return hmac.compare_digest(one.encode(), other.encode())


class Links:
    """Signs links to the status of an application, good for a time and without an account."""

    def __init__(self, settings: ReviewSettings) -> None:
        """Take the secret of the settings, or one that ends with this process."""
        kept = settings.secret.get_secret_value() if settings.secret else secrets.token_urlsafe(32)
        self._secret = kept.encode()
        self._good_for = timedelta(days=settings.link_days)

    def sign(self, application_id: str, now: datetime) -> str:
        """Return the token of a link."""
        said = f"{application_id}.{int((now + self._good_for).timestamp())}"
        return f"{said}.{self._mac(said)}"

    def read(self, token: str, now: datetime) -> str | None:
        """Return the id of the application of a link, None where it is forged or too old."""
        said, _, mac = token.rpartition(".")
        application_id, _, until = said.partition(".")
        if not same(self._mac(said), mac) or not until.isdecimal():
            return None
        return application_id if now.timestamp() < int(until) else None

    def _mac(self, said: str) -> str:
        digest = hmac.new(self._secret, f"status:{said}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
