"""What an uploaded file really is, by its bytes, and what is in an archive.

The name that a sender gave a file is never believed: a GIF named .jpg is a GIF.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from schemas.documents import MediaType
from schemas.errors import (
    CorruptFileError,
    EmptyFileError,
    EncryptedFileError,
    TooLargeError,
    UnsafeArchiveError,
    UnsupportedTypeError,
)

_MIB = 1 << 20
_PDF_HEAD = 1024
"""How far into a file the `%PDF-` mark may stand (ISO 32000-1, annex H)."""
_SNIFFED = 4096
HEAD = _SNIFFED + 1
"""Bytes from the beginning of a file that tell what it is, but for what is zipped."""


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Beyond it a file is refused, and the others go on.

    `max_pixels` counts the pixels of one picture or rendered page; `max_archive_bytes` the sum
    of what an archive unpacks to.
    """

    max_file_bytes: int = 200 * _MIB
    max_pages: int = 1000
    max_pixels: int = 100_000_000
    max_archive_bytes: int = 500 * _MIB
    max_archive_files: int = 500
    max_sheet_cells: int = 2_000_000


def sniff(data: bytes) -> MediaType:
    """Return what the bytes are.

    Raises:
        EmptyFileError: there are none.
        UnsupportedTypeError: they are something that is not read here.
    """
    if not data:
        raise EmptyFileError
    for start, media_type in _STARTS:
        if data.startswith(start):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MediaType.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return MediaType.HEIC
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    if b"%PDF-" in data[:_PDF_HEAD]:
        return MediaType.PDF
    return _text_kind(data)


def unpack(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive with their names inside it, one at a time.

    Folders and what the packing program left behind (`__MACOSX`) are no files. An archive in
    the archive is yielded as it is.

    Raises:
        CorruptFileError: the archive or a file in it is broken.
        EncryptedFileError: it wants a password.
        TooLargeError: it holds too many files, or unpacks to too much.
        UnsafeArchiveError: a name points out of the archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if _is_file(info)]
            _check(infos, limits)
            left = limits.max_archive_bytes
            for info in infos:
                content = _content(archive, info, left, limits)
                left -= len(content)
                yield _name(info), content
    except _BROKEN_ZIP as error:
        raise CorruptFileError(MediaType.ZIP.value, type(error).__name__) from error


_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    UnicodeDecodeError,
    ValueError,
)
"""What `zipfile` raises for archives that are damaged or use a method that it does not know."""

_STARTS = (
    (b"%PDF-", MediaType.PDF),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"II+\x00", MediaType.TIFF),
    (b"GIF87a", MediaType.GIF),
    (b"GIF89a", MediaType.GIF),
    (b"BM", MediaType.BMP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", MediaType.XLS),
    (b"\x09\x08", MediaType.XLS),
)
_WEB_PAGES = ("<html", "<!doctype html", "<table", "<head", "<meta", "<style", "<body", "<div")
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"heif"})


def _zip_kind(data: bytes) -> MediaType:
    """Tell a workbook from an archive by what is inside."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except _BROKEN_ZIP as error:
        raise CorruptFileError(MediaType.ZIP.value, "no directory of its files") from error
    if any(name.startswith("xl/") for name in names):
        return MediaType.XLSX
    for folder, looks_like in (("word/", "Word document"), ("ppt/", "PowerPoint document")):
        if any(name.startswith(folder) for name in names):
            raise UnsupportedTypeError(looks_like)
    if "OFD.xml" in names:
        raise UnsupportedTypeError("OFD document")
    return MediaType.ZIP


def _text_kind(data: bytes) -> MediaType:
    """Take text for a table when its lines are cut into the same number of cells.

    A web page is one when it says so at its beginning, whatever it is called.
    """
    text = decoded(data[:_SNIFFED])
    if text is None:
        raise UnsupportedTypeError("unknown binary data")
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith(_WEB_PAGES):
        return MediaType.HTML
    if start.startswith("<?xml"):
        raise UnsupportedTypeError("XML document")
    lines = [line for line in text.splitlines() if line.strip()][:20]
    if len(lines) > 1:
        lines = lines[:-1] if len(data) > _SNIFFED else lines
        try:
            delimiter = csv.Sniffer().sniff("\n".join(lines), ",;\t|").delimiter
        except csv.Error:
            delimiter = ""
        if delimiter and sum(delimiter in line for line in lines) > len(lines) / 2:
            return MediaType.CSV
    raise UnsupportedTypeError("plain text")


def decoded(data: bytes) -> str | None:
    """Return the text of bytes in the encodings that Chinese spreadsheets export, else None.

    The end may be cut within a character.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[: len(data) // 2 * 2].decode("utf-16", errors="replace")
    if b"\x00" in data:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):
            try:
                return data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _is_file(info: zipfile.ZipInfo) -> bool:
    return not info.is_dir() and not _name(info).startswith("__MACOSX/")


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name of a file in an archive; old Chinese Windows wrote GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _check(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.max_archive_files:
        raise TooLargeError("files in an archive", len(infos), limit=limits.max_archive_files)
    total = sum(info.file_size for info in infos)
    if total > limits.max_archive_bytes:
        raise TooLargeError("bytes in an archive", total, limit=limits.max_archive_bytes)
    for info in infos:
        if info.flag_bits & 0x1:
            raise EncryptedFileError(MediaType.ZIP.value)
        path = PurePosixPath(_name(info).replace("\\", "/"))
        outward = path.is_absolute() or not path.parts or ".." in path.parts
        if outward or ":" in path.parts[0] or "\x00" in str(path):
            raise UnsafeArchiveError("a name in the archive points out of it")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, limits: Limits) -> bytes:
    """Return a file of an archive; what it says of its size is not believed."""
    with archive.open(info) as file:
        content = file.read(left + 1)
    if len(content) > left:
        limit = limits.max_archive_bytes
        raise TooLargeError("bytes in an archive", limit + 1, limit=limit)
    return content
