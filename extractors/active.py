"""What in a file would act when a viewer opens it: scripts, launched programs, files in files.

Nothing of it is ever run or fetched here: PDFium is built without scripts, workbooks are read as
cells. Whoever opens the original at the bank should know what it holds.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from schemas.documents import MediaType, SourceFile
from schemas.findings import Finding, Severity

_NAMES: Final = {
    b"JavaScript": "scripts",
    b"Launch": "launched_programs",
    b"EmbeddedFile": "embedded_files",
    b"RichMedia": "media_players",
    b"XFA": "dynamic_forms",
}
"""Names of ISO 32000 that stand for what acts, and our words for them."""
_MEMBERS: Final = {
    "xl/vbaProject": "macros",
    "xl/macrosheets/": "macros",
    "xl/embeddings/": "embedded_files",
    "xl/externalLinks/": "external_links",
    "xl/connections": "external_links",
}
_NAME: Final = re.compile(rb"/((?:[A-Za-z]|#[0-9A-Fa-f]{2}){3,12})(?=[\s/<>\[\](%]|$)")
_HEX: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS: Final = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
"""The head of a stream that holds objects, packed."""
_UNPACKED: Final = 4 << 20
"""Bytes of one packed stream that are looked at."""
_STREAMS: Final = 500


def active(data: bytes, media_type: MediaType) -> tuple[str, ...]:
    """Return what acts in a file, by our words, in order; nothing for most files."""
    if media_type is MediaType.PDF:
        return tuple(sorted({word for part in _parts(data) for word in _of_pdf(part)}))
    if media_type is MediaType.XLSX:
        return tuple(sorted(set(_of_workbook(data))))
    return ()


def active_content(data: bytes, source: SourceFile) -> Iterator[Finding]:
    """Say what acts in a file, where anything does."""
    found = active(data, source.media_type)
    if found:
        yield Finding(
            code="reading.active_content",
            severity=Severity.WARN,
            params={"what": ",".join(found)},
            subject=source.sha256,
        )


def _parts(data: bytes) -> Iterator[bytes]:
    """Yield a PDF as it is, and what is packed in it of objects."""
    yield data
    for count, head in enumerate(_OBJECTS.finditer(data)):
        if count >= _STREAMS:
            return
        try:
            yield zlib.decompressobj().decompress(data[head.end() :], _UNPACKED)
        except zlib.error:
            continue


def _of_pdf(part: bytes) -> Iterator[str]:
    for name in _NAME.findall(part):
        plain = _HEX.sub(lambda code: bytes([int(code[1], 16)]), name) if b"#" in name else name
        if plain in _NAMES:
            yield _NAMES[plain]


def _of_workbook(data: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return
    for name in names:
        yield from (word for start, word in _MEMBERS.items() if name.startswith(start))
