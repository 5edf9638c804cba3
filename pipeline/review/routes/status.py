"""The status of one application behind a signed link, for a portal to show in a page of its own."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.cases.refused import Refused
from pipeline.review.deps import Lang, TheOffice
from pipeline.review.render import render
from pipeline.review.security import policy
from pipeline.review.views.status import status_view

router = APIRouter(prefix="/status")


@router.get("/{token}")
def show_status(request: Request, office: TheOffice, lang: Lang, token: str) -> HTMLResponse:
    """Show what the applicant may know: how far it is, and what is owed."""
    return _page(request, office, lang, token, "status.html")


@router.get("/{token}/standing")
def show_status_again(request: Request, office: TheOffice, lang: Lang, token: str) -> HTMLResponse:
    """Show the same without the page around it, for a page that asks again and again."""
    return _page(request, office, lang, token, "part_status.html")


def _page(
    request: Request, office: TheOffice, lang: Lang, token: str, template: str
) -> HTMLResponse:
    application_id = office.links.read(token, office.desk.services.clock.now())
    if application_id is None:
        raise Refused("api.not_found")
    standing = office.desk.standing(application_id)
    settings = office.desk.services.settings.review
    headers = {"Content-Security-Policy": policy(settings.embed_in or "'none'")}
    page = render(
        template,
        lang,
        request,
        person=None,
        csrf="",
        status=status_view(standing, lang),
        application=standing.application,
        again=f"{request.scope.get('root_path', '')}/status/{token}/standing",
    )
    return HTMLResponse(page, headers=headers)
