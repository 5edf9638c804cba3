"""What routes ask for: the desk, who calls, the caller's own application, the language.

What waits for nothing is `async`, though it awaits nothing: else each would cost a thread.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi import Path as InPath
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from pipeline.access import recognise
from pipeline.api.problems import language
from pipeline.api.teller import Teller
from pipeline.api.throttle import Throttle
from pipeline.cases.batches import Bundles
from pipeline.cases.desk import Desk
from pipeline.cases.masking import masked_record
from pipeline.cases.refused import Refused
from pipeline.cases.reviewer import Reviewer
from pipeline.cases.transfers import Transfers
from pipeline.cases.webhooks import Subscriptions
from pipeline.ports import Access, ApiKey, Application, Batch, Scope, Webhook
from pipeline.sandbox.crops import Cutter
from pipeline.sandbox.reporter import Reporter
from schemas.messages import Language
from schemas.records import Record

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="API key",
    description="A key of your portal, made by the operator with `zishen keys add NAME`.",
)


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _cutter(request: Request) -> Cutter:
    cutter: Cutter = request.app.state.cutter
    return cutter


async def _reviewer(request: Request) -> Reviewer | None:
    reviewer: Reviewer | None = request.app.state.reviewer
    return reviewer


async def _throttle(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.throttle
    return throttle


async def _subscriptions(request: Request) -> Subscriptions:
    subscriptions: Subscriptions = request.app.state.courier.subscriptions
    return subscriptions


async def _bundles(request: Request) -> Bundles:
    bundles: Bundles = request.app.state.bundles
    return bundles


async def _reporter(request: Request) -> Reporter:
    reporter: Reporter = request.app.state.reporter
    return reporter


TheDesk = Annotated[Desk, Depends(_desk)]
TheReporter = Annotated[Reporter, Depends(_reporter)]
TheThrottle = Annotated[Throttle, Depends(_throttle)]
TheSubscriptions = Annotated[Subscriptions, Depends(_subscriptions)]
TheBundles = Annotated[Bundles, Depends(_bundles)]
TheCutter = Annotated[Cutter, Depends(_cutter)]
TheReviewer = Annotated[Reviewer | None, Depends(_reviewer)]


def _caller(
    request: Request,
    desk: TheDesk,
    throttle: TheThrottle,
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> ApiKey:
    """Return the key of the caller, if it is good for the route."""
    key = recognise(shown.credentials, desk.keys) if shown else None
    if key is None:
        throttle.failed(request.client.host if request.client else "")
        raise Refused("api.unauthorised")
    throttle.request(key.id)
    if _needed(request) not in key.scopes:
        raise Refused("api.forbidden")
    return key


def _needed(request: Request) -> Scope:
    if "webhooks" in request.scope["route"].tags:
        return Scope.WEBHOOKS
    return Scope.READ if request.method == "GET" else Scope.WRITE


Caller = Annotated[ApiKey, Depends(_caller)]


@dataclass(frozen=True)
class Visit:
    """A call: at which desk, with which key, what for."""

    desk: Desk
    key: ApiKey
    action: str

    def note(self, application_id: str, *, allowed: bool = True) -> None:
        """Write down what is done with an application; `*` is all that are the caller's."""
        access = Access(
            at=self.desk.services.clock.now(),
            owner=self.key.owner,
            key_id=self.key.id,
            action=self.action,
            application_id=application_id,
            allowed=allowed,
        )
        self.desk.audit.add(access)

    @property
    def sees_people(self) -> bool:
        """Whether personal data is for the caller."""
        return Scope.PERSONAL in self.key.scopes

    def may_see(self, thing: Application | Batch | Webhook | None) -> bool:
        """Return whether something is of the owner of the key, and of its branch if it has one."""
        if thing is None or thing.owner != self.key.owner:
            return False
        return self.key.branch in {"", thing.branch}


async def _visit(request: Request, desk: TheDesk, key: Caller) -> Visit:
    return Visit(desk, key, request.scope["route"].name)


TheVisit = Annotated[Visit, Depends(_visit)]


def _own(
    visit: TheVisit, application_id: Annotated[str, InPath(pattern="^[0-9a-f]{32}$")]
) -> Application:
    """Return the caller's application; that of another is as if it were not there."""
    application = visit.desk.applications.get(application_id)
    allowed = visit.may_see(application)
    visit.note(application_id, allowed=allowed)
    if application is None or not allowed:
        raise Refused("api.not_found")
    return application


Own = Annotated[Application, Depends(_own)]


def _own_webhook(
    visit: TheVisit,
    subscriptions: TheSubscriptions,
    webhook_id: Annotated[str, InPath(pattern="^[0-9a-f]{32}$")],
) -> Webhook:
    """Return the caller's webhook; that of another is as if it were not there."""
    webhook = subscriptions.get(webhook_id)
    if not visit.may_see(webhook):
        raise Refused("api.not_found")
    return webhook


def _own_batch(
    visit: TheVisit,
    bundles: TheBundles,
    batch_id: Annotated[str, InPath(pattern="^[0-9a-f]{32}$")],
) -> Batch:
    """Return the caller's batch; that of another is as if it were not there."""
    batch = bundles.batches.get(batch_id)
    if batch is None or not visit.may_see(batch):
        raise Refused("api.not_found")
    for application_id in batch.applications:
        visit.note(application_id)
    return batch


def _record(
    visit: TheVisit,
    own: Own,
    package_id: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{32}$", description="A submission; else the latest."),
    ] = None,
    revision: Annotated[int | None, Query(ge=1, lt=1 << 31, description="Else the latest.")] = None,
) -> Record:
    """Return a record of the caller's own application, masked where the key is not for people."""
    record = visit.desk.record(own.id, package_id, revision)
    return record if visit.sees_people else masked_record(record)


TheRecord = Annotated[Record, Depends(_record)]
OwnWebhook = Annotated[Webhook, Depends(_own_webhook)]
OwnBatch = Annotated[Batch, Depends(_own_batch)]


async def _language(request: Request) -> Language:
    return language(request)


Lang = Annotated[Language, Depends(_language)]


async def _teller(request: Request, desk: TheDesk, lang: Lang) -> Teller:
    return Teller(desk, request.app.state.glances, lang)


async def _transfers(request: Request) -> Transfers:
    transfers: Transfers = request.app.state.transfers
    return transfers


TheTeller = Annotated[Teller, Depends(_teller)]
TheTransfers = Annotated[Transfers, Depends(_transfers)]
Sha256 = Annotated[str, InPath(pattern="^[0-9a-f]{64}$", description="The file, by its content.")]
After = Annotated[int, Query(ge=0, lt=1 << 62, description="The `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        max_length=64,
        pattern="^[!-~]+$",
        description="The same key with the same request makes one thing, however often it is sent.",
    ),
]
