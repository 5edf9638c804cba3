"""One file read from bytes to documents: the way that every door takes.

Pages come one at a time and only those of interest are kept, so that memory does not grow with
the length of a report. A PDF page with a sound text layer is never recognised from its picture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from extractors import classify, pdf, prepare, raster, sheets
from extractors.intake import Limits
from extractors.kinds import business_licence, statement
from extractors.ocr.engine import Engine, Image
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.findings import Finding, Severity
from schemas.licence import BusinessLicence
from schemas.records import Extracted, OtherDocument, Reading
from schemas.text import Page, PageSource

_VERSION = "1"
"""Raised whenever the same bytes may read differently: cached readings then no longer count."""

_POINTS_PER_INCH = 72


@dataclass(frozen=True)
class DocumentReader:
    """Reads one file of any supported type.

    `engine` is called when the first page needs recognition, so that digital files never pay for
    loading a model. `dpi` is the resolution at which scanned PDF pages are rendered.
    """

    engine: Callable[[], Engine]
    engine_name: str
    limits: Limits = Limits()
    dpi: int = 200

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
            return _assemble(source, pages, len(pages))
        pages = tuple(self._frames(data, source))
        return _assemble(source, pages, len(pages))

    def _frames(self, data: bytes, source: SourceFile) -> Iterator[Page]:
        frames = raster.frames(data, source.media_type, self.limits)
        for number, image in enumerate(frames, start=1):
            yield self._recognised(image, source.sha256, number, points_per_pixel=1.0)

    def _pdf(self, data: bytes, source: SourceFile) -> Reading:
        with pdf.PdfFile(data, self.limits) as document:
            numbers = range(1, document.page_count + 1)
            texts = {n: document.text(n) for n in numbers if document.has_text(n)}
            wanted = set(statement.find_pages(texts))
            wanted |= {n for n, text in texts.items() if _of_interest(text)}
            pages = []
            for number in numbers:
                if number in wanted:
                    pages.append(document.page(number, source.sha256))
                elif number not in texts:
                    image = document.render(number, self.dpi)
                    scale = _POINTS_PER_INCH / self.dpi
                    pages.append(
                        self._recognised(image, source.sha256, number, points_per_pixel=scale)
                    )
            return _assemble(source, tuple(pages), document.page_count)

    def _recognised(
        self, image: Image, document: str, number: int, *, points_per_pixel: float
    ) -> Page:
        engine = self.engine()
        words, rotation = prepare.read_upright(engine, image)
        height, width = image.shape[:2]
        return Page(
            document=document,
            number=number,
            width=width * points_per_pixel,
            height=height * points_per_pixel,
            source=PageSource.OCR,
            reader=engine.fingerprint,
            words=tuple(
                word.model_copy(update={"box": word.box.scaled(points_per_pixel)}) for word in words
            ),
            rotation=rotation,
        )


def _of_interest(text: str) -> bool:
    return "营业执照" in text or classify.page_kind_of_text(text) is DocumentKind.AUDIT_REPORT


def _assemble(source: SourceFile, pages: tuple[Page, ...], count: int) -> Reading:
    licences = {page.number: page for page in pages if business_licence.is_licence(page)}
    rest = [page for page in pages if page.number not in licences]
    documents: list[Extracted] = [business_licence.extract(page) for page in licences.values()]
    statements = statement.extract(rest)
    documents += statements
    taken = set(licences).union(*(found.pages for found in statements))
    documents += _others([page for page in rest if page.number not in taken])
    documents.sort(key=lambda document: document.pages[0])
    return Reading(
        source=source,
        pages=count,
        documents=tuple(documents),
        findings=_remarks(source, documents),
        readers=tuple(sorted({page.reader for page in pages})),
    )


def _others(pages: list[Page]) -> Iterator[OtherDocument]:
    """Join neighbouring pages of one kind that are not read field by field."""
    kept = {DocumentKind.AUDIT_REPORT, DocumentKind.CHANGES_IN_EQUITY}

    def kind_of(page: Page) -> DocumentKind:
        kind = classify.page_kind(page)
        return kind if kind in kept else DocumentKind.UNKNOWN

    for kind, run in groupby(pages, kind_of):
        yield OtherDocument.model_validate({"kind": kind, "pages": [page.number for page in run]})


def _remarks(source: SourceFile, documents: list[Extracted]) -> tuple[Finding, ...]:
    known = any(
        isinstance(document, BusinessLicence) or document.kind is not DocumentKind.UNKNOWN
        for document in documents
    )
    if known:
        return ()
    return (
        Finding(code="reading.nothing_recognised", severity=Severity.WARN, subject=source.sha256),
    )
