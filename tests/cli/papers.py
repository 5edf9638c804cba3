"""Papers that need no reading: PDF files that say what a reader would find in them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from pipeline.database.connection import connect
from pipeline.database.repository import SqlRepository
from pipeline.dispatch import DocumentRead, Listener, PrefectError, Reviewed
from pipeline.settings import Settings
from pipeline.stages.package import review
from pipeline.stages.services import Services
from pipeline.storage.blobs import Blobs
from pipeline.storage.folder import Folder
from pipeline.storage.readings import ReadingCache
from schemas.documents import SourceFile
from schemas.errors import CorruptFileError, ModelMissingError, TransientError, ZishenError
from schemas.records import Extracted, Reading
from schemas.statements import Context
from tests.builders import BALANCE, CASH, INCOME, amended, licence, raised_by, statement

FOUND: dict[str, Callable[[], Extracted]] = {
    "licence": licence,
    "balance": lambda: statement(BALANCE),
    "income": lambda: statement(INCOME),
    "cash": lambda: statement(CASH),
    "broken-balance": lambda: amended(
        statement(BALANCE), "total_assets", Context.END, raised_by(90_000)
    ),
}
COMPLETE = ("licence", "balance", "income", "cash")

MANIFEST = '{"product": "sme_small", "applied_on": "2026-10-15"}'


class PaperReader:
    """Finds in a file what the file says; counts how often it was asked."""

    fingerprint = "papers/1"

    def __init__(self) -> None:
        self.reads: list[str] = []
        self.failures = 0

    def read(self, data: bytes, source: SourceFile) -> Reading:
        said = data.removeprefix(b"%PDF-").decode().split()[0]
        self.reads.append(said)
        self._fail(said, source)
        return Reading(source=source, pages=1, documents=(FOUND[said](),), readers=("papers",))

    def _fail(self, said: str, source: SourceFile) -> None:
        match said:
            case "corrupt":
                raise CorruptFileError(source.media_type.value, "cut off")
            case "flaky" if self.failures > 0:
                self.failures -= 1
                raise TransientError("the world")
            case "no-model":
                raise ModelMissingError("PP-OCRv6_small_det")
            case "bug":
                raise RuntimeError("a bug")
            case "interrupted":
                raise KeyboardInterrupt


FOUND["flaky"] = licence


class Noon:
    """A clock that stands."""

    def now(self) -> datetime:
        return datetime(2026, 10, 15, 12, tzinfo=timezone(timedelta(hours=8)))


def make_services(folder: Path, reader: PaperReader) -> Services:
    folder.mkdir(parents=True, exist_ok=True)
    objects = Folder(folder / "objects")
    database = connect(f"sqlite:///{folder / 'zishen.db'}")
    return Services(
        settings=Settings(data_dir=folder),
        blobs=Blobs(objects),
        readings=ReadingCache(objects),
        repository=SqlRepository(database),
        database=database,
        clock=Noon(),
        reader=reader,
    )


def hand_in(folder: Path, *papers: str, manifest: str | None = MANIFEST) -> Path:
    """Lay papers into a folder, as an applicant would; their contents differ by folder."""
    folder.mkdir(parents=True)
    for paper in papers:
        (folder / f"{paper}.pdf").write_text(f"%PDF-{paper} {folder.name}")
    if manifest is not None:
        (folder / "package.json").write_text(manifest)
    return folder


class InProcess:
    """Runs without Prefect."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def review(self, package_id: str, listener: Listener | None = None) -> Reviewed:
        record = review(package_id, self._services)
        for file in record.dossier.package.files:
            if listener is not None:
                listener(DocumentRead(package_id=package_id, document=file.sha256))
        outcome = record.decision.outcome
        return Reviewed(
            package_id=package_id, outcome=outcome, revision=record.revision, seconds=1.25
        )

    def review_all(
        self, package_ids: list[str], listener: Listener | None = None, *, branch: str = ""
    ) -> list[Reviewed]:
        results = []
        for package_id in package_ids:
            try:
                results.append(self.review(package_id, listener))
            except ZishenError as error:
                results.append(Reviewed(package_id=package_id, error=error.code))
            if listener is not None:
                listener(results[-1])
        return results

    def ready(self) -> None:
        """Be ready."""


@contextmanager
def no_prefect(_settings: Settings) -> Iterator[InProcess]:
    raise PrefectError("no Prefect API answers at http://127.0.0.1:1/api")
    yield
