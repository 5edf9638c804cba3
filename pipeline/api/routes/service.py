"""The service itself: is it up, can it work, what products does it know."""

from fastapi import APIRouter

from pipeline.api.deps import Caller, TheDesk, TheReviewer
from pipeline.api.problems import documented
from pipeline.api.views.service import Health, Products
from schemas.errors import TransientError
from validators.policy import products

router = APIRouter(tags=["service"])


@router.get("/health")
def get_health() -> Health:
    """Say that the server is up. Needs no key."""
    return Health(status="ok")


@router.get("/ready", responses=documented())
def get_ready(desk: TheDesk, reviewer: TheReviewer) -> Health:
    """Say that database and store answer and that reviews go on. Needs no key."""
    desk.applications.get("ready")
    desk.services.blobs.has("0" * 64)
    if reviewer is not None and not reviewer.is_alive:
        raise TransientError("nothing reviews")
    return Health(status="ok")


@router.get("/products", responses=documented("api.unauthorised"))
def list_products(desk: TheDesk, _key: Caller) -> Products:
    """List the loan products."""
    return Products(items=products(desk.services.policies))
