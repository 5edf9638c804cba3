"""What records say as typed columns, for underwriting; `zishen db rebuild-views` fills them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the five tables."""
    _decisions()
    _licences()
    _statement_lines()
    _ratios()
    _findings()


def _of_record(*, numbered: bool = False) -> list[sa.Column[Any]]:
    columns: list[sa.Column[Any]] = [
        sa.Column("package_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, autoincrement=False, nullable=False),
    ]
    if numbered:
        columns.append(sa.Column("number", sa.Integer, autoincrement=False, nullable=False))
    return columns


def _keys(name: str, *, numbered: bool = False) -> list[sa.Constraint]:
    record = ["package_id", "revision"]
    return [
        sa.ForeignKeyConstraint(
            record,
            ["records.package_id", "records.revision"],
            name=f"fk_{name}_package_id_records",
        ),
        sa.PrimaryKeyConstraint(*record, *(["number"] if numbered else []), name=f"pk_{name}"),
    ]


def _decisions() -> None:
    op.create_table(
        "decisions",
        *_of_record(),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reasons", _JSON, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("applied_on", sa.Date, nullable=False),
        sa.Column("unified_social_credit_code", sa.Text, nullable=True),
        sa.Column("name", sa.Text, nullable=True),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("rulebook", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *_keys("decisions"),
    )
    op.create_index(
        "ix_decisions_unified_social_credit_code", "decisions", ["unified_social_credit_code"]
    )
    op.create_index("ix_decisions_made_at", "decisions", ["made_at"])


def _licences() -> None:
    op.create_table(
        "licences",
        *_of_record(numbered=True),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("entity_type", sa.Text, nullable=True),
        sa.Column("unified_social_credit_code", sa.Text, nullable=True),
        sa.Column("registration_number", sa.Text, nullable=True),
        sa.Column("name", sa.Text, nullable=True),
        sa.Column("company_type", sa.Text, nullable=True),
        sa.Column("composition", sa.Text, nullable=True),
        sa.Column("legal_representative", sa.Text, nullable=True),
        sa.Column("address", sa.Text, nullable=True),
        sa.Column("registered_capital", sa.Numeric, nullable=True),
        sa.Column("paid_in_capital", sa.Numeric, nullable=True),
        sa.Column("capital_currency", sa.Text, nullable=False),
        sa.Column("established_date", sa.Date, nullable=True),
        sa.Column("term_start", sa.Date, nullable=True),
        sa.Column("term_end", sa.Date, nullable=True),
        sa.Column("business_scope", sa.Text, nullable=True),
        sa.Column("issue_date", sa.Date, nullable=True),
        sa.Column("registration_authority", sa.Text, nullable=True),
        sa.Column("serial_number", sa.Text, nullable=True),
        sa.Column("doubtful", _JSON, nullable=False),
        *_keys("licences", numbered=True),
    )
    op.create_index(
        "ix_licences_unified_social_credit_code", "licences", ["unified_social_credit_code"]
    )


def _statement_lines() -> None:
    op.create_table(
        "statement_lines",
        *_of_record(numbered=True),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("entity", sa.Text, nullable=True),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("context", sa.String(16), nullable=True),
        sa.Column("period_end", sa.Date, nullable=True),
        sa.Column("value", sa.Numeric, nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        *_keys("statement_lines", numbered=True),
    )
    op.create_index("ix_statement_lines_item", "statement_lines", ["item"])


def _ratios() -> None:
    op.create_table(
        "ratios",
        *_of_record(numbered=True),
        sa.Column("entity", sa.Text, nullable=True),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("period_end", sa.Date, nullable=True),
        sa.Column("months", sa.Integer, nullable=True),
        sa.Column("ratio", sa.Text, nullable=False),
        sa.Column("value", sa.Numeric, nullable=True),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("accepted", sa.Boolean, nullable=False),
        *_keys("ratios", numbered=True),
    )
    op.create_index("ix_ratios_ratio", "ratios", ["ratio"])


def _findings() -> None:
    op.create_table(
        "findings",
        *_of_record(numbered=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("document", sa.String(64), nullable=True),
        sa.Column("page", sa.Integer, nullable=True),
        sa.Column("params", _JSON, nullable=False),
        *_keys("findings", numbered=True),
    )
    op.create_index("ix_findings_code", "findings", ["code"])
