"""Coming and going: the form by which people sign in, and the language they read."""

import secrets
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field as Most

from pipeline.cases.refused import Refused
from pipeline.cases.sso import origin
from pipeline.ports import Person, Role
from pipeline.review.deps import Lang, TheOffice, TheVisit, Visit
from pipeline.review.render import render
from pipeline.review.security import COOKIE, DOORSTEP_COOKIE, LANGUAGE_COOKIE, own_page, same
from pipeline.review.words import fault
from schemas.base import Model
from schemas.messages import Language

router = APIRouter()
_YEAR_SECONDS = 365 * 86400
_Page = Annotated[str, Query(max_length=1024)]


class Credentials(Model):
    """What the form brings; `page` is the one that somebody wanted."""

    login: Annotated[str, Most(max_length=128)] = ""
    password: Annotated[str, Most(max_length=1024)] = ""
    csrf: Annotated[str, Most(max_length=128)] = ""
    page: Annotated[str, Most(max_length=1024)] = "/"


@router.get("/login")
def show_login(request: Request, office: TheOffice, lang: Lang, page: _Page = "/") -> Response:
    """Show the form; `page` is the one that somebody wanted."""
    return form(request, office, lang, page=page)


@router.post("/login")
def sign_in(
    request: Request,
    office: TheOffice,
    lang: Lang,
    shown: Annotated[Credentials, Form()],
) -> Response:
    """Let somebody in who knows a password."""
    if not office.has_passwords:
        raise Refused("api.not_found")
    address = request.client.host if request.client else ""
    expected = request.cookies.get(DOORSTEP_COOKIE, "")
    if not expected or not same(expected, shown.csrf):
        return form(request, office, lang, "review.csrf", shown.login, shown.page)
    try:
        token = office.door.sign_in(shown.login, shown.password, address)
    except Refused as refused:
        return form(request, office, lang, refused.code, shown.login, shown.page)
    return welcome(request, office, token, shown.page)


@router.post("/logout")
def sign_out(visit: TheVisit) -> Response:
    """End a session, and that of the identity provider with it."""
    visit.office.door.sign_out(visit.session)
    response = RedirectResponse(_out(visit), 303)
    response.delete_cookie(COOKIE, path=own_path(visit.request))
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


def welcome(request: Request, office: TheOffice, token: str, page: str) -> Response:
    """Give somebody the cookie of a new session, and lead them to the page that they wanted."""
    response = RedirectResponse(f"{request.scope.get('root_path', '')}{own_page(page)}", 303)
    hand(response, COOKIE, token, request, office)
    response.delete_cookie(DOORSTEP_COOKIE, path=own_path(request))
    return response


def form(
    request: Request,
    office: TheOffice,
    lang: Language,
    code: str | None = None,
    login: str = "",
    page: str = "/",
) -> HTMLResponse:
    """Return the page by which people come in, with what stood in the way."""
    token = secrets.token_urlsafe(24)
    words = fault(code) if code else None
    drawn = render(
        "login.html",
        lang,
        request,
        person=None,
        csrf=token,
        login=login,
        page=own_page(page),
        has_passwords=office.has_passwords,
        has_sso=office.sso is not None,
        error=words.on_page(lang) if words else "",
    )
    response = HTMLResponse(drawn, words.status if words else 200)
    hand(response, DOORSTEP_COOKIE, token, request, office)
    return response


def hand(response: Response, name: str, token: str, request: Request, office: TheOffice) -> None:
    """Give a token as a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name,
        token,
        path=own_path(request),
        httponly=True,
        samesite="lax",
        secure=office.desk.services.settings.review.tls,
    )


def _out(visit: Visit) -> str:
    """Return where somebody goes who has signed out."""
    sso, request = visit.office.sso, visit.request
    here = f"{request.scope.get('root_path', '')}/login"
    if sso is None or visit.person.issuer is None:
        return here
    return sso.provider.goodbye(f"{origin(sso.provider.settings.redirect_uri)}{here}") or here


def own_path(request: Request) -> str:
    """Return the path below which the cookies of the page are sent.

    Those of the API, which stands beside it, see none of them.
    """
    return str(request.scope.get("root_path", "")) or "/"


def _home(person: Person) -> str:
    if person.has(Role.REVIEWER, Role.CHECKER, Role.AUDITOR):
        return "/queue"
    return "/counter" if person.has(Role.SUBMITTER) else "/people"
