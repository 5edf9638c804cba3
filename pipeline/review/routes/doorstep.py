"""Coming and going: the form by which people sign in, and the language they read."""

import secrets
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.cases.refused import Refused
from pipeline.ports import Person, Role
from pipeline.review.deps import Lang, TheOffice, TheVisit
from pipeline.review.render import render
from pipeline.review.security import COOKIE, DOORSTEP_COOKIE, LANGUAGE_COOKIE, same
from pipeline.review.words import fault
from schemas.messages import Language

router = APIRouter()
_YEAR_SECONDS = 365 * 86400


@router.get("/login")
def show_login(request: Request, office: TheOffice, lang: Lang) -> Response:
    """Show the form."""
    return _form(request, office, lang)


@router.post("/login")
def sign_in(
    request: Request,
    office: TheOffice,
    lang: Lang,
    login: Annotated[str, Form(max_length=128)] = "",
    password: Annotated[str, Form(max_length=1024)] = "",
    csrf: Annotated[str, Form(max_length=128)] = "",
) -> Response:
    """Let somebody in who knows a password."""
    expected = request.cookies.get(DOORSTEP_COOKIE, "")
    if not expected or not same(expected, csrf):
        return _form(request, office, lang, "review.csrf", login)
    try:
        token = office.door.sign_in(login, password)
    except Refused as refused:
        return _form(request, office, lang, refused.code, login)
    return welcome(request, office, token)


@router.post("/logout")
def sign_out(visit: TheVisit) -> Response:
    """End a session."""
    visit.office.door.sign_out(visit.session)
    response = RedirectResponse(f"{visit.request.scope.get('root_path', '')}/login", 303)
    response.delete_cookie(COOKIE, path=_path(visit.request))
    return response


@router.get("/language/{lang}")
def choose_language(request: Request, lang: Literal["zh", "en"]) -> Response:
    """Remember the language that somebody reads."""
    back = request.headers.get("referer", "")
    mine = str(request.base_url)
    response = RedirectResponse(back if back.startswith(mine) else mine, 303)
    response.set_cookie(LANGUAGE_COOKIE, lang, max_age=_YEAR_SECONDS, httponly=True, samesite="lax")
    return response


@router.get("/")
def show_start(visit: TheVisit) -> Response:
    """Lead everybody to what they do all day."""
    return RedirectResponse(f"{visit.request.scope.get('root_path', '')}{_home(visit.person)}", 303)


def welcome(request: Request, office: TheOffice, token: str) -> Response:
    """Give somebody the cookie of a new session."""
    response = RedirectResponse(f"{request.scope.get('root_path', '')}/", 303)
    _hand(response, COOKIE, token, request, office)
    response.delete_cookie(DOORSTEP_COOKIE, path=_path(request))
    return response


def _form(
    request: Request, office: TheOffice, lang: Language, code: str | None = None, login: str = ""
) -> HTMLResponse:
    token = secrets.token_urlsafe(24)
    words = fault(code) if code else None
    page = render(
        "login.html",
        lang,
        request,
        person=None,
        csrf=token,
        login=login,
        error=words.text(lang) if words else "",
    )
    response = HTMLResponse(page, words.status if words else 200)
    _hand(response, DOORSTEP_COOKIE, token, request, office)
    return response


def _hand(response: Response, name: str, token: str, request: Request, office: TheOffice) -> None:
    """Give a token as a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name,
        token,
        path=_path(request),
        httponly=True,
        samesite="lax",
        secure=office.desk.services.settings.review.tls,
    )


def _path(request: Request) -> str:
    return str(request.scope.get("root_path", "")) or "/"


def _home(person: Person) -> str:
    if person.has(Role.REVIEWER, Role.CHECKER, Role.AUDITOR):
        return "/queue"
    return "/counter" if person.has(Role.SUBMITTER) else "/people"
