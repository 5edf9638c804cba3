"""People at an identity provider, and what persons found in the cases that they decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "signing_in",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_signing_in"),
    )
    op.create_index("ix_signing_in_at", "signing_in", ["at"])
    op.create_table(
        "checked_values",
        sa.Column("application_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("threshold", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("accepted_wrong", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name="fk_checked_values_application_id_applications",
        ),
        sa.PrimaryKeyConstraint("application_id", "name", "threshold", name="pk_checked_values"),
    )
