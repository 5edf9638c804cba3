"""Errors as problem documents (RFC 9457), each with a stable code and words in two languages.

Who acts decides on the status: the sender 4xx, nobody for now 503 with `Retry-After`, the operator
and the developers 500, which tells nothing of what is inside.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ConfigDict
from starlette.exceptions import HTTPException

from pipeline.api.headers import ALWAYS, REQUEST_ID
from pipeline.api.throttle import Throttled
from pipeline.api.words import FAULTS, spoken
from pipeline.cases.refused import Refused
from pipeline.stages.intake import ManifestError
from schemas.base import Model
from schemas.errors import DocumentError, TransientError, ZishenError
from schemas.messages import Language, catalogue

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER: Final = "5"
_BY_STATUS: Final = {
    404: "api.not_found",
    405: "api.method_not_allowed",
    413: "api.request_too_large",
}

_log = structlog.get_logger()


class InvalidPart(Model):
    """A part of a request that is not as it should be."""

    at: str
    what: str


class Problem(Model):
    """What every answer that is no success looks like (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "该申请已撤回。",
                    "status": 409,
                    "code": "api.withdrawn",
                    "remedy": "请建立新的申请。",
                    "errors": [],
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    code: str
    remedy: str
    errors: tuple[InvalidPart, ...] = ()


def add_handlers(app: FastAPI) -> None:
    """Let every error of the application become a problem document."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ZishenError, _ours)
    app.add_exception_handler(Exception, _bug)


def language(request: Request) -> Language:
    """Return the language of the answer to a request."""
    default: Language = request.app.state.desk.services.settings.lang
    return spoken(request.headers.get("accept-language"), default)


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)  # noqa: S101  what it is registered for
    status = FAULTS[error.code].status
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Throttled):
        headers["Retry-After"] = str(error.seconds)
    return _fault(request, error.code, status, headers=headers)


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  what it is registered for
    code = _BY_STATUS.get(error.status_code, "api.invalid_request")
    return _fault(request, code, error.status_code, headers=error.headers)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Say where the request is wrong and why, without repeating what was sent."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  what it is registered for
    wrong = tuple(
        InvalidPart(at=".".join(str(part) for part in fault["loc"]), what=str(fault["msg"]))
        for fault in error.errors()
    )
    return _fault(request, "api.invalid_request", 422, wrong)


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ZishenError)  # noqa: S101  what it is registered for
    status = _status(error)
    trace = error if status >= 500 else None
    _log.warning("api.error", code=error.code, status=status, exc_info=trace)
    if status == 503:
        return _known(request, type(error), status, {"Retry-After": RETRY_AFTER})
    return _known(request, type(error) if status < 500 else ZishenError, status)


def _bug(request: Request, error: Exception) -> JSONResponse:
    _log.error("api.bug", kind=type(error).__name__)
    return _known(request, ZishenError, 500)


def _status(error: ZishenError) -> int:
    if isinstance(error, DocumentError | ManifestError):
        return 422
    return 503 if isinstance(error, TransientError) else 500


def _known(
    request: Request,
    kind: type[ZishenError],
    status: int,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Say an error in the words of the catalogue, or those for the nearest kind it knows."""
    lang, errors = language(request), catalogue().errors
    kinds = (base for base in kind.__mro__ if issubclass(base, ZishenError))
    entry = next(errors[base.code] for base in kinds if base.code in errors)
    problem = Problem(
        title=entry.text(lang), status=status, code=kind.code, remedy=entry.remedy(lang)
    )
    return _response(request, problem, headers)


def _fault(
    request: Request,
    code: str,
    status: int,
    wrong: tuple[InvalidPart, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    lang, fault = language(request), FAULTS[code]
    problem = Problem(
        title=fault.text(lang), status=status, code=code, remedy=fault.remedy(lang), errors=wrong
    )
    return _response(request, problem, headers)


def _response(
    request: Request, problem: Problem, headers: Mapping[str, str] | None
) -> JSONResponse:
    lang = language(request)
    return JSONResponse(
        problem.model_dump(mode="json"),
        status_code=problem.status,
        headers={**_usual(request), "Content-Language": lang, **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def _usual(request: Request) -> dict[str, str]:
    """Return the headers of every answer; that to a bug passes by what adds them."""
    return {**ALWAYS, REQUEST_ID: getattr(request.state, "request_id", "")}


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return the problems of a route for the description of the API."""
    told: dict[int | str, list[str]] = {}
    usual = ("api.forbidden", "api.too_many_requests") if "api.unauthorised" in codes else ()
    for code in ("api.invalid_request", *codes, *usual):
        told.setdefault(FAULTS[code].status, []).append(f"`{code}`: {FAULTS[code].en}")
    told[503] = ["`storage.failed` and other passing troubles: try again after `Retry-After`."]
    told[500] = ["`internal`: ours to mend."]
    schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": " ".join(texts), "content": schema}
        for status, texts in told.items()
    }
