"""Who has an account: for admins, who may end one and see no case."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.cases.refused import Refused
from pipeline.review.deps import Admin

router = APIRouter(prefix="/people")


@router.get("")
def show_people(visit: Admin) -> HTMLResponse:
    """Show every account."""
    return visit.page("people.html", people=visit.office.door.people.listed())


@router.post("/{person_id}/disable")
def disable_person(
    visit: Admin, person_id: Annotated[str, InPath(pattern="^[0-9a-f]{16}$")]
) -> Response:
    """End an account and every session of it; one's own stays."""
    person = visit.office.door.people.get(person_id)
    if person is None or person.id == visit.person.id:
        raise Refused("api.not_found")
    visit.office.door.disable(person)
    return RedirectResponse(f"{visit.request.scope.get('root_path', '')}/people", 303)
