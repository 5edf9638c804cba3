"""The outbox, webhooks and batches, on SQLite and PostgreSQL alike."""

from datetime import UTC, date, datetime, timedelta

from pipeline.database.applications import SqlApplications
from pipeline.database.batches import SqlBatches
from pipeline.database.connection import connect
from pipeline.database.outbox import SqlOutbox
from pipeline.database.webhooks import SqlWebhooks
from pipeline.ports import Application, Attempt, Batch, Event, Secret, State, Step, Webhook

AT = datetime(2026, 10, 15, 4, tzinfo=UTC)


def webhook(number: str, branch: str = "") -> Webhook:
    return Webhook(
        id=number * 32,
        owner="bank-app",
        branch=branch,
        url="https://portal.example/",
        secrets=(Secret(version=1),),
        made_at=AT,
    )


def test_a_message_is_kept_with_its_event_claimed_by_one_and_settled(database_url: str) -> None:
    engine = connect(database_url)
    applications, outbox, webhooks = SqlApplications(engine), SqlOutbox(engine), SqlWebhooks(engine)
    kept = webhooks.add(webhook("1"), "k")
    assert webhooks.add(webhook("2"), "k") == kept
    webhooks.add(webhook("3", branch="xian"), None)
    opened = Application(
        id="a" * 32,
        owner="bank-app",
        branch="beijing",
        reference=None,
        product="sme_small",
        applied_on=date(2026, 10, 15),
        made_at=AT,
    )
    applications.open(opened, None)
    after = opened.model_copy(update={"sequence": 2, "state": State.WITHDRAWN})
    applications.advance(after, Event(step=Step.WITHDRAWN, at=AT))

    due = outbox.due(AT, 10)
    (_, first), _ = due
    claims = [outbox.claim(first, AT + timedelta(seconds=9)) for _ in range(2)]
    arrived = Attempt(at=AT, status=204, trouble=None, milliseconds=3)
    outbox.settle(first.model_copy(update={"due_at": None, "attempts": (arrived,)}))
    told = applications.happened("bank-app", after=0, limit=10, branch="beijing")
    found = outbox.listed(kept.id, after=0, limit=10)

    assert [delivery.type for _, delivery in due] == ["application.opened", "application.withdrawn"]
    assert claims == [True, False]
    assert [delivery.has_arrived for delivery in found] == [True, False]
    assert outbox.due(AT, 10, besides={kept.id}) == ()
    assert [one.event.step for one in told] == [Step.OPENED, Step.WITHDRAWN]
    assert not applications.happened("bank-app", after=0, limit=10, branch="xian")
    webhooks.keep(kept.model_copy(update={"removed_at": AT}))
    assert outbox.due(AT, 10) == ()
    engine.dispose()


def test_a_batch_is_kept_once_and_listed_by_branch(database_url: str) -> None:
    engine = connect(database_url)
    batches = SqlBatches(engine)
    batch = Batch(
        id="b" * 32,
        owner="bank-app",
        branch="beijing",
        reference=None,
        made_at=AT,
        asked="x",
        applications=("a" * 32,),
    )
    kept = batches.add(batch, "k")

    assert batches.add(batch.model_copy(update={"id": "c" * 32}), "k") == kept == batch
    assert batches.get(batch.id) == batch
    assert [one for _, one in batches.listed("bank-app", after=0, limit=5)] == [batch]
    assert not batches.listed("bank-app", after=0, limit=5, branch="xian")
    engine.dispose()
