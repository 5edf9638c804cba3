"""`zishen db`, `zishen audit` and `zishen storage`, as an operator types them."""

import json
import sqlite3
from pathlib import Path

import pytest

from pipeline.cli.exits import ExitCode
from pipeline.database.access import SqlAuditTrail
from pipeline.database.connection import connect, head
from pipeline.ports import Access
from pipeline.stages.services import Services
from tests.cli.conftest import Zishen
from tests.pipeline.fakes import NOON


@pytest.fixture
def database(services: Services) -> Path:
    engine = connect(services.settings.database_url)
    for key in ("k1", "k2", "k3"):
        entry = Access(
            at=NOON, owner="portal", key_id=key, action="read", application_id="a", allowed=True
        )
        SqlAuditTrail(engine).add(entry)
    engine.dispose()
    return services.settings.data_dir / "zishen.db"


def test_the_operator_makes_the_tables_and_sees_their_version(
    zishen: Zishen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZISHEN_DATABASE__URL", f"sqlite:///{tmp_path / 'new.db'}")

    before = zishen("db", "check", "--lang", "en")
    upgraded = zishen("db", "upgrade", "--lang", "en")
    after = zishen("db", "check", "--lang", "en")

    assert (before.code, upgraded.code, after.code) == (ExitCode.CONFIG, 0, 0)
    assert f"- → {head()}" in upgraded.out
    assert f"sqlite, version {head()}" in after.out
    with sqlite3.connect(tmp_path / "new.db") as connection:
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (0,)


def test_the_tables_for_underwriting_are_made_anew(zishen: Zishen, database: Path) -> None:
    assert "0 " in zishen("db", "rebuild-views").out
    assert database.exists()


def test_an_audit_trail_that_was_not_touched_is_proven_and_anchored(
    zishen: Zishen, database: Path
) -> None:
    said = zishen("audit", "verify", "--anchor")

    assert said.code == 0
    assert "accesses 3 " in said.out
    (anchor,) = (database.parent / "objects" / "audit").iterdir()
    assert json.loads(anchor.read_text())[0]["number"] == 3


def test_a_row_that_was_changed_is_told_with_an_exit_code_of_its_own(
    zishen: Zishen, database: Path
) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE accesses SET content = replace(content, 'k2', 'k9') WHERE number = 2"
        )

    said = zishen("audit", "verify", "--lang", "en")

    assert said.code == ExitCode.TAMPERED
    assert "accesses 2: changed" in said.out


def test_the_trail_is_written_out_as_lines_of_json(zishen: Zishen, database: Path) -> None:
    entries = [json.loads(line) for line in zishen("audit", "export").out.splitlines()]

    assert [entry["key_id"] for entry in entries] == ["k1", "k2", "k3"]
    assert database.exists()


def test_a_folder_store_needs_no_preparation(zishen: Zishen) -> None:
    assert zishen("storage", "init", "--lang", "en").out.strip() == "a folder needs no preparation"
