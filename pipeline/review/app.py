"""The review page as an application of its own, to be mounted beside the REST API."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from pipeline.cases.refused import Refused
from pipeline.review.deps import Office, spoken
from pipeline.review.render import render, static_folder
from pipeline.review.routes import (
    accuracy,
    case,
    counter,
    decide,
    doorstep,
    people,
    queue,
    sso,
    status,
)
from pipeline.review.security import Guard, own_page
from pipeline.review.words import fault
from schemas.errors import DocumentError, TransientError, ZishenError

_log = structlog.get_logger()


def create_app(office: Office) -> FastAPI:
    """Return the page over an office."""
    app = FastAPI(title="zishen review", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.office = office
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    for routes in (doorstep, sso, queue, case, decide, counter, status, accuracy, people):
        app.include_router(routes.router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ZishenError, _ours)
    settings = office.desk.services.settings
    app.add_middleware(Guard, settings=settings.review, bug=_bug, issuer=settings.oidc.issuer)
    return app


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101  what it is registered for
    if error.code == "review.signed_out":
        return _to_the_door(request)
    words = fault(error.code)
    return _trouble(request, words.status, words.on_page(spoken(request)))


def _to_the_door(request: Request) -> Response:
    """Send somebody to sign in; a part of a page cannot be redirected, so the page is."""
    root = request.scope.get("root_path", "")
    target = f"{root}/login"
    asked = request.url.path.removeprefix(root)
    wanted = own_page(f"{asked}?{request.url.query}" if request.url.query else asked)
    if request.method == "GET" and wanted != "/":
        target = f"{target}?{urlencode({'page': wanted})}"
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": f"{root}/login"})
    return RedirectResponse(target, status_code=303)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  what it is registered for
    codes = {413: "api.request_too_large", 405: "api.not_found", 404: "api.not_found"}
    words = fault(codes.get(error.status_code, "api.invalid_request"))
    return _trouble(request, error.status_code, words.on_page(spoken(request)))


def _invalid(request: Request, error: Exception) -> Response:
    """Answer an address or a form that is not as it should be; an address leads nowhere."""
    in_path = isinstance(error, RequestValidationError) and any(
        part["loc"][0] == "path" for part in error.errors()
    )
    words = fault("api.not_found" if in_path else "api.invalid_request")
    return _trouble(request, words.status, words.on_page(spoken(request)))


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, ZishenError)  # noqa: S101  what it is registered for
    status = 503 if isinstance(error, TransientError) else 500
    if isinstance(error, DocumentError):
        status = 422
    _log.warning("review.error", code=error.code, status=status)
    return _trouble(request, status, error.code)


def _bug(request: Request, error: Exception) -> Response:
    _log.error("review.bug", kind=type(error).__name__, exc_info=error)
    return _trouble(request, 500, ZishenError.code)


def _trouble(request: Request, status: int, text: str) -> Response:
    lang = spoken(request)
    values: dict[str, Any] = {"person": None, "csrf": "", "text": text, "status": status}
    with suppress(Refused):
        found = request.app.state.office.door.who(request.cookies.get("zishen_session", ""))
        values["person"] = found.person if found else None
        values["csrf"] = found.session.csrf if found else ""
    part = bool(request.headers.get("hx-request"))
    page = render("part_trouble.html" if part else "trouble.html", lang, request, **values)
    return HTMLResponse(page, status)
