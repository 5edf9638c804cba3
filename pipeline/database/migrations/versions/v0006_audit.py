"""The chains: a digest in each row that is written once, and the end of each chain."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from pipeline.database.chain import START, seal

revision = "0006"
down_revision = "0005"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_CHAINED = {
    "accesses": ("application_id",),
    "application_events": ("application_id", "sequence", "step"),
    "records": ("package_id", "revision"),
}


def upgrade() -> None:
    """Make the table of the ends, and chain what is there in the order in which it came."""
    chains = op.create_table(
        "chains",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chains"),
    )
    for name, columns in _CHAINED.items():
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("digest", sa.String(64), nullable=True))
            if name == "records":
                table.add_column(sa.Column("number", sa.Integer, nullable=True))
        last, digest = _chain(name, columns)
        op.execute(chains.insert().values(name=name, last=last, digest=digest))
        with op.batch_alter_table(name) as table:
            table.alter_column("digest", existing_type=sa.String(64), nullable=False)
            if name == "records":
                table.alter_column("number", existing_type=sa.Integer, nullable=False)
                table.create_unique_constraint("uq_records_number", ["number"])


def _chain(name: str, columns: tuple[str, ...]) -> tuple[int, str]:
    """Number and seal the rows of a table, and return the end of its chain."""
    connection = op.get_bind()
    table = sa.table(
        name,
        sa.column("number", sa.Integer),
        sa.column("digest", sa.String),
        sa.column("content", _JSON),
        *(sa.column(column) for column in columns),
    )
    keys = [table.c.number] if name != "records" else []
    keys += [table.c[column] for column in columns]
    order = keys if keys[0] is table.c.number else _by_time(table)
    last, digest = 0, START
    for row in connection.execute(sa.select(table).order_by(*order)).mappings().all():
        last = last + 1 if name == "records" else row["number"]
        digest = seal(digest, last, [row[column] for column in columns], row["content"])
        same = [key == row[key.name] for key in keys]
        values: dict[str, Any] = {"digest": digest, "number": last}
        connection.execute(table.update().where(*same).values(values))
    return last, digest


def _by_time(table: sa.TableClause) -> list[sa.ColumnElement[Any]]:
    """Return the order of records: by time, and by revision where the times are one."""
    return [table.c.content["made_at"].as_string(), table.c.package_id, table.c.revision]
