"""One file read from bytes to documents: the way that every door takes.

Pages come one at a time and only what extraction needs of them is kept, so that memory does not
grow with the length of a report. A PDF page with a sound text layer is never recognised from its
picture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

import cv2
import numpy as np

from extractors import classify, pdf, prepare, raster, sheets
from extractors.intake import Limits
from extractors.kinds import business_licence, statement
from extractors.ocr.engine import Engine, Image
from extractors.ocr.look import Look
from extractors.relocate import relocated
from extractors.triage import FindBlocks, Triage
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.fields import Provenance
from schemas.findings import Finding, Severity
from schemas.records import Extracted, OtherDocument, Reading
from schemas.text import Page, PageSource

_VERSION = "1"
"""Raised whenever the same bytes may read differently: cached readings then no longer count."""

_POINTS_PER_INCH = 72
_LONG = 12
"""Scanned pages up to which every page is read in full: three statements and an audit report."""
_KEPT_BYTES = 96 << 20
"""How much of the page pictures is kept, compressed, for second readings."""


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
            return _assemble(source, _Seen(pages=list(pages)), len(pages))
        seen = _Seen()
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
            seen = _Seen()
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


@dataclass
class _Seen:
    """The pages of one file as they were seen, and the way to look at them again."""

    pages: list[Page] = field(default_factory=list)
    skimmed: list[int] = field(default_factory=list)
    sights: dict[int, prepare.Sight] = field(default_factory=dict)
    scales: dict[int, float] = field(default_factory=dict)
    pictures: dict[int, bytes] = field(default_factory=dict)
    engine: Engine | None = None

    def recognise(
        self, engine: Engine, image: Image, document: str, number: int, *, scale: float
    ) -> None:
        """Read a page picture; `scale` is points for each of its pixels."""
        sight = prepare.see(engine, image)
        height, width = sight.image.shape[:2]
        self.engine, self.scales[number] = engine, scale
        self._keep(number, sight)
        self.pages.append(
            Page(
                document=document,
                number=number,
                width=width * scale,
                height=height * scale,
                source=PageSource.OCR,
                reader=engine.fingerprint,
                words=tuple(
                    word.model_copy(update={"box": word.box.scaled(scale)}) for word in sight.words
                ),
                rotation=sight.rotation,
            )
        )

    def look(self, number: int) -> Look | None:
        """Return the picture of a page, None where there is none or it was too much to keep."""
        if self.engine is None or number not in self.pictures:
            return None
        packed = np.frombuffer(self.pictures[number], np.uint8)
        image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        return Look(image, self.engine, self.scales[number])

    def on_the_upload(self, place: Provenance) -> Provenance:
        """Return where a place on a seen page is on the upload."""
        if place.page not in self.sights:
            return place
        scale = self.scales[place.page]
        box = self.sights[place.page].locate(place.box.scaled(1 / scale)).scaled(scale)
        return place.model_copy(update={"box": box})

    def _keep(self, number: int, sight: prepare.Sight) -> None:
        """Keep the picture without loss while there is room, and the way back in any case."""
        packed = cv2.imencode(".png", sight.image, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
        if sum(map(len, self.pictures.values())) + len(packed) <= _KEPT_BYTES:
            self.pictures[number] = packed
        self.sights[number] = replace(sight, image=sight.image[:0], words=())


def _of_interest(text: str) -> bool:
    return "营业执照" in text or classify.page_kind_of_text(text) is DocumentKind.AUDIT_REPORT


def _assemble(source: SourceFile, seen: _Seen, count: int) -> Reading:
    licences = [page for page in seen.pages if business_licence.is_licence(page)]
    taken = {page.number for page in licences}
    rest = [page for page in seen.pages if page.number not in taken]
    documents: list[Extracted] = [
        business_licence.extract(page, seen.look(page.number)) for page in licences
    ]
    statements = statement.extract(rest, seen.look)
    documents += statements
    taken.update(*(found.pages for found in statements))
    documents += _others([page for page in rest if page.number not in taken])
    documents.sort(key=lambda document: document.pages[0])
    reading = Reading(
        source=source,
        pages=count,
        documents=tuple(documents),
        findings=(*_remarks(source, documents), *_skimmed(source, seen)),
        readers=tuple(sorted({page.reader for page in seen.pages})),
    )
    return relocated(reading, seen.on_the_upload)


def _others(pages: list[Page]) -> Iterator[OtherDocument]:
    """Join neighbouring pages of one kind that are not read field by field."""
    kept = {DocumentKind.AUDIT_REPORT, DocumentKind.CHANGES_IN_EQUITY}

    def kind_of(page: Page) -> DocumentKind:
        kind = classify.page_kind(page)
        return kind if kind in kept else DocumentKind.UNKNOWN

    for kind, run in groupby(pages, kind_of):
        yield OtherDocument.model_validate({"kind": kind, "pages": [page.number for page in run]})


def _skimmed(source: SourceFile, seen: _Seen) -> Iterator[Finding]:
    """Say how many pages were not read in full: a page not read is not a page without content."""
    if seen.skimmed:
        yield Finding(
            code="reading.pages_skimmed",
            severity=Severity.INFO,
            params={"count": str(len(seen.skimmed))},
            subject=source.sha256,
        )


def _remarks(source: SourceFile, documents: list[Extracted]) -> tuple[Finding, ...]:
    if any(document.kind is not DocumentKind.UNKNOWN for document in documents):
        return ()
    return (
        Finding(code="reading.nothing_recognised", severity=Severity.WARN, subject=source.sha256),
    )
