"""The clock and the leases of applications; what reviews came to, as states of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_STATES = {"supplement": "waiting_applicant", "manual": "waiting_reviewer"}


def upgrade() -> None:
    """Add the columns, and say who is waited for where there was only `decided`."""
    with op.batch_alter_table("applications") as table:
        table.add_column(sa.Column("deadline", sa.Double, nullable=True))
        table.add_column(sa.Column("holder", sa.String(128), nullable=True))
        table.add_column(sa.Column("leased_until", sa.Double, nullable=True))
        table.create_index("ix_applications_deadline", ["deadline"])
    op.create_index("ix_application_events_step", "application_events", ["step"])
    _wait()


def _wait() -> None:
    connection = op.get_bind()
    applications = sa.table(
        "applications", sa.column("id", sa.String), sa.column("content", sa.JSON)
    )
    outcomes = _outcomes(connection)
    for row in connection.execute(sa.select(applications.c.id, applications.c.content)).all():
        state = _STATES.get(outcomes.get(row.id, ""))
        if row.content["state"] == "decided" and state is not None:
            connection.execute(
                applications.update()
                .where(applications.c.id == row.id)
                .values(content=row.content | {"state": state})
            )


def _outcomes(connection: sa.Connection) -> dict[str, str]:
    """Return what the latest review of each application came to."""
    events = sa.table(
        "application_events",
        sa.column("number", sa.Integer),
        sa.column("application_id", sa.String),
        sa.column("step", sa.String),
        sa.column("content", sa.JSON),
    )
    asked = sa.select(events).where(events.c.step == "decided").order_by(events.c.number)
    return {row.application_id: row.content["outcome"] for row in connection.execute(asked)}
