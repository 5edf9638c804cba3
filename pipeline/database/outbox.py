"""Events and the messages about them, kept in one transaction.

A message exists exactly when its event does, whatever ends the process in between. The messages
are sent later, by whoever looks for what is due.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from pipeline.database import chain
from pipeline.database.tables import ApplicationEventRow, DeliveryRow, WebhookRow
from pipeline.database.transactions import reading, writing
from pipeline.ports import Application, Delivery, Event, Notice, Webhook


def append(session: Session, after: Application, event: Event) -> None:
    """Add an event, and a message for every address of the owner that wants it.

    Events are chained one after the other, so that a reader who goes by their numbers never
    passes one that is not there yet.
    """
    chain.append(
        session,
        ApplicationEventRow(
            application_id=after.id,
            sequence=after.sequence,
            step=event.step,
            content=event.model_dump(mode="json"),
        ),
    )
    rows = session.scalars(select(WebhookRow.content).where(WebhookRow.owner == after.owner))
    for webhook in map(Webhook.model_validate, rows.all()):
        if webhook.wants(after, event.step):
            session.add(_row(webhook, Notice.of(after, event), event.at))


@dataclass(frozen=True)
class SqlOutbox:
    """Keeps messages; `claim` lets several servers send from one database."""

    engine: Engine

    def put(self, webhook: Webhook, notice: Notice, due_at: datetime) -> None:
        """Keep a message that belongs to no event."""
        with writing(self.engine, "keep a message") as session:
            session.add(_row(webhook, notice, due_at))

    def due(
        self, now: datetime, limit: int, besides: Collection[str] = ()
    ) -> Sequence[tuple[Webhook, Delivery]]:
        """Return what is to be sent, the oldest first, but not to the addresses `besides`."""
        row = DeliveryRow
        asked = (
            select(row, WebhookRow.content)
            .join(WebhookRow, WebhookRow.id == row.webhook_id)
            .where(row.due <= now.timestamp(), row.webhook_id.not_in(besides))
            .order_by(row.due, row.number)
            .limit(limit)
        )
        with reading(self.engine, "look for messages") as session:
            return tuple(
                (Webhook.model_validate(content), _delivery(found))
                for found, content in session.execute(asked)
            )

    def claim(self, delivery: Delivery, until: datetime) -> bool:
        """Keep others from sending it for a while; return whether nobody else was faster."""
        claimed = (
            update(DeliveryRow)
            .where(DeliveryRow.number == delivery.number, DeliveryRow.due == _due(delivery))
            .values(due=until.timestamp())
            .returning(DeliveryRow.number)
        )
        with writing(self.engine, "claim a message") as session:
            return session.scalars(claimed).first() is not None

    def settle(self, delivery: Delivery) -> None:
        """Keep a message as it is after an attempt, or as it is asked for again."""
        settled = (
            update(DeliveryRow)
            .where(DeliveryRow.number == delivery.number)
            .values(due=_due(delivery), content=_content(delivery))
        )
        with writing(self.engine, "settle a message") as session:
            session.execute(settled)

    def get(self, webhook_id: str, number: int) -> Delivery | None:
        """Return a message, None when there is none."""
        asked = select(DeliveryRow).where(
            DeliveryRow.webhook_id == webhook_id, DeliveryRow.number == number
        )
        with reading(self.engine, "read a message") as session:
            found = session.scalars(asked).first()
            return None if found is None else _delivery(found)

    def listed(self, webhook_id: str, *, after: int, limit: int) -> Sequence[Delivery]:
        """Return the messages of an address in the order in which they were made."""
        row = DeliveryRow
        asked = select(row).where(row.webhook_id == webhook_id, row.number > after)
        with reading(self.engine, "list messages") as session:
            rows = session.scalars(asked.order_by(row.number).limit(limit))
            return tuple(_delivery(found) for found in rows)


def _row(webhook: Webhook, notice: Notice, due_at: datetime) -> DeliveryRow:
    delivery = Delivery(
        number=0,
        webhook_id=webhook.id,
        notice_id=notice.id,
        type=notice.type,
        body=notice.model_dump_json(),
        made_at=notice.at,
        due_at=due_at,
    )
    return DeliveryRow(
        webhook_id=webhook.id,
        notice_id=notice.id,
        due=_due(delivery),
        content=_content(delivery),
    )


def _content(delivery: Delivery) -> dict[str, Any]:
    """Return what stands in no column of its own."""
    return delivery.model_dump(mode="json", exclude={"number", "due_at"})


def _delivery(row: DeliveryRow) -> Delivery:
    due_at = None if row.due is None else datetime.fromtimestamp(row.due, UTC)
    return Delivery.model_validate({**row.content, "number": row.number, "due_at": due_at})


def _due(delivery: Delivery) -> float | None:
    return None if delivery.due_at is None else delivery.due_at.timestamp()
