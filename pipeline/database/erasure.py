"""Erases what is said of people: contents go; ids, hashes, times and seals stay."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from pipeline.database import chain
from pipeline.database.tables import VIEWS, AccessRow, ApplicationRow, PackageRow, RecordRow
from pipeline.database.transactions import writing
from pipeline.ports import Access, Application
from schemas.documents import Package


@dataclass(frozen=True)
class SqlEraser:
    """Replaces the content of a record by the digest that it had, so that its chain still holds."""

    engine: Engine

    def erase(self, application_id: str, package_ids: Collection[str], proof: Access) -> int:
        """Erase the names of files, the records and the tables made of them."""
        with writing(self.engine, "erase an application") as session:
            chain.hold(session, RecordRow)
            count = sum(_records(session, package_id) for package_id in package_ids)
            for package_id in package_ids:
                _package(session, package_id)
                entry = proof.model_copy(update={"subject": package_id})
                content = entry.model_dump(mode="json")
                chain.append(session, AccessRow(application_id=application_id, content=content))
            _application(session, application_id)
        return count


def _records(session: Session, package_id: str) -> int:
    for view in VIEWS:
        session.execute(delete(view).where(view.package_id == package_id))
    rows = session.scalars(select(RecordRow).where(RecordRow.package_id == package_id)).all()
    for row in rows:
        row.content = {chain.ERASED: chain.fingerprint(row.content)}
    return len(rows)


def _package(session: Session, package_id: str) -> None:
    row = session.scalars(select(PackageRow).where(PackageRow.id == package_id)).first()
    if row is not None:
        package = Package.model_validate(row.content)
        nameless = {
            "name": "",
            "files": tuple(file.model_copy(update={"name": ""}) for file in package.files),
            "refused": tuple(file.model_copy(update={"name": ""}) for file in package.refused),
        }
        row.content = package.model_copy(update=nameless).model_dump(mode="json")


def _application(session: Session, application_id: str) -> None:
    asked = select(ApplicationRow).where(ApplicationRow.id == application_id)
    row = session.scalars(asked).first()
    if row is not None:
        application = Application.model_validate(row.content)
        papers = tuple(paper.model_copy(update={"name": ""}) for paper in application.papers)
        nameless = application.model_copy(update={"papers": papers, "reference": None})
        row.content = nameless.model_dump(mode="json")
        row.reference = None
