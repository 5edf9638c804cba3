"""Tampering with what was written once is found, whoever may write to the database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, func, select, text, update

from pipeline.database.access import SqlAuditTrail
from pipeline.database.applications import SqlApplications
from pipeline.database.audit import SqlChains
from pipeline.database.chain import CHAINED, ERASED, fingerprint
from pipeline.database.connection import connect
from pipeline.database.repository import SqlRepository
from pipeline.database.tables import VIEWS, Base, ChainRow
from pipeline.ports import Access, Application, Event, FlawKind, Step
from pipeline.stages import audit
from pipeline.storage.folder import Folder
from schemas.decisions import Outcome
from schemas.errors import StorageError
from tests.pipeline.fakes import NOON, StandingClock
from tests.pipeline.test_database import PACKAGE, record

TABLES = {kind.__tablename__: kind.__table__ for kind in CHAINED}
ROWS = 3


@dataclass(frozen=True)
class Kept:
    """A database with three rows in each chain."""

    engine: Engine

    @property
    def chains(self) -> SqlChains:
        return SqlChains(self.engine)

    def flaws(self) -> list[tuple[str, FlawKind]]:
        return [(flaw.chain, flaw.kind) for flaw in self.chains.flaws()]


def access(number: int = 1, action: str = "read") -> Access:
    return Access(
        at=NOON,
        owner="portal",
        key_id=f"k{number}",
        action=action,
        application_id="a",
        allowed=True,
    )


@pytest.fixture
def kept(database_url: str) -> Iterator[Kept]:
    engine = connect(database_url)
    repository, applications = SqlRepository(engine), SqlApplications(engine)
    repository.add_package(PACKAGE)
    application = Application(
        id="a", owner="portal", reference=None, product="p", applied_on=NOON.date(), made_at=NOON
    )
    applications.open(application, None)
    for number in range(1, ROWS + 1):
        SqlAuditTrail(engine).add(access(number))
        outcome = Outcome.PASS if number % 2 else Outcome.MANUAL
        repository.add_record(record(outcome=outcome))
        if number > 1:
            after = application.model_copy(update={"sequence": number})
            assert applications.advance(after, Event(step=Step.SUBMITTED, at=NOON))
    yield Kept(engine)
    engine.dispose()


def test_what_was_not_touched_holds(kept: Kept) -> None:
    assert kept.flaws() == []
    assert [(end.chain, end.number) for end in kept.chains.ends()] == [
        ("accesses", ROWS),
        ("application_events", ROWS),
        ("records", ROWS),
    ]


def test_every_table_is_chained_made_of_records_or_meant_to_change() -> None:
    """Who adds a table says which: what is written once belongs into a chain."""
    meant_to_change = {
        "api_keys",
        "applications",
        "batches",
        "chains",
        "checked_values",
        "deliveries",
        "failed_logins",
        "people",
        "sessions",
        "signing_in",
        "webhooks",
    }
    repeated = {"packages"}  # in each of their records
    of_records = {view.__tablename__ for view in VIEWS}

    assert set(Base.metadata.tables) == {*TABLES, *of_records, *repeated, *meant_to_change}


def changed(connection: Connection, name: str, number: int, data: st.DataObject) -> None:
    """Change one column of a row to another value."""
    table = TABLES[name]
    column = data.draw(st.sampled_from([c for c in table.columns if not c.primary_key]))
    now = connection.execute(select(column).where(table.c.number == number)).scalar_one()
    if isinstance(now, dict):
        key = data.draw(st.sampled_from(sorted(now)))
        other: Any = {**now, key: {"other": now[key]}}
    elif isinstance(now, int):
        other = now + 1000
    else:
        other = "f" * 64 if column.name == "digest" else f"{now}x"
    connection.execute(update(table).where(table.c.number == number).values({column.name: other}))


def removed(connection: Connection, name: str, number: int, _: st.DataObject) -> None:
    table = TABLES[name]
    connection.execute(delete(table).where(table.c.number == number))


def swapped(connection: Connection, name: str, number: int, data: st.DataObject) -> None:
    table = TABLES[name]
    other = data.draw(st.integers(1, ROWS).filter(lambda n: n != number))
    for old, new in ((number, -1), (other, number), (-1, other)):
        connection.execute(update(table).where(table.c.number == old).values(number=new))


@pytest.mark.parametrize("tamper", [changed, removed, swapped])
@given(name=st.sampled_from(sorted(TABLES)), number=st.integers(1, ROWS), data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_that_is_changed_removed_or_moved_is_found(
    kept: Kept,
    tamper: Callable[[Connection, str, int, st.DataObject], None],
    name: str,
    number: int,
    data: st.DataObject,
) -> None:
    with kept.engine.connect() as connection:
        _without_references(connection)
        tamper(connection, name, number, data)
        on_this = SqlChains(connection)  # type: ignore[arg-type]  what it does is taken back
        found = [(flaw.chain, flaw.kind) for flaw in on_this.flaws()]
        connection.rollback()

    assert {chain for chain, _ in found} == {name}
    assert kept.flaws() == []


def _without_references(connection: Connection) -> None:
    """Do as an administrator can, whom no foreign key stops."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA foreign_keys = OFF"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_tail_that_is_cut_off_together_with_its_end_is_found_by_an_anchor(
    kept: Kept, name: str, tmp_path: Path
) -> None:
    objects = Folder(tmp_path / "objects")
    audit.anchor(kept.chains, objects, StandingClock())
    table = TABLES[name]
    with kept.engine.begin() as connection:
        _without_references(connection)
        for view in ("decisions", "licences", "statement_lines", "ratios", "findings"):
            connection.execute(text(f"DELETE FROM {view} WHERE revision = {ROWS}"))  # noqa: S608
        connection.execute(delete(table).where(table.c.number == ROWS))
        digest = connection.execute(
            select(table.c.digest).where(table.c.number == ROWS - 1)
        ).scalar_one()
        end = update(ChainRow).where(ChainRow.name == name)
        connection.execute(end.values(last=ROWS - 1, digest=digest))

    assert kept.flaws() == []
    found = [(flaw.chain, flaw.kind) for flaw in audit.flaws(kept.chains, objects)]
    assert found == [(name, FlawKind.CUT)]


def test_a_chain_that_was_made_anew_is_found_by_an_anchor(kept: Kept, tmp_path: Path) -> None:
    objects = Folder(tmp_path / "objects")
    audit.anchor(kept.chains, objects, StandingClock())
    trail = SqlAuditTrail(kept.engine)
    with kept.engine.begin() as connection:
        connection.execute(delete(TABLES["accesses"]))
        end = update(ChainRow).where(ChainRow.name == "accesses")
        connection.execute(end.values(last=0, digest="0" * 64))
    for number in range(1, ROWS + 1):
        trail.add(access(number, action="nothing"))

    assert kept.flaws() == []
    found = [(flaw.chain, flaw.kind) for flaw in audit.flaws(kept.chains, objects)]
    assert found == [("accesses", FlawKind.REWRITTEN)]


def test_an_anchor_that_still_fits_is_no_flaw_after_more_was_written(
    kept: Kept, tmp_path: Path
) -> None:
    objects = Folder(tmp_path / "objects")
    audit.anchor(kept.chains, objects, StandingClock())

    SqlAuditTrail(kept.engine).add(access(9))

    assert list(audit.flaws(kept.chains, objects)) == []


def test_a_damaged_anchor_is_an_error(kept: Kept, tmp_path: Path) -> None:
    objects = Folder(tmp_path / "objects")
    objects.write("audit/x.json", b"[]]")

    with pytest.raises(StorageError, match="damaged"):
        list(audit.flaws(kept.chains, objects))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_content_that_is_gone_without_an_entry_is_found(kept: Kept, name: str) -> None:
    table = TABLES[name]
    with kept.engine.begin() as connection:
        content = connection.execute(
            select(table.c.content).where(table.c.number == 2)
        ).scalar_one()
        erased = {ERASED: fingerprint(content)}
        connection.execute(update(table).where(table.c.number == 2).values(content=erased))

    assert kept.flaws() == [(name, FlawKind.ERASED)]


def test_many_who_write_at_once_make_one_chain(kept: Kept) -> None:
    trail = SqlAuditTrail(kept.engine)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(trail.add, [access(number) for number in range(40)]))

    assert kept.flaws() == []
    table = TABLES["accesses"]
    with kept.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == ROWS + 40


def test_entries_are_told_in_their_order_with_their_seals(kept: Kept) -> None:
    entries = list(kept.chains.entries())

    assert [entry["number"] for entry in entries] == [1, 2, 3]
    assert [entry["key_id"] for entry in entries] == ["k1", "k2", "k3"]
    assert entries[-1]["digest"] == kept.chains.ends()[0].digest
