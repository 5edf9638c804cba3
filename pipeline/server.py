"""The server of one machine: the REST API and the review page over the same desk."""

from fastapi import FastAPI

from pipeline import wiring
from pipeline.api.app import create_app as create_api
from pipeline.cases.desk import Desk
from pipeline.cases.people import FrontDoor
from pipeline.cases.reviewer import Review, review_with
from pipeline.cases.sso import SingleSignOn
from pipeline.review.app import create_app as create_review
from pipeline.review.deps import Office
from pipeline.review.security import Links
from pipeline.review.views.pictures import Pictures

REVIEW = "/review"
"""Where the review page is."""


def create() -> FastAPI:
    """Return the server for the settings of this process; what uvicorn calls."""
    services = wiring.services()
    door = wiring.front_door(services.database, services.settings)
    sso = wiring.sso(door, services.settings)
    return compose(wiring.desk(services), review_with(services), door, sso)


def compose(
    desk: Desk, review: Review, door: FrontDoor, sso: SingleSignOn | None = None
) -> FastAPI:
    """Return the API with the review page beside it."""
    app, services = create_api(desk, review), desk.services
    office = Office(
        desk=desk,
        door=door,
        queue=wiring.queue(services.database),
        links=Links(services.settings.review),
        pictures=Pictures(services.blobs, app.state.cutter),
        tally=wiring.tally(services.database),
        sso=sso,
    )
    app.mount(REVIEW, create_review(office))
    return app
