"""Opens the database and brings its tables to the version of the code.

Operators of a server do that with `zishen db upgrade`.
"""

import functools
import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, Pool, create_engine, event
from sqlalchemy.exc import (
    ArgumentError,
    IntegrityError,
    InterfaceError,
    InvalidRequestError,
    OperationalError,
    TimeoutError,  # noqa: A004  SQLAlchemy's, of its pool
)

from schemas.errors import SettingsError, StorageError

_BUSY_SECONDS = 30
"""How long a writer of SQLite waits for another one."""
LINE: Final = "line"
"""The option of an engine of SQLite under which its writers have a lock to stand in line at."""
_CONNECTIONS: Final = 20
"""Kept open by a process, of those that its threads have wanted at once."""
_inherited: Final[list[Pool]] = []
"""Connections of the process that this one was forked from; closing them would be felt there."""
_LOCKS: Final = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "SELECT pg_advisory_xact_lock(2053731176)",
}
"""What keeps two from migrating one database at once; the databases that are supported."""


def connect(url: str) -> Engine:
    """Return the database, ready for use. The embedded SQLite is brought up to date by this.

    Raises:
        SettingsError: the URL is of no use, or a server's tables are of another version.
        StorageError: the database cannot be reached.
    """
    engine = opened(url)
    with told("open the database"):
        if _is_current(engine):
            return engine
    if engine.dialect.name != "sqlite":
        engine.dispose()
        raise SettingsError(
            "the tables of the database are not those of this version; run `zishen db upgrade`"
        )
    migrate(engine)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to the version of the code.

    A lock is taken first, so that processes which start together wait for the one that does
    the work.

    Raises:
        SettingsError: the database is of a newer version than the code.
        StorageError: the database cannot be reached.
    """
    with told("migrate the database"), engine.begin() as connection:
        connection.exec_driver_sql(_LOCKS[engine.dialect.name])
        config = _config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise SettingsError(f"the database does not fit this version: {error}") from error


@contextmanager
def told(action: str) -> Iterator[None]:
    """Turn what is worth retrying into StorageError; everything else passes.

    Of what the driver says only the first line is kept, since the rest may quote a row.
    """
    try:
        yield
    except (OperationalError, InterfaceError, IntegrityError) as error:
        raise StorageError(action, str(error.orig).partition("\n")[0]) from error
    except TimeoutError as error:
        raise StorageError(action, "no connection came free") from error


def opened(url: str) -> Engine:
    """Return a database as it is; its errors never show the content of a row.

    Raises:
        SettingsError: the URL is of no use.
    """
    try:
        engine = create_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=_CONNECTIONS
        )
    except (ArgumentError, InvalidRequestError, ImportError) as error:
        raise SettingsError(f"ZISHEN_DATABASE__URL: {type(error).__name__}") from error
    if engine.dialect.name not in _LOCKS:
        raise SettingsError("ZISHEN_DATABASE__URL: it wants SQLite or PostgreSQL")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        engine.update_execution_options(**{LINE: Lock()})
    os.register_at_fork(after_in_child=functools.partial(_begin_anew, weakref.ref(engine)))
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    for pragma in (
        f"busy_timeout = {_BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_anew(known: weakref.ref[Engine]) -> None:
    """Let a process that was forked open connections of its own: two must not share one."""
    engine = known()
    if engine is not None:
        _inherited.append(engine.pool)
        engine.dispose(close=False)


def version(engine: Engine) -> str | None:
    """Return the version of the tables, None where there are none.

    Raises:
        StorageError: the database cannot be reached.
    """
    with told("look at the database"), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _is_current(engine: Engine) -> bool:
    return version(engine) == head()


@functools.cache
def head() -> str | None:
    """Return the version of the tables that the code wants."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "pipeline.database:migrations")
    return config
