"""API keys and the trail of what was done with them, by SQLAlchemy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.database.chain import append
from pipeline.database.connection import told
from pipeline.database.tables import AccessRow, ApiKeyRow
from pipeline.ports import Access, ApiKey


@dataclass(frozen=True)
class SqlApiKeys:
    """Keeps hashes of keys."""

    engine: Engine

    def add(self, key: ApiKey) -> None:
        """Keep a key."""
        with told("add a key"), Session(self.engine) as session, session.begin():
            session.add(ApiKeyRow(id=key.id, content=key.model_dump(mode="json")))

    def get(self, key_id: str) -> ApiKey | None:
        """Return a key, revoked or not, None when there is none."""
        with told("read a key"), Session(self.engine) as session:
            row = session.scalars(select(ApiKeyRow).where(ApiKeyRow.id == key_id)).first()
            return None if row is None else ApiKey.model_validate(row.content)

    def listed(self) -> Sequence[ApiKey]:
        """Return every key, the oldest first."""
        with told("list the keys"), Session(self.engine) as session:
            rows = session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.number))
            return tuple(ApiKey.model_validate(row.content) for row in rows)

    def revoke(self, key_id: str, at: datetime) -> None:
        """Let a key be of no use from now on; a second time changes nothing."""
        with told("revoke a key"), Session(self.engine) as session, session.begin():
            row = session.scalars(select(ApiKeyRow).where(ApiKeyRow.id == key_id)).one()
            key = ApiKey.model_validate(row.content)
            if key.revoked_at is None:
                revoked = key.model_copy(update={"revoked_at": at})
                row.content = revoked.model_dump(mode="json")


@dataclass(frozen=True)
class SqlAuditTrail:
    """Adds and reads entries; it has no way to change one."""

    engine: Engine

    def add(self, access: Access) -> None:
        """Keep an entry."""
        row = AccessRow(
            application_id=access.application_id, content=access.model_dump(mode="json")
        )
        with told("add to the audit trail"), Session(self.engine) as session, session.begin():
            append(session, row)

    def listed(self, application_id: str) -> Sequence[Access]:
        """Return what was done with an application, the oldest first."""
        asked = select(AccessRow).where(AccessRow.application_id == application_id)
        with told("read the audit trail"), Session(self.engine) as session:
            rows = session.scalars(asked.order_by(AccessRow.number))
            return tuple(Access.model_validate(row.content) for row in rows)
