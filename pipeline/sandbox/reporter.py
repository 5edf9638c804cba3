"""Reports made for a server: drawn in the sandbox, since they show pictures of pages."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extractors.intake import Limits
from pipeline.ports import BlobStore
from pipeline.report import build_report, print_pdf, render
from pipeline.sandbox.process import Sandbox
from pipeline.storage.blobs import Blobs
from pipeline.storage.folder import Folder
from schemas.messages import Language
from schemas.policy import PolicyTable
from schemas.records import Record

_SECONDS: Final = 120


@dataclass(frozen=True)
class Reporter:
    """Makes the page of a record, and prints it."""

    blobs: BlobStore
    limits: Limits
    sandbox: Sandbox

    def page(
        self, record: Record, lang: Language, policies: PolicyTable, *, pictures: bool = True
    ) -> str:
        """Return the report as one page, with pictures of the papers unless they are not wanted.

        Raises:
            TooLargeError: it was not done in time.
            TransientError: other things are being drawn.
        """
        with tempfile.TemporaryDirectory(prefix="zishen-report-") as name:
            folder = Path(name)
            originals = Blobs(Folder(folder))
            for file in record.dossier.package.files if pictures else ():
                originals.put(self.blobs.get(file.sha256))
            return self.sandbox.run(
                _SECONDS, drawn, record.model_dump_json(), folder, lang, self.limits, policies
            )

    def pdf(self, page: str) -> bytes:
        """Return a page as a PDF.

        Raises:
            NoBrowserError: no browser is installed.
            PrintError: the browser did not print it.
        """
        with tempfile.TemporaryDirectory(prefix="zishen-report-") as name:
            target = Path(name) / "report.pdf"
            print_pdf(page, target)
            return target.read_bytes()


def drawn(record: str, folder: Path, lang: Language, limits: Limits, policies: PolicyTable) -> str:
    """Return the page of a record whose originals lie in a folder."""
    kept = Record.model_validate_json(record)
    return render(build_report(kept, Blobs(Folder(folder)), lang, limits, policies))
