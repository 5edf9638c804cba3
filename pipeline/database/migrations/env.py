"""What Alembic runs to apply the versions; `pipeline.database.connection` lends the connection."""

from alembic import context

from pipeline.database.tables import Base


def run() -> None:
    """Apply the versions within the transaction of the lender."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic runs it, and nobody else
    run()
