"""How right the machine was, where persons have looked."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from pipeline.cases.accuracy import LATEST, measure
from pipeline.report.words import word
from pipeline.review.deps import Overseer, Visit
from pipeline.review.words import say

router = APIRouter()


@router.get("/accuracy")
def show_accuracy(visit: Overseer) -> HTMLResponse:
    """Show the figures over the latest cases of one's branches."""
    visit.note("*")
    figures = measure(visit.office.desk, visit.office.tally, visit.branches)
    names = {line.name: _called(line.name, visit) for line in figures.fields}
    return visit.page("accuracy.html", figures=figures, names=names, most=LATEST)


def _called(name: str, visit: Visit) -> str:
    return say("amounts of statements", visit.lang) if name == "amount" else word(name, visit.lang)
