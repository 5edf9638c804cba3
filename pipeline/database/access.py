"""API keys and the trail of what was done with them, by SQLAlchemy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from pipeline.database.chain import append
from pipeline.database.tables import AccessRow, ApiKeyRow
from pipeline.database.together import Together
from pipeline.database.transactions import reading, writing
from pipeline.ports import Access, ApiKey


@dataclass(frozen=True)
class SqlApiKeys:
    """Keeps hashes of keys."""

    engine: Engine

    def add(self, key: ApiKey) -> None:
        """Keep a key."""
        with writing(self.engine, "add a key") as session:
            session.add(ApiKeyRow(id=key.id, content=key.model_dump(mode="json")))

    def get(self, key_id: str) -> ApiKey | None:
        """Return a key, revoked or not, None when there is none."""
        with reading(self.engine, "read a key") as session:
            row = session.scalars(select(ApiKeyRow).where(ApiKeyRow.id == key_id)).first()
            return None if row is None else ApiKey.model_validate(row.content)

    def listed(self) -> Sequence[ApiKey]:
        """Return every key, the oldest first."""
        with reading(self.engine, "list the keys") as session:
            rows = session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.number))
            return tuple(ApiKey.model_validate(row.content) for row in rows)

    def revoke(self, key_id: str, at: datetime) -> None:
        """Let a key be of no use from now on; a second time changes nothing."""
        with writing(self.engine, "revoke a key") as session:
            row = session.scalars(select(ApiKeyRow).where(ApiKeyRow.id == key_id)).one()
            key = ApiKey.model_validate(row.content)
            if key.revoked_at is None:
                revoked = key.model_copy(update={"revoked_at": at})
                row.content = revoked.model_dump(mode="json")


class SqlAuditTrail:
    """Adds and reads entries; it has no way to change one.

    Every call of a portal makes one, and is answered once it is kept. Those of calls that come at
    the same time are kept in one transaction.
    """

    def __init__(self, engine: Engine) -> None:
        """Keep entries in a database."""
        self._engine = engine
        self._together = Together(self._add)

    def add(self, access: Access) -> None:
        """Keep an entry."""
        self._together.ask(access)

    def _add(self, accesses: Sequence[Access]) -> None:
        rows = [
            AccessRow(application_id=one.application_id, content=one.model_dump(mode="json"))
            for one in accesses
        ]
        with writing(self._engine, "add to the audit trail") as session:
            append(session, *rows)

    def listed(self, application_id: str) -> Sequence[Access]:
        """Return what was done with an application, the oldest first."""
        asked = select(AccessRow).where(AccessRow.application_id == application_id)
        with reading(self._engine, "read the audit trail") as session:
            rows = session.scalars(asked.order_by(AccessRow.number))
            return tuple(Access.model_validate(row.content) for row in rows)
