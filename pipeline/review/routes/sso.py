"""Single sign-on (单点登录): away to the bank's identity provider, and back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.cases.refused import Refused
from pipeline.cases.sso import SingleSignOn
from pipeline.review.deps import Lang, TheOffice
from pipeline.review.routes.doorstep import form, hand, own_path, welcome
from pipeline.review.security import AWAY_COOKIE, own_page

router = APIRouter(prefix="/login")
_Text = Annotated[str, Query(max_length=4096)]


def _sso(office: TheOffice) -> SingleSignOn:
    if office.sso is None:
        raise Refused("api.not_found")
    return office.sso


TheSso = Annotated[SingleSignOn, Depends(_sso)]


@router.get("/away")
def send_away(
    request: Request, office: TheOffice, lang: Lang, sso: TheSso, page: _Text = "/"
) -> Response:
    """Send somebody to the provider; `page` is the one of ours that they wanted."""
    try:
        sent = sso.send(own_page(page))
    except Refused as refused:
        return form(request, office, lang, refused.code)
    response = RedirectResponse(sent.url, 303)
    hand(response, AWAY_COOKIE, sent.state, request, office)
    return response


@router.get("/back")
def come_back(
    request: Request,
    office: TheOffice,
    lang: Lang,
    sso: TheSso,
    state: _Text = "",
    code: _Text = "",
) -> Response:
    """Let somebody in whom the provider has recognised; without a code it has not."""
    try:
        back = sso.let_in(state, request.cookies.get(AWAY_COOKIE, ""), code)
    except Refused as refused:
        return form(request, office, lang, refused.code)
    response = welcome(request, office, back.token, back.page)
    response.delete_cookie(AWAY_COOKIE, path=own_path(request))
    return response
