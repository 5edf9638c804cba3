"""Addresses that are told what happens, by SQLAlchemy."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select, update

from pipeline.database.owned import content_of, first
from pipeline.database.tables import DeliveryRow, WebhookRow
from pipeline.database.transactions import reading, writing
from pipeline.ports import Webhook


@dataclass(frozen=True)
class SqlWebhooks:
    """Keeps addresses; none is ever deleted, since messages speak of them."""

    engine: Engine

    def add(self, webhook: Webhook, idempotency_key: str | None) -> Webhook:
        """Keep an address and return what is kept: the first of its owner with that key."""
        row = WebhookRow(
            id=webhook.id,
            owner=webhook.owner,
            idempotency_key=idempotency_key,
            content=webhook.model_dump(mode="json"),
        )
        return Webhook.model_validate(first(self.engine, "add a webhook", row))

    def get(self, webhook_id: str) -> Webhook | None:
        """Return an address, removed or not, None when there is none."""
        content = content_of(self.engine, "read a webhook", WebhookRow, webhook_id)
        return None if content is None else Webhook.model_validate(content)

    def listed(self, owner: str | None = None) -> Sequence[Webhook]:
        """Return the addresses that are not removed, those of one owner or all."""
        asked = select(WebhookRow.content).order_by(WebhookRow.number)
        if owner is not None:
            asked = asked.where(WebhookRow.owner == owner)
        with reading(self.engine, "list webhooks") as session:
            kept = map(Webhook.model_validate, session.scalars(asked).all())
            return tuple(webhook for webhook in kept if webhook.removed_at is None)

    def keep(self, webhook: Webhook) -> None:
        """Keep an address as it is now; one that is removed gets nothing more."""
        kept = (
            update(WebhookRow)
            .where(WebhookRow.id == webhook.id)
            .values(content=webhook.model_dump(mode="json"))
        )
        waiting = update(DeliveryRow).where(DeliveryRow.webhook_id == webhook.id)
        with writing(self.engine, "change a webhook") as session:
            session.execute(kept)
            if webhook.removed_at is not None:
                session.execute(waiting.values(due=None))
