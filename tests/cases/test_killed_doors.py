"""Killed at any named point, a batch is opened whole and a message arrives."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline import wiring
from pipeline.cases.batches import NewBatch
from pipeline.cases.carrier import Answer
from pipeline.cases.courier import Courier
from pipeline.cases.desk import Desk, NewApplication
from pipeline.cases.webhooks import NewWebhook
from pipeline.database.applications import SqlApplications
from pipeline.database.batches import SqlBatches
from pipeline.database.outbox import SqlOutbox
from tests.cases.conftest import Clock
from tests.cases.dying import KilledError, Patch, always, at, handed_over, started

BATCHES: dict[str, Patch] = {
    "before the batch is kept": at(SqlBatches, "add", after=False, when=always),
    "after the batch is kept": at(SqlBatches, "add", after=True, when=always),
    "after its first application": at(SqlApplications, "open", after=True, when=always),
}


@pytest.mark.parametrize("point", BATCHES)
def test_a_batch_killed_at_a_point_is_opened_whole(
    data: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    new = NewBatch(applications=tuple(NewApplication(reference=f"LN-{n}") for n in range(3)))
    with monkeypatch.context() as patches, started(data, Clock()) as desk:
        BATCHES[point](patches)
        with pytest.raises(KilledError):
            wiring.bundles(desk).open("bank-app", new, idempotency_key="evening")

    with started(data, Clock()) as desk:
        progress = wiring.bundles(desk).open("bank-app", new, idempotency_key="evening")

        told = [application.reference for application in progress.applications]
        assert told == ["LN-0", "LN-1", "LN-2"]
        assert len(desk.applications.every()) == 3


MESSAGES: dict[str, tuple[Patch, int]] = {
    "before the claim": (at(SqlOutbox, "claim", after=False, when=always), 1),
    "after the claim": (at(SqlOutbox, "claim", after=True, when=always), 1),
    "after it is sent": (at(SqlOutbox, "settle", after=False, when=always), 2),
    "after it is settled": (at(SqlOutbox, "settle", after=True, when=always), 1),
}
"""And how often the first message arrives: what was sent and not settled goes again."""


def courier(desk: Desk, received: list[str]) -> Courier:
    """Return a courier of a process, whose messages arrive."""
    home = wiring.courier(desk.services).subscriptions

    def carry(_url: str, headers: Mapping[str, str], _body: str) -> Answer:
        received.append(headers["webhook-id"])
        return Answer(200, None)

    return Courier(home, carry)


@pytest.mark.parametrize("point", MESSAGES)
def test_a_message_killed_at_a_point_arrives(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    patch, times = MESSAGES[point]
    clock, received = Clock(), list[str]()
    with monkeypatch.context() as patches, started(data, clock) as desk:
        dying = courier(desk, received)
        dying.subscriptions.register("bank-app", NewWebhook(url="https://portal.bank.example/hook"))
        handed_over(desk, tmp_path)
        patch(patches)
        dying.step()
        dying.finish()

    clock.on(hours=1)  # the claim of the dead runs out
    with started(data, clock) as desk:
        living = courier(desk, received)
        living.step()
        living.finish()
        events = desk.applications.events(desk.applications.every()[0].id)

    counts = Counter(received)
    assert counts[received[0]] == times
    assert len(counts) == len(events)
    assert sum(counts.values()) == len(events) + times - 1
