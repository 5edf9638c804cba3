import os
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from sqlalchemy import create_engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateTable

from pipeline.database.connection import connect, migrate, opened
from pipeline.database.repository import SqlRepository
from pipeline.database.tables import Base, RecordRow
from pipeline.ports import UnknownPackageError
from schemas.decisions import Decision, Outcome
from schemas.documents import Package
from schemas.errors import SettingsError, StorageError
from schemas.records import MadeBy, Record
from tests.builders import clean
from tests.pipeline.fakes import NOON
from tests.strategies import records

PACKAGE = clean().package


@pytest.fixture
def repository(database_url: str) -> Iterator[SqlRepository]:
    """Yield a repository on each kind of database in turn."""
    repository = SqlRepository(connect(database_url))
    yield repository
    repository.engine.dispose()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[SqlRepository]:
    """Yield a repository in SQLite, for what is of SQLite alone."""
    repository = SqlRepository(connect(f"sqlite:///{tmp_path / 'zishen.db'}"))
    yield repository
    repository.engine.dispose()


def record(package: Package = PACKAGE, outcome: Outcome = Outcome.PASS) -> Record:
    return Record(
        package_id=package.id,
        revision=1,
        dossier=clean(),
        findings=(),
        decision=Decision(outcome=outcome),
        made_by=MadeBy(code="c", rulebook="r", policy="p", models=(), device="cpu"),
        made_at=NOON,
    )


def test_the_migrations_make_the_tables_of_the_code(repository: SqlRepository) -> None:
    with repository.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
        for table in Base.metadata.tables.values():
            primary = inspect(connection).get_pk_constraint(table.name)
            assert primary["name"] == table.primary_key.name
            assert primary["constrained_columns"] == [c.name for c in table.primary_key]


def test_postgresql_gets_binary_json() -> None:
    made = str(CreateTable(RecordRow.__table__).compile(dialect=postgresql.dialect()))  # type: ignore[arg-type,no-untyped-call]

    assert "content JSONB NOT NULL" in made


def test_sqlite_is_set_up_for_several_processes(embedded: SqlRepository) -> None:
    with embedded.engine.connect() as connection:
        asked = ("journal_mode", "foreign_keys", "busy_timeout")
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]

    assert told == ["wal", 1, 30_000]


def test_processes_that_migrate_a_database_together_all_get_it(bare_database_url: str) -> None:
    engines = [opened(bare_database_url) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, engines))

    assert all(inspect(engine).has_table("records") for engine in engines)
    for engine in engines:
        engine.dispose()


def test_a_database_from_the_future_is_not_touched(repository: SqlRepository) -> None:
    with repository.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SettingsError, match="does not fit this version"):
        migrate(repository.engine)


def test_opening_a_current_database_changes_nothing(
    database_url: str, repository: SqlRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("pipeline.database.connection.migrate")

    connect(database_url).dispose()


@pytest.mark.parametrize("bare_database_url", ["postgresql"], indirect=True)
def test_a_server_is_only_migrated_by_its_operator(bare_database_url: str) -> None:
    with pytest.raises(SettingsError, match="zishen db upgrade"):
        connect(bare_database_url)

    engine = opened(bare_database_url)
    migrate(engine)
    engine.dispose()
    connect(bare_database_url).dispose()


@pytest.mark.parametrize(
    "url", ["not a url", "cobol://host/db", "mysql+nodriver://host/db", "oracle+oracledb://h/d"]
)
def test_a_url_that_is_of_no_use_is_the_operators(url: str) -> None:
    with pytest.raises(SettingsError, match="ZISHEN_DATABASE__URL"):
        connect(url)


def test_a_database_that_cannot_be_reached_is_worth_a_retry(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        connect(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'z.db'}")


def test_a_locked_database_is_worth_a_retry_and_tells_no_content(
    tmp_path: Path, embedded: SqlRepository
) -> None:
    impatient = create_engine(
        embedded.engine.url, hide_parameters=True, connect_args={"timeout": 0}
    )
    other = sqlite3.connect(tmp_path / "zishen.db")
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="locked") as caught:
        SqlRepository(impatient).add_package(PACKAGE)

    other.close()
    impatient.dispose()
    assert PACKAGE.name not in str(caught.value)
    assert PACKAGE.name not in str(caught.value.__cause__)


def test_a_forked_process_opens_connections_of_its_own(repository: SqlRepository) -> None:
    repository.add_package(PACKAGE)
    before = repository.engine.pool

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads may be running
        child = os.fork()
    if child == 0:
        is_other = repository.engine.pool is not before
        os._exit(0 if is_other and repository.packages() == (PACKAGE,) else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert repository.engine.pool is before
    assert repository.packages() == (PACKAGE,)


def test_no_connection_coming_free_is_worth_a_retry(repository: SqlRepository) -> None:
    narrow = create_engine(
        repository.engine.url, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0
    )

    with narrow.connect(), pytest.raises(StorageError, match="no connection"):
        SqlRepository(narrow).packages()

    narrow.dispose()


def test_the_first_package_with_an_id_stays(repository: SqlRepository) -> None:
    later = PACKAGE.model_copy(update={"name": "later"})

    assert repository.add_package(PACKAGE) == PACKAGE
    assert repository.add_package(later) == PACKAGE
    assert repository.package(PACKAGE.id) == PACKAGE
    assert repository.packages() == (PACKAGE,)


def test_packages_come_in_the_order_of_arrival(repository: SqlRepository) -> None:
    arrived = [PACKAGE.model_copy(update={"id": name}) for name in ("b", "c", "a")]
    for package in (*arrived, arrived[0]):
        repository.add_package(package)

    assert repository.packages() == tuple(arrived)


def test_a_package_that_was_never_taken_in_is_an_error(repository: SqlRepository) -> None:
    with pytest.raises(UnknownPackageError):
        repository.package("nowhere")
    with pytest.raises(UnknownPackageError):
        repository.add_record(record())


def test_a_package_without_a_review_has_no_record(repository: SqlRepository) -> None:
    repository.add_package(PACKAGE)

    assert repository.record(PACKAGE.id) is None
    assert repository.records(PACKAGE.id) == ()


def test_a_record_that_says_nothing_new_is_not_kept_again(repository: SqlRepository) -> None:
    repository.add_package(PACKAGE)
    first = repository.add_record(record())

    again = repository.add_record(
        record().model_copy(update={"made_at": NOON + timedelta(days=1), "revision": 7})
    )

    assert again == first
    assert repository.records(PACKAGE.id) == (first,)


def test_revisions_count_up_and_all_stay(repository: SqlRepository) -> None:
    repository.add_package(PACKAGE)
    outcomes = [Outcome.MANUAL, Outcome.PASS, Outcome.MANUAL]

    added = [repository.add_record(record(outcome=outcome)) for outcome in outcomes]

    assert [one.revision for one in added] == [1, 2, 3]
    assert repository.records(PACKAGE.id) == tuple(added)
    assert repository.record(PACKAGE.id) == added[2]
    assert repository.record(PACKAGE.id, 1) == added[0]
    assert repository.record(PACKAGE.id, 4) is None


def test_a_revision_cannot_be_written_twice(repository: SqlRepository) -> None:
    repository.add_package(PACKAGE)
    repository.add_record(record())

    with repository.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.exec_driver_sql("INSERT INTO records SELECT * FROM records")


def test_many_packages_are_recorded_at_once(repository: SqlRepository) -> None:
    packages = [PACKAGE.model_copy(update={"id": str(number)}) for number in range(12)]

    def work(package: Package) -> int:
        repository.add_package(package)
        return repository.add_record(record(package)).revision

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, packages)) == [1] * 12


def test_two_who_record_the_same_package_at_once_never_write_over_each_other(
    repository: SqlRepository,
) -> None:
    repository.add_package(PACKAGE)

    def work(number: int) -> int:
        made_by = record().made_by.model_copy(update={"code": str(number)})
        return repository.add_record(record().model_copy(update={"made_by": made_by})).revision

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(work, range(12)))

    assert told == list(range(1, 13))
    assert [one.revision for one in repository.records(PACKAGE.id)] == told


@pytest.mark.slow
def test_processes_that_record_the_same_package_at_once_never_double_a_revision(
    repository: SqlRepository, database_url: str
) -> None:
    repository.add_package(PACKAGE)
    program = [sys.executable, "-c", _WRITER, database_url]
    running = [subprocess.Popen([*program, name], stdout=subprocess.PIPE) for name in "ab"]  # noqa: S603

    told = [int(number) for one in running for number in one.communicate()[0].split()]

    assert sorted(told) == list(range(1, 21))
    assert [one.revision for one in repository.records(PACKAGE.id)] == sorted(told)


_WRITER = """
import sys
from pipeline.database.connection import connect
from pipeline.database.repository import SqlRepository
from tests.pipeline.test_database import record
repository = SqlRepository(connect(sys.argv[1]))
for number in range(10):
    made_by = record().made_by.model_copy(update={"code": f"{sys.argv[2]}{number}"})
    print(repository.add_record(record().model_copy(update={"made_by": made_by})).revision)
"""


def test_of_two_who_revise_the_same_record_one_is_told_that_it_is_late(
    repository: SqlRepository,
) -> None:
    repository.add_package(PACKAGE)
    first = repository.add_record(record())
    other = record(outcome=Outcome.MANUAL)

    assert repository.revise(other, after=first.revision) == other.model_copy(
        update={"revision": 2}
    )
    assert repository.revise(record(), after=first.revision) is None


@given(records)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_comes_back_as_it_was(repository: SqlRepository, drawn: Record) -> None:
    repository.add_package(PACKAGE)

    kept = repository.add_record(drawn.model_copy(update={"package_id": PACKAGE.id}))

    assert repository.record(PACKAGE.id) == kept
    assert repository.add_record(kept) == kept
