"""Webhooks and what was sent to them, as the API says them."""

from typing import Literal

from pydantic import AwareDatetime
from pydantic import Field as Default

from pipeline.api.views.base import ID, View
from pipeline.cases.webhooks import Shown
from pipeline.ports import Attempt, Delivery, Step, Webhook

_ID = "5d41402abc4b2a76b9719d911017c592"


class WebhookView(View):
    """An address of yours that is told what happens."""

    id: str = Default(examples=[_ID])
    url: str = Default(examples=["https://portal.bank.example/zishen"])
    events: tuple[Step, ...] = Default(examples=[["decided", "breached"]])
    """Steps that it is told of; none named is all."""
    made_at: AwareDatetime

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookView":
        """Say a webhook, without its secret."""
        return cls(**webhook.model_dump(include=set(cls.model_fields)))


class WebhookShown(WebhookView):
    """A webhook with its newest secret: keep it, it is not shown again."""

    secret: str = Default(examples=["whsec_C2FVsBQIhrscChlQIMV-b5sSYspob7oD"])

    @classmethod
    def shown(cls, shown: Shown) -> "WebhookShown":
        """Say a webhook with its secret."""
        return cls(**WebhookView.of(shown.webhook).model_dump(), secret=shown.secret)


class WebhookList(View):
    """Your webhooks, the oldest first."""

    items: tuple[WebhookView, ...]


class DeliveryView(View):
    """A message to a webhook, and how it fared."""

    number: int
    """By it the message can be sent again."""
    id: str = Default(examples=[f"{ID}.4"])
    """What the receiver sees as `webhook-id`, however often it is sent."""
    type: str = Default(examples=["application.decided"])
    made_at: AwareDatetime
    state: Literal["waiting", "arrived", "given_up"]
    next_at: AwareDatetime | None
    """When it is sent next, while it waits."""
    attempts: tuple[Attempt, ...]
    """The latest 20: `trouble` says why one does not count, null where it arrived."""

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryView":
        """Say a message."""
        done: Literal["arrived", "given_up"] = "arrived" if delivery.has_arrived else "given_up"
        return cls(
            number=delivery.number,
            id=delivery.notice_id,
            type=delivery.type,
            made_at=delivery.made_at,
            state=done if delivery.due_at is None else "waiting",
            next_at=delivery.due_at,
            attempts=delivery.attempts,
        )


class DeliveryPage(View):
    """Messages in the order in which they were made."""

    items: tuple[DeliveryView, ...]
    next: int | None
    """Give it as `after` for the next page; null at the end."""
