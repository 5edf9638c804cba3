"""Rows that are written once, each sealed with the digest of the one before it.

A digest covers the number of the row, its columns and the digest before. Whoever changes, removes
or moves a row without making every later one anew is found, and the end of each chain can be kept
where he has no access (`pipeline.database.audit`). ADR 20 says what that proves and what not.
"""

import hashlib
import json
from decimal import Decimal
from typing import Any, Final, TypeAlias

from sqlalchemy import update
from sqlalchemy.orm import Session

from pipeline.database.tables import AccessRow, ApplicationEventRow, ChainRow, RecordRow
from pipeline.database.tables.base import storable

Linked: TypeAlias = AccessRow | ApplicationEventRow | RecordRow

START: Final = "0" * 64
"""The digest before the first row."""
ERASED: Final = "erased"
"""The only key of a content that was erased; its value is the digest that the content had."""
CHAINED: Final[dict[type[Linked], tuple[str, ...]]] = {
    AccessRow: ("application_id",),
    ApplicationEventRow: ("application_id", "sequence", "step"),
    RecordRow: ("package_id", "revision"),
}
"""The tables that are chained, and their columns under the seal, besides number and content."""


def hold(session: Session, kind: type[Linked]) -> ChainRow:
    """Return the end of a chain, which nobody else can move before this transaction ends.

    The update that changes nothing takes the lock: that of the row on PostgreSQL, that of the
    database on SQLite.
    """
    held = (
        update(ChainRow)
        .where(ChainRow.name == kind.__tablename__)
        .values(last=ChainRow.last)
        .returning(ChainRow)
    )
    return session.scalars(held, execution_options={"populate_existing": True}).one()


def append(session: Session, *rows: Linked) -> None:
    """Add rows of one table at the end of its chain, each with its number and digest."""
    end = hold(session, type(rows[0]))
    for row in rows:
        end.last += 1
        row.content = storable(row.content)
        row.number = end.last
        row.digest = end.digest = sealed(row, end.digest)
    session.add_all(rows)
    session.flush()


def sealed(row: Any, before: str) -> str:
    """Return the digest of a row of a chained table after the one with the digest `before`."""
    columns = [getattr(row, name) for name in CHAINED[type(row)]]
    return seal(before, row.number, columns, row.content)


def seal(before: str, number: int, columns: list[Any], content: dict[str, Any]) -> str:
    """Return the digest of what a row says, in the place that it has."""
    return _digest([before, number, *columns, fingerprint(content)])


def fingerprint(content: dict[str, Any]) -> str:
    """Return the digest of a content, or the one that an erased content had."""
    if content.keys() == {ERASED}:
        return str(content[ERASED])
    return _digest(content)


def _digest(said: Any) -> str:
    """Return the digest of JSON, however a database writes the same numbers.

    >>> _digest({"a": 1.0, "b": 1e30}) == _digest({"b": 10**30, "a": 1})
    True
    """
    text = json.dumps(_plain(said), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(said: Any) -> Any:
    match said:
        case float() if said.is_integer():
            return int(Decimal(repr(said)))  # the number as it is written, not as it is kept
        case dict():
            return {name: _plain(value) for name, value in said.items()}
        case list() | tuple():
            return [_plain(value) for value in said]
        case _:
            return said
