"""The server of one machine: the REST API and the review page over the same desk."""

from fastapi import FastAPI

from pipeline import wiring
from pipeline.api.app import create_app as create_api
from pipeline.cases.desk import Desk
from pipeline.cases.people import FrontDoor
from pipeline.cases.reviewer import Review, review_with
from pipeline.ports import Queue
from pipeline.review.app import create_app as create_review
from pipeline.review.deps import Office

REVIEW = "/review"
"""Where the review page is."""


def create() -> FastAPI:
    """Return the server for the settings of this process; what uvicorn calls."""
    services = wiring.services()
    settings = services.settings
    door, queue = wiring.front_door(settings), wiring.queue(settings)
    return compose(wiring.desk(services), review_with(services), door, queue)


def compose(desk: Desk, review: Review, door: FrontDoor, queue: Queue) -> FastAPI:
    """Return the API with the review page beside it."""
    app = create_api(desk, review)
    app.mount(REVIEW, create_review(Office.of(desk, door, queue, app.state.cutter)))
    return app
