"""Webhooks: registered, rotated, tried out; what was sent to them, and that sent again."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as InPath

from pipeline.api.deps import (
    After,
    IdempotencyKey,
    Limit,
    OwnWebhook,
    TheSubscriptions,
    TheVisit,
)
from pipeline.api.problems import documented
from pipeline.api.views.webhooks import (
    DeliveryPage,
    DeliveryView,
    WebhookList,
    WebhookShown,
    WebhookView,
)
from pipeline.cases.webhooks import NewWebhook

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
_OWN = ("api.unauthorised", "api.not_found")
Number = Annotated[int, InPath(ge=1, lt=1 << 31, description="`number` of the message.")]


@router.post(
    "",
    status_code=201,
    responses=documented(
        "api.unauthorised",
        "api.webhook_target",
        "api.too_many_webhooks",
        "api.idempotency_conflict",
        "api.request_too_large",
    ),
)
def add_webhook(
    visit: TheVisit,
    subscriptions: TheSubscriptions,
    response: Response,
    new: NewWebhook,
    idempotency_key: IdempotencyKey = None,
) -> WebhookShown:
    """Register an address. The answer shows the secret that its messages are signed with."""
    visit.note("*")
    shown = subscriptions.register(
        visit.key.owner, new, branch=visit.key.branch, idempotency_key=idempotency_key
    )
    response.headers["Location"] = f"/v1/webhooks/{shown.webhook.id}"
    return WebhookShown.shown(shown)


@router.get("", responses=documented("api.unauthorised"))
def list_webhooks(visit: TheVisit, subscriptions: TheSubscriptions) -> WebhookList:
    """List your webhooks."""
    visit.note("*")
    found = subscriptions.webhooks.listed(visit.key.owner)
    return WebhookList(
        items=tuple(WebhookView.of(webhook) for webhook in found if visit.may_see(webhook))
    )


@router.get("/{webhook_id}", responses=documented(*_OWN))
def get_webhook(webhook: OwnWebhook) -> WebhookView:
    """Say a webhook, without its secret."""
    return WebhookView.of(webhook)


@router.delete("/{webhook_id}", status_code=204, responses=documented(*_OWN))
def remove_webhook(subscriptions: TheSubscriptions, webhook: OwnWebhook) -> None:
    """Send nothing more to an address; what waits for it is dropped."""
    subscriptions.remove(webhook)


@router.post("/{webhook_id}/secret", status_code=201, responses=documented(*_OWN))
def rotate_secret(subscriptions: TheSubscriptions, webhook: OwnWebhook) -> WebhookShown:
    """Make another secret. For a day, messages are signed with the one before as well."""
    return WebhookShown.shown(subscriptions.rotate(webhook))


@router.post("/{webhook_id}/ping", status_code=202, responses=documented(*_OWN))
def ping_webhook(subscriptions: TheSubscriptions, webhook: OwnWebhook) -> WebhookView:
    """Send a message of the type `ping`, to try an address out."""
    subscriptions.ping(webhook)
    return WebhookView.of(webhook)


@router.get("/{webhook_id}/deliveries", responses=documented(*_OWN))
def list_deliveries(
    subscriptions: TheSubscriptions, webhook: OwnWebhook, after: After = 0, limit: Limit = 50
) -> DeliveryPage:
    """List the messages to an address: what arrived, what waits, what was given up and why."""
    found = subscriptions.deliveries(webhook, after=after, limit=limit)
    return DeliveryPage(
        items=tuple(DeliveryView.of(delivery) for delivery in found),
        next=found[-1].number if len(found) == limit else None,
    )


@router.post(
    "/{webhook_id}/deliveries/{number}/redeliver", status_code=202, responses=documented(*_OWN)
)
def redeliver(subscriptions: TheSubscriptions, webhook: OwnWebhook, number: Number) -> DeliveryView:
    """Send a message again under the same id, whether it arrived or not."""
    return DeliveryView.of(subscriptions.redeliver(webhook, number))
