"""To be filled by views."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make nothing yet."""
