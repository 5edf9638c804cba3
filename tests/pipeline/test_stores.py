"""What is kept beside packages and records, and who comes first, on SQLite and PostgreSQL alike."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from pipeline.database.access import SqlApiKeys
from pipeline.database.applications import SqlApplications
from pipeline.database.batches import SqlBatches
from pipeline.database.connection import connect
from pipeline.database.outbox import SqlOutbox
from pipeline.database.people import SqlPeople, SqlSessions
from pipeline.database.queue import SqlQueue
from pipeline.database.webhooks import SqlWebhooks
from pipeline.ports import (
    ApiKey,
    Application,
    Asked,
    Batch,
    Event,
    Lease,
    Person,
    Role,
    Session,
    State,
    Step,
)
from tests.pipeline.fakes import NOON
from tests.pipeline.test_outbox import webhook

AT_ONCE = 6
Told = TypeVar("Told")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


def together(do: Callable[[int], Told]) -> list[Told]:
    """Do something several times at the same moment."""
    ready = Barrier(AT_ONCE)

    def one(number: int) -> Told:
        ready.wait()
        return do(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def application(number: int = 0, **more: object) -> Application:
    opened = Application(
        id=f"{number:032x}",
        owner="bank-app",
        reference=f"LN-{number}",
        product="sme_small",
        applied_on=NOON.date(),
        made_at=NOON,
    )
    return opened.model_copy(update=more)


def person(number: int = 0, login: str = "li") -> Person:
    return Person(
        id=f"p{number}",
        login=login,
        roles=frozenset({Role.REVIEWER}),
        branches=frozenset({"xian"}),
        digest="argon2",
        made_at=NOON,
    )


def batch(number: int) -> Batch:
    return Batch(
        id=f"{number:032x}",
        owner="bank-app",
        branch="",
        reference=None,
        made_at=NOON,
        asked="x",
        applications=(),
    )


def test_the_queue_finds_by_state_branch_product_and_number(engine: Engine) -> None:
    applications, queue = SqlApplications(engine), SqlQueue(engine)
    waiting = {"state": State.WAITING_REVIEWER}
    kept = [
        application(0, **waiting),
        application(1, **waiting, branch="xian", deadline=NOON + timedelta(hours=2)),
        application(2, **waiting, branch="xian", deadline=NOON + timedelta(hours=1)),
        application(3, branch="xian", reference="50%_off", product="other"),
    ]
    for one in kept:
        applications.open(one, None)

    def found(states: set[State], branches: set[str] | None = None, **more: str) -> list[int]:
        within = None if branches is None else frozenset(branches)
        asked = Asked(branches=within, states=frozenset(states), **more)
        listed = queue.listed(asked, offset=0, limit=9)
        assert queue.count(asked) == len(listed)
        return [int(one.id, 16) for one in listed]

    every = set(State)
    assert found({State.WAITING_REVIEWER}) == [2, 1, 0]
    assert found({State.WAITING_REVIEWER}, {"xian"}) == [2, 1]
    assert found(every, {""}) == [0]
    assert found(every, product="other") == found(every, reference="%_") == [3]
    assert found(every, reference="LN-1") == [1]
    assert found(every, set()) == []
    paged = Asked(branches=None, states=frozenset(every))
    assert [int(one.id, 16) for one in queue.listed(paged, offset=1, limit=2)] == [1, 3]


def test_of_several_who_take_a_login_at_once_one_has_it(engine: Engine) -> None:
    people = SqlPeople(engine)

    taken = together(lambda number: people.add(person(number)))

    assert sorted(taken) == [False] * (AT_ONCE - 1) + [True]
    (kept,) = people.listed()
    assert people.by_login("li") == people.get(kept.id) == kept == person(taken.index(True))
    people.change(kept.model_copy(update={"disabled_at": NOON}))
    assert people.listed()[0].disabled_at == NOON


def test_sessions_begin_are_used_and_end(engine: Engine) -> None:
    SqlPeople(engine).add(person())
    sessions = SqlSessions(engine)
    for digest in ("a", "b", "c"):
        made = Session(digest=digest, person_id="p0", csrf="t", made_at=NOON, seen_at=NOON)
        sessions.add(made)
    later = NOON + timedelta(hours=1)

    sessions.seen("a", later)
    sessions.end("b")
    sessions.sweep(NOON + timedelta(minutes=1))

    used = sessions.get("a")
    assert used is not None
    assert used.seen_at == later
    assert sessions.get("b") is sessions.get("c") is None
    sessions.end_all("p0")
    assert sessions.get("a") is None


def test_the_same_request_at_once_makes_one_thing(engine: Engine) -> None:
    applications, batches = SqlApplications(engine), SqlBatches(engine)
    webhooks = SqlWebhooks(engine)

    opened = together(lambda number: applications.open(application(number), "k").id)
    made = together(lambda number: batches.add(batch(number), "k").id)
    told = together(lambda number: webhooks.add(webhook(f"{number}"), "k").id)

    assert [len(set(one)) for one in (opened, made, told)] == [1, 1, 1]
    assert [one.id for one in applications.every()] == [opened[0]]
    assert [event.step for event in applications.events(opened[0])] == [Step.OPENED]
    assert [one.id for _, one in batches.listed("bank-app", after=0, limit=9)] == [made[0]]
    assert [one.id for one in webhooks.listed()] == [told[0]]
    assert batches.get(made[0]) == batch(int(made[0], 16))
    assert batches.get("none") is webhooks.get("none") is applications.get("none") is None


def test_of_several_who_begin_a_review_at_once_one_holds_the_lease(engine: Engine) -> None:
    applications = SqlApplications(engine)
    applications.open(application(due_at=NOON), None)
    until = NOON + timedelta(minutes=5)

    def begin(number: int) -> bool:
        after = application(due_at=NOON, sequence=2, state=State.REVIEWING)
        lease = Lease(holder=f"h{number}", until=until)
        return applications.advance(after, Event(step=Step.REVIEWING, at=NOON), lease)

    began = together(begin)

    assert began.count(True) == 1
    lease = applications.lease(application().id)
    assert lease == Lease(holder=f"h{began.index(True)}", until=until)
    assert [event.step for event in applications.events(application().id)] == [
        Step.OPENED,
        Step.REVIEWING,
    ]
    assert applications.due(NOON) is None


def test_a_message_is_claimed_by_one_of_several(engine: Engine) -> None:
    SqlWebhooks(engine).add(webhook("1"), None)
    SqlApplications(engine).open(application(), None)
    outbox = SqlOutbox(engine)
    ((_, delivery),) = outbox.due(NOON, 9)

    claimed = together(lambda number: outbox.claim(delivery, NOON + timedelta(seconds=number + 1)))

    assert claimed.count(True) == 1
    assert outbox.due(NOON, 9) == ()


def test_a_key_ends_once(engine: Engine) -> None:
    keys = SqlApiKeys(engine)
    key = ApiKey(id="k", owner="bank-app", digest="d", made_at=NOON)
    keys.add(key)

    for hours in (1, 2):
        keys.revoke("k", NOON + timedelta(hours=hours))

    (kept,) = keys.listed()
    assert keys.get("k") == kept
    assert kept.revoked_at == NOON + timedelta(hours=1)
    assert keys.get("none") is None
