"""Addresses that are told what happens, the messages to them, and batches of applications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the three tables."""
    _owned("webhooks")
    op.create_table(
        "deliveries",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("webhook_id", sa.String(64), nullable=False),
        sa.Column("notice_id", sa.String(128), nullable=False),
        sa.Column("due", sa.Double, nullable=True),
        sa.Column("content", _JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name="fk_deliveries_webhook_id_webhooks"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_deliveries"),
        sa.UniqueConstraint("webhook_id", "notice_id", name="uq_deliveries_webhook_id"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["due"])
    _owned("batches")


def _owned(name: str) -> None:
    op.create_table(
        name,
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=True),
        sa.Column("content", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name=f"pk_{name}"),
        sa.UniqueConstraint("id", name=f"uq_{name}_id"),
        sa.UniqueConstraint("owner", "idempotency_key", name=f"uq_{name}_owner"),
    )
