"""Packages and records by SQLAlchemy, on SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from pipeline.database import chain, views
from pipeline.database.tables import PackageRow, RecordRow
from pipeline.database.transactions import added, reading, writing
from pipeline.ports import UnknownPackageError
from schemas.documents import Package
from schemas.records import Record


@dataclass(frozen=True)
class SqlRepository:
    """Adds and reads rows; it has no way to change one."""

    engine: Engine

    def add_package(self, package: Package) -> Package:
        """Keep a package and return what is kept: the first one with that id."""
        row = PackageRow(id=package.id, content=package.model_dump(mode="json"))
        added(self.engine, "add a package", row)
        return self.package(package.id)

    def package(self, package_id: str) -> Package:
        """Return a package as it was taken in.

        Raises:
            UnknownPackageError: there is none.
        """
        with reading(self.engine, "read a package") as session:
            return _package(session, package_id)

    def packages(self) -> Sequence[Package]:
        """Return every package, in the order of arrival."""
        with reading(self.engine, "read the packages") as session:
            rows = session.scalars(select(PackageRow).order_by(PackageRow.number))
            return tuple(Package.model_validate(row.content) for row in rows)

    def add_record(self, record: Record) -> Record:
        """Keep a record as the next revision, unless it says the same as the latest one."""
        with writing(self.engine, "add a record") as session:
            chain.hold(session, RecordRow)
            _package(session, record.package_id)
            latest = _record(session, record.package_id, None)
            if latest is not None and _says_the_same(latest, record):
                return latest
            number = _latest_number(session, record.package_id) + 1
            return _kept(session, record.model_copy(update={"revision": number}))

    def revise(self, record: Record, *, after: int) -> Record | None:
        """Keep a record as the revision after one, None when there is a newer one already."""
        with writing(self.engine, "revise a record") as session:
            chain.hold(session, RecordRow)
            latest = _record(session, record.package_id, None)
            if latest is None or latest.revision != after:
                return None
            return _kept(session, record.model_copy(update={"revision": after + 1}))

    def record(self, package_id: str, revision: int | None = None) -> Record | None:
        """Return a revision, the latest unless told, None when there is none."""
        with reading(self.engine, "read a record") as session:
            return _record(session, package_id, revision)

    def records(self, package_id: str) -> Sequence[Record]:
        """Return every revision, the oldest first."""
        asked = select(RecordRow).where(RecordRow.package_id == package_id)
        with reading(self.engine, "read the records") as session:
            rows = session.scalars(asked.order_by(RecordRow.revision))
            return tuple(Record.model_validate(row.content) for row in rows if _is_there(row))


def _package(session: Session, package_id: str) -> Package:
    row = session.scalars(select(PackageRow).where(PackageRow.id == package_id)).first()
    if row is None:
        raise UnknownPackageError(package_id)
    return Package.model_validate(row.content)


def _record(session: Session, package_id: str, revision: int | None) -> Record | None:
    asked = select(RecordRow).where(RecordRow.package_id == package_id)
    if revision is not None:
        asked = asked.where(RecordRow.revision == revision)
    row = session.scalars(asked.order_by(RecordRow.revision.desc()).limit(1)).first()
    return Record.model_validate(row.content) if row is not None and _is_there(row) else None


def _kept(session: Session, record: Record) -> Record:
    content = record.model_dump(mode="json")
    row = RecordRow(package_id=record.package_id, revision=record.revision, content=content)
    chain.append(session, row)
    kept = record if row.content is content else Record.model_validate(row.content)
    views.add(session, kept)
    return kept


def _is_there(row: RecordRow) -> bool:
    """Return whether a record was not erased."""
    return row.content.keys() != {chain.ERASED}


def _latest_number(session: Session, package_id: str) -> int:
    """Return the number of the latest revision, erased or not; 0 where there is none."""
    asked = select(func.max(RecordRow.revision)).where(RecordRow.package_id == package_id)
    return session.scalar(asked) or 0


def _says_the_same(one: Record, other: Record) -> bool:
    """Return whether two records differ in nothing but number and time."""
    return one == other.model_copy(update={"revision": one.revision, "made_at": one.made_at})
