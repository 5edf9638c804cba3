"""One file read from bytes to documents: the way that every door takes.

Pages come one at a time and only what extraction needs of them is kept, so that memory does not
grow with the length of a report. A PDF page with a sound text layer is never recognised from its
picture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from extractors import classify, pdf, qr, raster, sheets
from extractors.intake import Limits
from extractors.kinds import business_licence, statement
from extractors.ocr.engine import Engine
from extractors.ocr.look import Look
from extractors.relocate import relocated
from extractors.remarks import remarks
from extractors.seen import Seen
from extractors.triage import FindBlocks, Triage
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.fields import Field, FieldState, Provenance
from schemas.licence import BusinessLicence
from schemas.records import Extracted, OtherDocument, Reading
from schemas.text import Page

_VERSION = "2"
"""Raised whenever the same bytes may read differently: cached readings then no longer count."""

_POINTS_PER_INCH = 72
_LONG = 12
"""Scanned pages up to which every page is read in full: three statements and an audit report."""


@dataclass(frozen=True)
class DocumentReader:
    """Reads one file of any supported type.

    `engine` is called when the first page needs recognition, so that digital files never pay for
    loading a model. `dpi` is the resolution at which scanned PDF pages are rendered. With
    `blocks`, the layout of a page, only the pages of a long scan that matter are read in full.
    """

    engine: Callable[[], Engine]
    engine_name: str
    limits: Limits = field(default_factory=Limits)
    dpi: int = 200
    blocks: FindBlocks | None = None

    @property
    def fingerprint(self) -> str:
        """The same string means the same reading for the same bytes."""
        return f"reader-{_VERSION}/{self.engine_name}/{self.dpi}dpi"

    def read(self, data: bytes, source: SourceFile) -> Reading:
        """Return everything that the file yields.

        Raises:
            DocumentError: the file cannot be read at all.
            ConfigError: a model or a device is missing.
        """
        if source.media_type is MediaType.PDF:
            return self._pdf(data, source)
        if source.media_type.is_sheet:
            pages = sheets.sheets(data, source.media_type, source.sha256, self.limits)
            return _assemble(source, Seen(pages=list(pages)), len(pages))
        seen = Seen()
        for image in raster.frames(data, source.media_type, self.limits):
            seen.recognise(self.engine(), image, source.sha256, len(seen.pages) + 1, scale=1.0)
        return _assemble(source, seen, len(seen.pages))

    def _pdf(self, data: bytes, source: SourceFile) -> Reading:
        with pdf.PdfFile(data, self.limits) as document:
            numbers = range(1, document.page_count + 1)
            texts = {n: document.text(n) for n in numbers if document.has_text(n)}
            wanted = set(statement.find_pages(texts))
            wanted |= {n for n, text in texts.items() if _of_interest(text)}
            scanned = [number for number in numbers if number not in texts]
            triage = self._triage(len(scanned))
            seen = Seen()
            for number in sorted(wanted.union(scanned)):
                if number in wanted:
                    seen.pages.append(document.page(number, source.sha256))
                    continue
                image = document.render(number, self.dpi)
                if triage and not triage.wants(image):
                    seen.skimmed.append(number)
                    continue
                scale = _POINTS_PER_INCH / self.dpi
                seen.recognise(self.engine(), image, source.sha256, number, scale=scale)
            return _assemble(source, seen, document.page_count)

    def _triage(self, scanned: int) -> Triage | None:
        if self.blocks is None or scanned <= _LONG:
            return None
        return Triage(self.engine(), self.blocks)


def _of_interest(text: str) -> bool:
    return "营业执照" in text or classify.page_kind_of_text(text) is DocumentKind.AUDIT_REPORT


def _assemble(source: SourceFile, seen: Seen, count: int) -> Reading:
    licences = [page for page in seen.pages if business_licence.is_licence(page)]
    taken = {page.number for page in licences}
    rest = [page for page in seen.pages if page.number not in taken]
    documents: list[Extracted] = [_licence(page, seen.look(page.number)) for page in licences]
    statements = statement.extract(rest, seen.look)
    documents += statements
    taken.update(*(found.pages for found in statements))
    documents += _others([page for page in rest if page.number not in taken])
    documents.sort(key=lambda document: document.pages[0])
    reading = Reading(
        source=source,
        pages=count,
        documents=tuple(documents),
        findings=tuple(remarks(source, seen, documents)),
        readers=tuple(sorted({page.reader for page in seen.pages})),
    )
    return relocated(reading, seen.on_the_upload)


def _licence(page: Page, look: Look | None) -> BusinessLicence:
    licence = business_licence.extract(page, look)
    code = next(iter(qr.decode(look.image)), None) if look else None
    if look is None or code is None:
        return licence
    place = Provenance(
        document=page.document,
        page=page.number,
        box=code.box.scaled(look.scale),
        reader=qr.READER,
    )
    field = Field[str](
        value=code.payload,
        raw=code.payload,
        state=FieldState.PRESENT,
        accepted=True,
        provenance=place,
        label=code.host,
    )
    return licence.model_copy(update={"qr_code": field})


def _others(pages: list[Page]) -> Iterator[OtherDocument]:
    """Join neighbouring pages of one kind that are not read field by field."""
    kept = {DocumentKind.AUDIT_REPORT, DocumentKind.CHANGES_IN_EQUITY}

    def kind_of(page: Page) -> DocumentKind:
        kind = classify.page_kind(page)
        return kind if kind in kept else DocumentKind.UNKNOWN

    for kind, run in groupby(pages, kind_of):
        yield OtherDocument.model_validate({"kind": kind, "pages": [page.number for page in run]})
