"""How right the machine was, where persons have looked."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from pipeline.cases.accuracy import Work, measure
from pipeline.ports import Application, Asked, State
from pipeline.report.words import word
from pipeline.review.deps import Overseer, Visit
from pipeline.review.words import say

router = APIRouter()
_LATEST: Final = 200
"""Cases that are looked at; the page says so."""


@router.get("/accuracy")
def show_accuracy(visit: Overseer) -> HTMLResponse:
    """Show the figures over the latest cases of one's branches."""
    visit.note("*")
    asked = Asked(branches=visit.branches, states=frozenset(State))
    found = visit.office.queue.listed(asked, offset=0, limit=_LATEST)
    figures = measure(_work(visit, application) for application in found)
    names = {line.name: _called(line.name, visit) for line in figures.fields}
    return visit.page("accuracy.html", figures=figures, names=names, most=_LATEST)


def _work(visit: Visit, application: Application) -> Work:
    desk = visit.office.desk
    package_id = application.package_id
    records = desk.services.repository.records(package_id) if package_id else ()
    return Work(application, desk.applications.events(application.id), records)


def _called(name: str, visit: Visit) -> str:
    return say("amounts of statements", visit.lang) if name == "amount" else word(name, visit.lang)
