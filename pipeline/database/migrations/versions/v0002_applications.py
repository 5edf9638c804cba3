"""Applications of portals, what happened to them, API keys, and who did what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the four tables."""
    _applications()
    op.create_table(
        "api_keys",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_api_keys"),
        sa.UniqueConstraint("id", name="uq_api_keys_id"),
    )
    op.create_table(
        "accesses",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("application_id", sa.String(64), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_accesses"),
    )
    op.create_index("ix_accesses_application_id", "accesses", ["application_id"])


def _applications() -> None:
    op.create_table(
        "applications",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=True),
        sa.Column("reference", sa.String(128), nullable=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("due", sa.Double, nullable=True),
        sa.Column("content", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_applications"),
        sa.UniqueConstraint("id", name="uq_applications_id"),
        sa.UniqueConstraint("owner", "idempotency_key", name="uq_applications_owner"),
    )
    op.create_index("ix_applications_due", "applications", ["due"])
    op.create_table(
        "application_events",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("application_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name="fk_application_events_application_id_applications",
        ),
        sa.PrimaryKeyConstraint("number", name="pk_application_events"),
        sa.UniqueConstraint(
            "application_id", "sequence", name="uq_application_events_application_id"
        ),
    )
