"""Leases and queues on SQLite and PostgreSQL, drops and inventories on a folder and S3."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.cases.desk import Desk, NewApplication
from pipeline.cases.reviewer import Reviewer, Verdict
from pipeline.database.access import SqlApiKeys, SqlAuditTrail
from pipeline.database.applications import SqlApplications
from pipeline.database.connection import connect
from pipeline.database.repository import SqlRepository
from pipeline.ports import Lease, State
from pipeline.stages.services import Services
from pipeline.storage.drops import BucketDrop
from pipeline.storage.inventory import inventory
from pipeline.storage.minio import Bucket
from pipeline.wiring import SystemClock
from schemas.decisions import Outcome
from tests.cases.conftest import Clock, get, hand_in
from tests.servers import S3


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def on_both(database_url: str, services: Services, clock: Clock) -> Iterator[Desk]:
    """Return a desk on each kind of database in turn."""
    engine = connect(database_url)
    there = replace(services, repository=SqlRepository(engine), database=engine, clock=clock)
    yield Desk(there, SqlApplications(engine), SqlApiKeys(engine), SqlAuditTrail(engine))
    engine.dispose()


def submitted(desk: Desk, folder: Path) -> str:
    application = desk.open("bank-app", NewApplication(), None).id
    hand_in(desk, application, ["licence"], folder)
    desk.submit(application)
    return application


def test_a_lease_is_held_prolonged_and_runs_out(
    on_both: Desk, clock: Clock, tmp_path: Path
) -> None:
    desk, found = on_both, []
    application = submitted(desk, tmp_path)

    def review(_package_id: str) -> Verdict:
        lease = desk.applications.lease(application)
        assert lease is not None
        assert desk.applications.due(clock.now() + timedelta(minutes=1)) is None
        prolonged = Lease(holder=lease.holder, until=clock.now() + timedelta(hours=2))
        found.append(desk.applications.renew(application, prolonged))
        found.append(desk.applications.renew(application, Lease(holder="x", until=lease.until)))
        assert desk.applications.due(clock.now() + timedelta(hours=1)) is None
        assert desk.applications.due(clock.now() + timedelta(hours=3)) is not None
        clock.on(seconds=8)
        return Verdict(1, Outcome.MANUAL, 4)

    assert Reviewer(desk, review).step()
    assert found == [True, False]
    assert desk.applications.lease(application) is None
    ((begun, ended),) = desk.applications.reviews(9)
    assert (ended.at - begun.at, ended.pages) == (timedelta(seconds=8), 4)


def test_the_first_deadline_is_due_first(on_both: Desk, clock: Clock, tmp_path: Path) -> None:
    first = submitted(on_both, tmp_path)
    clock.on(hours=1)
    second = submitted(on_both, tmp_path)
    soon = get(on_both, second).model_copy(update={"deadline": clock.now()})
    assert on_both.applications.restate(soon)

    due = on_both.applications.due(clock.now())

    assert due is not None
    assert due.id == second
    assert [one.id for one in on_both.applications.open_()] == [second, first]
    assert [one.id for one in on_both.applications.every()] == [first, second]
    assert get(on_both, first).state is State.SUBMITTED
    assert not on_both.applications.restate(soon.model_copy(update={"sequence": 99}))


@pytest.fixture
def bucket(s3: S3) -> Bucket:
    bucket = Bucket.of(s3.settings(), SystemClock())
    bucket.client.make_bucket(bucket.name)
    return bucket


@pytest.mark.services
def test_a_drop_in_a_bucket(bucket: Bucket, tmp_path: Path) -> None:
    drop = BucketDrop(bucket, "drop/")
    bucket.write("drop/one/a.pdf", b"%PDF-a")
    bucket.write("drop/one/deep/b.pdf", b"%PDF-b")
    bucket.write("drop/two.zip", b"PK")
    bucket.write("drop/two.zip.done", b"")
    bucket.write("elsewhere/x", b"x")

    one, two = drop.look()
    assert (one.name, one.finished, two.name, two.finished) == ("one", False, "two.zip", True)
    assert drop.look() == [one, two]
    folder = drop.fetch(one, tmp_path)
    assert sorted(p.name for p in folder.rglob("*.pdf")) == ["a.pdf", "b.pdf"]
    assert drop.fetch(two, tmp_path).read_bytes() == b"PK"

    drop.settle(one, None)
    drop.settle(two, "config.manifest")
    assert drop.look() == []
    (mark,) = (kept.key for kept in inventory(bucket).listed("drop/_refused/"))
    assert json.loads(bucket.read(mark) or b"") == {"code": "config.manifest"}
    bucket.write("drop/one/c.pdf", b"%PDF-c")
    assert [dropped.name for dropped in drop.look()] == ["one"]


@pytest.mark.services
def test_an_inventory_of_a_bucket(bucket: Bucket) -> None:
    bucket.write("blobs/aa/bb/one", b"1")
    bucket.write("readings/two", b"22")
    there = inventory(bucket)

    (kept,) = there.listed("blobs/")

    assert (kept.key, kept.size) == ("blobs/aa/bb/one", 1)
    there.remove(kept.key)
    assert not there.has(kept.key)
    assert list(there.listed("blobs/")) == []
