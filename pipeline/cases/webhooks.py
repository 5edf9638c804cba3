"""What a portal can do with its webhooks: register, rotate, try out, look up, send again."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Annotated, Final

from pydantic import ConfigDict
from pydantic import Field as Default

from pipeline.cases.refused import Refused
from pipeline.cases.signing import secret_of, valid
from pipeline.cases.targets import BadTargetError, is_allowed, parsed
from pipeline.ports import (
    PING,
    Clock,
    Delivery,
    Notice,
    Outbox,
    Secret,
    Step,
    Webhook,
    Webhooks,
)
from pipeline.settings import WebhookSettings
from schemas.base import Model

_MOST: Final = 10
"""Addresses of one portal."""
_OVERLAP: Final = timedelta(hours=24)
"""How long the secret before still signs after it was rotated."""


class NewWebhook(Model):
    """An address that is to be told what happens."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {"url": "https://portal.bank.example/zishen", "events": ["decided", "breached"]}
            ]
        },
    )

    url: Annotated[str, Default(min_length=1, max_length=512)]
    """Where to POST to: `https`, a host and a path."""
    events: Annotated[tuple[Step, ...], Default(max_length=len(Step))] = ()
    """Steps of applications that it is told of; none named is all."""


@dataclass(frozen=True)
class Shown:
    """A webhook and its newest secret, which is shown only now."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True)
class Subscriptions:
    """The webhooks of all portals; each sees its own."""

    webhooks: Webhooks
    outbox: Outbox
    clock: Clock
    settings: WebhookSettings
    key: bytes

    def register(
        self,
        owner: str,
        new: NewWebhook,
        *,
        branch: str = "",
        idempotency_key: str | None = None,
    ) -> Shown:
        """Keep an address, or return the one that the same request made before.

        Raises:
            Refused: nothing may be sent there, or the portal has as many as it may have.
        """
        self._check(new.url)
        events = tuple(sorted(set(new.events)))
        webhook = Webhook(
            id=uuid.uuid4().hex,
            owner=owner,
            branch=branch,
            url=new.url,
            events=events,
            secrets=(Secret(version=1),),
            made_at=self.clock.now(),
        )
        if len(self.webhooks.listed(owner)) >= _MOST:
            raise Refused("api.too_many_webhooks")
        kept = self.webhooks.add(webhook, idempotency_key)
        if (kept.url, kept.events, kept.branch) != (new.url, events, branch) or kept.removed_at:
            raise Refused("api.idempotency_conflict")
        return self._shown(kept)

    def get(self, webhook_id: str) -> Webhook:
        """Return a webhook that is not removed."""
        webhook = self.webhooks.get(webhook_id)
        if webhook is None or webhook.removed_at is not None:
            raise Refused("api.not_found")
        return webhook

    def remove(self, webhook: Webhook) -> None:
        """Send nothing more there."""
        self.webhooks.keep(webhook.model_copy(update={"removed_at": self.clock.now()}))

    def rotate(self, webhook: Webhook) -> Shown:
        """Make another secret; the one before still signs for a day, those before it no more."""
        now = self.clock.now()
        newest = valid(webhook, now)[0]
        ending = newest.model_copy(update={"until": now + _OVERLAP})
        made = Secret(version=newest.version + 1)
        rotated = webhook.model_copy(update={"secrets": (ending, made)})
        self.webhooks.keep(rotated)
        return self._shown(rotated)

    def ping(self, webhook: Webhook) -> None:
        """Send a message that only tries the address out."""
        now = self.clock.now()
        self.outbox.put(webhook, Notice(id=f"ping.{uuid.uuid4().hex}", type=PING, at=now), now)

    def deliveries(self, webhook: Webhook, *, after: int, limit: int) -> Sequence[Delivery]:
        """Return what was sent there and what waits, in the order in which it was made."""
        return self.outbox.listed(webhook.id, after=after, limit=limit)

    def redeliver(self, webhook: Webhook, number: int) -> Delivery:
        """Send a message again, whether it arrived or not; its id stays the same."""
        delivery = self.outbox.get(webhook.id, number)
        if delivery is None:
            raise Refused("api.not_found")
        again = delivery.model_copy(update={"due_at": self.clock.now(), "tried": 0})
        self.outbox.settle(again)
        return again

    def _check(self, url: str) -> None:
        """Refuse at once what would be refused at every sending; names are looked up then."""
        try:
            host = parsed(url, http=self.settings.http).host
        except BadTargetError:
            raise Refused("api.webhook_target") from None
        try:
            address = ip_address(host)
        except ValueError:
            return
        if not is_allowed(address, self.settings.networks):
            raise Refused("api.webhook_target")

    def _shown(self, webhook: Webhook) -> Shown:
        newest = max(secret.version for secret in webhook.secrets)
        return Shown(webhook, secret_of(webhook, newest, self.key))


def backoff(tried: int) -> timedelta:
    """Return how long a message waits after it was tried so often.

    >>> [str(backoff(n)) for n in (1, 2, 5, 12)]
    ['0:00:10', '0:00:30', '0:13:30', '6:00:00']
    """
    factor = int(3 ** min(tried - 1, 16))
    return min(timedelta(seconds=10) * factor, timedelta(hours=6))


def next_due(tried: int, now: datetime, most: int) -> datetime | None:
    """Return when a message that did not arrive is sent again, none when it is given up."""
    return None if tried >= most else now + backoff(tried)
