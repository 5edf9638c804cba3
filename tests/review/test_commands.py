import csv
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from pipeline import wiring
from pipeline.cases.corrections import Action, Edit, changes, correct
from pipeline.cases.desk import Desk
from pipeline.cli.app import app
from pipeline.export.corrections import rows, write
from pipeline.guards import refuse_unsafe
from pipeline.ports import Role
from pipeline.settings import ReviewSettings, Settings, StorageSettings
from pipeline.stages.correct import Place
from schemas.errors import SettingsError
from tests.review.conftest import PASSWORD, Enrol, OpenCase
from tests.review.test_case import place_of

runner = CliRunner()
SECRET = SecretStr("0123456789abcdef0123456789abcdef")


def test_accounts_are_made_listed_changed_and_disabled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZISHEN_DATA_DIR", str(tmp_path))
    twice = f"{PASSWORD}\n{PASSWORD}\n"
    added = runner.invoke(
        app, ["people", "add", "Ma", "--role", "reviewer", "--branch", "north"], input=twice
    )
    again = runner.invoke(app, ["people", "add", "ma", "--role", "checker"], input=twice)
    short = runner.invoke(app, ["people", "add", "li", "--role", "checker"], input="a\na\n")
    changed = runner.invoke(app, ["people", "password", "ma"], input=twice.replace("c", "d"))
    settings = Settings(data_dir=tmp_path)
    door = wiring.front_door(wiring.database(settings), settings)
    token = door.sign_in("ma", PASSWORD.replace("c", "d"))
    disabled = runner.invoke(app, ["people", "disable", "ma"])
    listed = runner.invoke(app, ["people", "list"])

    assert [r.exit_code for r in (added, again, short, changed, disabled)] == [0, 2, 2, 0, 0]
    assert door.who(token) is None
    assert "ma" in listed.stdout
    assert "north" in listed.stdout
    assert PASSWORD not in listed.stdout


@pytest.mark.parametrize(
    ("settings", "host", "missing"),
    [
        (Settings(), "0.0.0.0", "ENVIRONMENT"),  # noqa: S104
        (Settings(environment="production"), "127.0.0.1", "REVIEW__SECRET"),
        (
            Settings(environment="production", review=ReviewSettings(secret=SecretStr("x" * 40))),
            "0.0.0.0",  # noqa: S104
            "REVIEW__SECRET",
        ),
        (
            Settings(
                environment="production",
                review=ReviewSettings(secret=SECRET),
                storage=StorageSettings(
                    kind="minio",
                    endpoint="s3:9000",
                    access_key="a",
                    secret_key=SecretStr("minioadmin"),
                ),
            ),
            "0.0.0.0",  # noqa: S104
            "STORAGE__SECRET_KEY",
        ),
    ],
)
def test_a_server_does_not_start_with_secrets_that_everybody_knows(
    settings: Settings, host: str, missing: str
) -> None:
    with pytest.raises(SettingsError, match=missing):
        refuse_unsafe(settings, host)


def test_a_server_starts_here_in_development_and_anywhere_with_secrets() -> None:
    refuse_unsafe(Settings(), "127.0.0.1")
    refuse_unsafe(
        Settings(environment="production", review=ReviewSettings(secret=SECRET)),
        "0.0.0.0",  # noqa: S104
    )


def test_corrections_are_exported_without_names(
    open_case: OpenCase, enrol: Enrol, desk: Desk, tmp_path: Path
) -> None:
    application = open_case()
    person = enrol("ma", Role.REVIEWER)
    places = [
        Place.of(place_of(desk, application.id, name))
        for name in ("legal_representative", "cash_and_bank_balances")
    ]
    edits = [
        Edit(place, Action.CORRECT, text)
        for place, text in zip(places, ("某某某", "1,000.00"), strict=True)
        if place is not None
    ]
    correct(desk, person, application, 1, edits)
    assert application.package_id is not None
    records = desk.services.repository.records(application.package_id)

    count = write(rows(application.package_id, changes(records)), tmp_path / "c.csv")
    found = {row["field"]: row for row in csv.DictReader((tmp_path / "c.csv").open())}

    assert count == 2
    assert found["legal_representative"]["after"] == ""
    assert found["legal_representative"]["confidence"] == "0.61"
    assert found["cash_and_bank_balances"]["after"] == "1000.00"
    assert found["cash_and_bank_balances"]["is_wrong"] == "true"
    assert "某某某" not in (tmp_path / "c.csv").read_text()
