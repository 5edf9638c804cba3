"""Sessions of the database: to read, and to write everything or nothing.

SQLite has one writer at a time, and one that it keeps waiting sleeps and may be passed by others
time and again. So the writers of a process stand in line before it; those of other processes meet
at the lock of the database, as writers of PostgreSQL meet at rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.database.connection import LINE, told
from pipeline.database.tables import Base
from schemas.errors import StorageError

_PATIENCE_SECONDS: Final = 60.0
"""More than a writer waits for one of another process."""


@contextmanager
def reading(engine: Engine, action: str) -> Iterator[Session]:
    """Yield a session that only reads.

    Raises:
        StorageError: the database failed at the action.
    """
    with told(action), Session(engine) as session:
        yield session


@contextmanager
def writing(engine: Engine, action: str) -> Iterator[Session]:
    """Yield a session of which everything is kept at the end, and nothing after an error.

    Raises:
        StorageError: the database failed at the action.
    """
    with told(action), _turn(engine, action), Session(engine) as session, session.begin():
        yield session


def added(
    engine: Engine, action: str, *rows: Base, also: Callable[[Session], None] | None = None
) -> bool:
    """Keep rows, and what else belongs to them, unless a key of one is taken already.

    Returns:
        Whether they were kept.

    Raises:
        StorageError: the database failed at the action.
    """
    with (
        told(action),
        suppress(IntegrityError),  # a key is taken
        _turn(engine, action),
        Session(engine) as session,
        session.begin(),
    ):
        session.add_all(rows)
        session.flush()
        if also is not None:
            also(session)
        return True
    return False


@contextmanager
def _turn(engine: Engine, action: str) -> Iterator[None]:
    """Wait for the writers of this process that came first, where the database has one line."""
    line: Lock | None = engine.get_execution_options().get(LINE)
    if line is None:
        yield
        return
    if not line.acquire(timeout=_PATIENCE_SECONDS):
        raise StorageError(action, "others write all the while")
    try:
        yield
    finally:
        line.release()
