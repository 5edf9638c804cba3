"""A database of before the clock is brought to it: who is waited for is a state then."""

from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import Engine, text

from pipeline.database.applications import SqlApplications
from pipeline.database.connection import migrate, opened
from pipeline.ports import Application, Event, State, Step
from schemas.decisions import Outcome

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
ENDS = {
    "a": (Outcome.SUPPLEMENT, State.WAITING_APPLICANT),
    "b": (Outcome.MANUAL, State.WAITING_REVIEWER),
    "c": (Outcome.PASS, State.DECIDED),
}


def put(engine: Engine, name: str, outcome: Outcome) -> None:
    """Add an application as the version before did."""
    application = Application(
        id=name,
        owner="bank-app",
        reference=None,
        product="sme_small",
        applied_on=NOW.date(),
        made_at=NOW,
        state=State.DECIDED,
    )
    event = Event(step=Step.DECIDED, at=NOW, outcome=outcome)
    rows = {
        "applications (id, owner, sequence, content) VALUES (:id, 'bank-app', 1, :content)": (
            application.model_dump_json(exclude={"ruling", "deadline", "branch"})
        ),
        "application_events (application_id, sequence, step, content) "
        "VALUES (:id, 1, 'decided', :content)": event.model_dump_json(exclude={"by", "pages"}),
    }
    with engine.begin() as connection:
        for row, content in rows.items():
            connection.execute(text(f"INSERT INTO {row}"), {"id": name, "content": content})


def test_decided_becomes_who_is_waited_for(
    bare_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened(bare_database_url)
    upgrade = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _: upgrade(config, "0002"))
        migrate(engine)
    for name, (outcome, _) in ENDS.items():
        put(engine, name, outcome)

    migrate(engine)

    states = {one.id: one.state for one in SqlApplications(engine).every()}
    assert states == {name: state for name, (_, state) in ENDS.items()}
    engine.dispose()
