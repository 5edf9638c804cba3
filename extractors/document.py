"""One file read from bytes to documents: the way that every door takes.

Pages come one at a time and only what extraction needs of them is kept, so that memory does not
grow with the length of a report. A PDF page with a sound text layer is never recognised from its
picture. Where pictures are looked at, in this process or by a pool of others, is not known here.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby

from extractors import classify, crosscheck, pdf, qr, sheets, spots
from extractors.intake import Limits
from extractors.kinds import audit_report, business_licence, change_notice, statement
from extractors.ocr.engine import Engine, Image
from extractors.ocr.look import Look
from extractors.relocate import relocated
from extractors.remarks import remarks
from extractors.seen import Inline, Seen, Sees, Upload
from extractors.triage import FindBlocks, Triage
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.errors import DocumentError
from schemas.fields import Field, FieldState, Provenance
from schemas.licence import BusinessLicence
from schemas.notices import ChangeNotice
from schemas.records import Extracted, OtherDocument, Reading
from schemas.text import Page

_VERSION = "8"
"""Raised whenever the same bytes may read differently: cached readings then no longer count."""

_LONG = 12
"""Scanned pages up to which every page is read in full: three statements and an audit report."""


@dataclass(frozen=True)
class DocumentReader:
    """Reads one file of any supported type.

    `engine` is called when something needs recognition, so that digital files never pay for
    loading a model. `dpi` is the resolution at which scanned PDF pages are rendered. With
    `blocks`, the layout of a page, only the pages of a long scan that matter are read in full.
    With `pool`, page pictures are read there rather than by `engine`, which then is for second
    readings, and the tops of a long scan are read by `skimmer`, so many at once as `skims` says.
    With `checks_layers`, some amounts of pages with text are recognised as well, so that a text
    layer that is not what is drawn is found out.
    """

    engine: Callable[[], Engine]
    engine_name: str
    limits: Limits = field(default_factory=Limits)
    dpi: int = 200
    blocks: FindBlocks | None = None
    pool: Sees | None = None
    skimmer: Callable[[], Engine] | None = None
    skims: int = 1
    checks_layers: bool = False

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
            book = sheets.read(data, source.media_type, source.sha256, self.limits)
            return _assemble(
                source, Seen(pages=list(book.pages), faults=book.faults), len(book.pages)
            )
        seen, upload = Seen(self.engine), self._upload(data, source)
        self._see(upload, range(1, upload.frames + 1), seen)
        _refuse_if_lost(seen, upload.frames)
        return _assemble(source, seen, len(seen.pages))

    def _pdf(self, data: bytes, source: SourceFile) -> Reading:
        with pdf.PdfFile(data, self.limits) as document:
            numbers = range(1, document.page_count + 1)
            texts = {n: document.text(n) for n in numbers if document.has_text(n)}
            wanted = set(statement.find_pages(texts))
            wanted |= {n for n, text in texts.items() if _of_interest(text)}
            layer = [document.page(number, source.sha256) for number in sorted(wanted)]
            doubted = crosscheck.disagreeing(data, layer)
            lying = self._lying(document, [page for page in layer if page.number not in doubted])
            doubted |= lying
            scanned = [n for n in numbers if n not in texts or n in doubted]
            seen = Seen(self.engine, lying=tuple(sorted(lying)))
            if scanned:
                upload = self._upload(data, source)
                self._see(upload, self._chosen(document, scanned, seen.skimmed), seen)
            _refuse_if_lost(seen, document.page_count)
            seen.pages += [page for page in layer if page.number not in doubted]
            seen.pages.sort(key=lambda page: page.number)
            return _assemble(source, seen, document.page_count)

    def _lying(self, document: pdf.PdfFile, pages: list[Page]) -> frozenset[int]:
        """Return the pages of statements whose picture contradicts their text."""
        if not (self.checks_layers and pages):
            return frozenset()
        return spots.contradicted(document, pages, self.engine())

    def _upload(self, data: bytes, source: SourceFile) -> Upload:
        return Upload(data, source.media_type, source.sha256, self.limits, self.dpi)

    def _see(self, upload: Upload, numbers: Iterable[int], seen: Seen) -> None:
        sees = self.pool or Inline(self.engine)
        with closing(sees.see(upload, numbers)) as pages:
            for page in pages:
                seen.add(page)

    def _chosen(
        self, document: pdf.PdfFile, scanned: list[int], skimmed: list[int]
    ) -> Iterator[int]:
        """Yield the pages to be read in full; on a long scan each is looked at first."""
        if self.blocks is None or len(scanned) <= _LONG:
            yield from scanned
            return
        triage = Triage((self.skimmer or self.engine)(), self.blocks)
        drawn = (self._drawn(document, number) for number in scanned)
        for number, is_wanted in zip(scanned, triage.wanted(drawn, self.skims), strict=True):
            if is_wanted:
                yield number
            else:
                skimmed.append(number)

    def _drawn(self, document: pdf.PdfFile, number: int) -> Image | None:
        try:
            return document.render(number, self.dpi)
        except DocumentError:
            return None  # whoever reads it says what is wrong with it


def _refuse_if_lost(seen: Seen, count: int) -> None:
    """Refuse a file none of whose pages could be seen; one of them loses only itself."""
    if len(seen.lost) == count:
        raise seen.lost[0].error


def _of_interest(text: str) -> bool:
    told = {DocumentKind.AUDIT_REPORT, DocumentKind.CHANGE_NOTICE}
    if "营业执照" in text or classify.page_kind_of_text(text) in told:
        return True
    return classify.uncovered(text.splitlines()) is not None


def _assemble(source: SourceFile, seen: Seen, count: int) -> Reading:
    licences = [page for page in seen.pages if business_licence.is_licence(page)]
    taken = {page.number for page in licences}
    rest = [page for page in seen.pages if page.number not in taken]
    documents: list[Extracted] = [
        _licence(part, look)
        for page in licences
        for part, look in business_licence.parts(page, seen.look(page.number))
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
        findings=tuple(remarks(source, seen, documents)),
        readers=tuple(sorted({page.reader for page in seen.pages})),
        devices=tuple(sorted(seen.devices)),
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


def _others(pages: list[Page]) -> Iterator[OtherDocument | ChangeNotice]:
    """Yield notices page by page, and join neighbouring pages of a kind that has no fields."""
    kept = {
        DocumentKind.AUDIT_REPORT,
        DocumentKind.CHANGES_IN_EQUITY,
        DocumentKind.CHANGE_NOTICE,
    }

    def kind_of(page: Page) -> DocumentKind:
        kind = classify.page_kind(page)
        return kind if kind in kept else DocumentKind.UNKNOWN

    for kind, run in groupby(pages, kind_of):
        found = list(run)
        if kind is DocumentKind.CHANGE_NOTICE:
            yield from map(change_notice.extract, found)
            continue
        opinion = audit_report.opinion(found) if kind is DocumentKind.AUDIT_REPORT else None
        numbers = [page.number for page in found]
        yield OtherDocument.model_validate({"kind": kind, "pages": numbers, "opinion": opinion})
