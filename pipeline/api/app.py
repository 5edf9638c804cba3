"""The application: routes, limits and errors put together, and the reviews beside them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema
from starlette.concurrency import run_in_threadpool

from extractors import intake
from pipeline import wiring
from pipeline.api import metrics
from pipeline.api.headers import Stamped
from pipeline.api.limits import Limits
from pipeline.api.problems import Problem, add_handlers
from pipeline.api.routes import (
    applications,
    batches,
    events,
    files,
    records,
    reports,
    service,
    transfers,
    webhooks,
)
from pipeline.api.throttle import Throttle
from pipeline.api.uploads import incoming, sweep
from pipeline.cases.desk import Desk
from pipeline.cases.glances import Glances
from pipeline.cases.reviewer import Review, Reviewer, review_with
from pipeline.cases.sealing import installation_key
from pipeline.cases.transfers import Transfers
from pipeline.cases.watch import levels
from pipeline.observe import metrics as observe
from pipeline.sandbox.crops import Cutter
from pipeline.sandbox.reporter import Reporter

_ABOUT: Final = """First review of corporate-lending papers: open an application, hand in papers,
submit, and ask again until `state` is `decided`. Every answer that is no success is a problem
document (RFC 9457) with a stable `code`. Words are Chinese or English, by `Accept-Language`."""
_ROUTES: Final = (
    applications,
    files,
    transfers,
    records,
    events,
    reports,
    batches,
    webhooks,
    service,
)
_TAGS: Final = [
    {"name": "applications", "description": "Opened, submitted, followed, withdrawn."},
    {"name": "files", "description": "Papers, what was read in them, and their pictures."},
    {"name": "records", "description": "What reviews came to."},
    {"name": "events", "description": "What happens, as it happens."},
    {"name": "batches", "description": "Applications that are opened and followed together."},
    {"name": "webhooks", "description": "Addresses of yours that are told what happens."},
    {"name": "service", "description": "Is it up, can it work, what does it know."},
]


def create() -> FastAPI:
    """Return the application for the settings of this process; what uvicorn calls."""
    services = wiring.services()
    desk = wiring.desk(services)
    observe.looks_up(lambda: levels(desk))
    return create_app(desk, review_with(services))


def create_app(desk: Desk, review: Review) -> FastAPI:
    """Return the application over a desk."""
    settings = desk.services.settings
    app = routed()
    app.state.desk = desk
    app.state.reviewer = Reviewer(desk, review) if settings.api.reviews else None
    limits = intake.Limits(**settings.limits.model_dump())
    app.state.cutter = Cutter(limits, settings.api.crop_seconds)
    app.state.reporter = Reporter(desk.services.blobs, limits, app.state.cutter.sandbox)
    app.state.glances = Glances(
        desk.services.blobs, wiring.objects(settings), limits, settings.api.glance_seconds
    )
    app.state.transfers = Transfers(
        wiring.objects(settings),
        desk.services.clock,
        installation_key(settings),
        incoming(settings),
    )
    app.state.throttle = Throttle(settings.api)
    app.state.courier = wiring.courier(desk.services)
    app.state.bundles = wiring.bundles(desk)
    app.add_middleware(Limits, max_upload_bytes=settings.api.max_request_bytes)
    app.add_middleware(Stamped)
    add_handlers(app)
    return app


def routed() -> FastAPI:
    """Return the application without anything behind its routes, which describes itself."""
    app = _Api(
        title="zishen 资审",
        version=version("zishen"),
        description=_ABOUT,
        openapi_url="/v1/openapi.json",
        openapi_tags=_TAGS,
        docs_url=None,  # its pages fetch scripts from elsewhere
        redoc_url=None,
        lifespan=_lifespan,
        generate_unique_id_function=_operation,
    )
    app.include_router(metrics.router)
    for routes in _ROUTES:
        app.include_router(routes.router, prefix="/v1")
    return app


class _Api(FastAPI):
    """Describes problem documents too, which no route returns by itself."""

    def openapi(self) -> dict[str, Any]:
        told = super().openapi()
        told["components"]["schemas"] |= _problem_schemas()
        return told


def _problem_schemas() -> dict[str, Any]:
    _, schema = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas: dict[str, Any] = schema["$defs"]
    return schemas


def _operation(route: APIRoute) -> str:
    return route.name


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services, reviewer = app.state.desk.services, app.state.reviewer
    await run_in_threadpool(sweep, services.settings, services.clock.now())
    await run_in_threadpool(app.state.transfers.sweep)
    if reviewer is not None:
        reviewer.start()
    app.state.courier.start()
    app.state.glances.begin()
    try:
        yield
    finally:
        await run_in_threadpool(app.state.courier.stop)
        if reviewer is not None:
            await run_in_threadpool(reviewer.stop)
        app.state.glances.close()
        app.state.cutter.close()
