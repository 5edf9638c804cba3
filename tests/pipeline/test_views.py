"""The tables that underwriting joins say what the records say, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.orm import Session

from pipeline.database import views
from pipeline.database.connection import connect
from pipeline.database.dictionary import dictionary_page
from pipeline.database.repository import SqlRepository
from pipeline.database.tables import VIEWS, RecordRow
from pipeline.database.tables.views import (
    DecisionRow,
    FindingRow,
    LicenceRow,
    RatioRow,
    StatementLineRow,
)
from schemas.decisions import Decision, Outcome
from schemas.fields import Field
from schemas.findings import Finding, Severity
from schemas.records import Record
from schemas.statements import Context
from tests.builders import CLOSING, clean, provenance
from tests.pipeline.test_database import record
from tests.strategies import records


@pytest.fixture
def repository(database_url: str) -> Iterator[SqlRepository]:
    repository = SqlRepository(connect(database_url))
    repository.add_package(clean().package)
    yield repository
    repository.engine.dispose()


def full() -> Record:
    """Return a record with a finding and a licence with a field that waits for a person."""
    finding = Finding(
        code="licence.expired",
        severity=Severity.RETURN,
        params={"day": "2026-01-01"},
        evidence=(provenance(),),
    )
    return record().model_copy(
        update={
            "findings": (finding,),
            "decision": Decision(outcome=Outcome.SUPPLEMENT, reasons=("licence.expired",)),
        }
    )


def every(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    with engine.connect() as connection:
        return {
            view.__tablename__: [
                dict(row)
                for row in connection.execute(
                    select(view.__table__).order_by(*view.__table__.primary_key)
                ).mappings()
            ]
            for view in VIEWS
        }


def test_a_record_is_told_in_typed_columns_in_the_same_transaction(
    repository: SqlRepository,
) -> None:
    kept = repository.add_record(full())

    with Session(repository.engine) as session:
        decision = session.scalars(select(DecisionRow)).one()
        licence = session.scalars(select(LicenceRow)).one()
        finding = session.scalars(select(FindingRow)).one()
        assert (decision.outcome, decision.reasons) == ("supplement", ["licence.expired"])
        assert decision.applied_on == kept.dossier.package.applied_on
        assert decision.name == licence.name == kept.dossier.licences[0].name.value
        assert licence.established_date == kept.dossier.licences[0].established_date.value
        assert licence.registered_capital == kept.dossier.licences[0].registered_capital.value
        assert (finding.code, finding.severity) == ("licence.expired", "return")
        assert finding.params == {"day": "2026-01-01"}


def test_amounts_join_and_add_up_in_sql(repository: SqlRepository) -> None:
    kept = repository.add_record(full())
    balance = kept.dossier.statements[0]
    total = balance.amount("total_assets", Context.END)
    assert total is not None

    with repository.engine.connect() as connection:
        said = connection.execute(
            text(
                "SELECT d.outcome, SUM(l.value) FROM decisions d JOIN statement_lines l"
                " ON l.package_id = d.package_id AND l.revision = d.revision"
                " WHERE l.item = 'total_assets' AND l.context = 'end' AND l.accepted"
                " GROUP BY d.outcome"
            )
        ).one()
    with Session(repository.engine) as session:
        lines = session.scalars(select(StatementLineRow)).all()
        ratios = session.scalars(select(RatioRow)).all()

    assert said[0] == "supplement"
    assert Decimal(str(said[1])) == total.value
    assert {line.period_end for line in lines} >= {CLOSING}
    assert all(ratio.value is not None or ratio.reason for ratio in ratios)
    assert ratios


def test_a_licence_field_that_was_not_accepted_is_null_and_named(
    repository: SqlRepository,
) -> None:
    dossier = clean()
    reading = dossier.readings[0]
    licence = dossier.licences[0]
    doubted: Field[str] = licence.name.model_copy(update={"accepted": False})
    documents = tuple(
        licence.model_copy(update={"name": doubted}) if one is licence else one
        for one in reading.documents
    )
    readings = (reading.model_copy(update={"documents": documents}), *dossier.readings[1:])
    changed = record().model_copy(
        update={"dossier": dossier.model_copy(update={"readings": readings})}
    )
    repository.add_record(changed)

    with Session(repository.engine) as session:
        row = session.scalars(select(LicenceRow)).one()
        assert (row.name, row.doubtful) == (None, ["name"])
        assert session.scalars(select(DecisionRow)).one().name is None


def test_the_tables_are_made_anew_from_the_records(repository: SqlRepository) -> None:
    repository.add_record(full())
    repository.add_record(record())
    before = every(repository.engine)
    with repository.engine.begin() as connection:
        for view in VIEWS:
            connection.execute(delete(view))

    assert views.rebuild(repository.engine) == 2

    assert every(repository.engine) == before
    assert len(before["decisions"]) == 2


def test_a_record_that_cannot_be_told_is_not_kept_either(
    repository: SqlRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pipeline.database.views.rows", fails)

    with pytest.raises(ZeroDivisionError):
        repository.add_record(full())

    with repository.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(RecordRow)) == 0


@given(records)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_is_told_as_it_is(repository: SqlRepository, drawn: Record) -> None:
    kept = repository.add_record(
        drawn.model_copy(update={"package_id": clean().package.id, "made_at": full().made_at})
    )
    asked = select(StatementLineRow).where(StatementLineRow.revision == kept.revision)

    with Session(repository.engine) as session:
        lines = session.scalars(asked.order_by(StatementLineRow.number)).all()

    fields = [
        field
        for statement in kept.dossier.statements
        for row in statement.rows
        for field in row.values.values()
    ]
    assert [line.accepted for line in lines] == [field.accepted for field in fields]
    if repository.engine.dialect.name == "postgresql":
        assert [line.value for line in lines] == [field.value for field in fields]


def test_decisions_keep_the_moment(repository: SqlRepository) -> None:
    later = record().made_at + timedelta(hours=8)
    repository.add_record(record().model_copy(update={"made_at": later}))

    with Session(repository.engine) as session:
        told = session.scalars(select(DecisionRow)).one().made_at

    assert told.replace(tzinfo=later.tzinfo) == later or told == later


def test_every_column_is_in_the_data_dictionary() -> None:
    page = dictionary_page("made")

    for view in VIEWS:
        assert f"## {view.__tablename__}" in page
        for column in view.__table__.columns:
            assert column.doc, f"{view.__tablename__}.{column.name}"
            assert f"| `{column.name}` |" in page
