import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.intake import Limits, decoded, sniff, unpack
from schemas.documents import MediaType
from schemas.errors import (
    CorruptFileError,
    DocumentError,
    EmptyFileError,
    EncryptedFileError,
    TooLargeError,
    UnsafeArchiveError,
    UnsupportedTypeError,
)

HEADS = {
    b"%PDF-1.7\n": MediaType.PDF,
    b"\r\n\r\n%PDF-1.4\n": MediaType.PDF,
    b"\xff\xd8\xff\xe0": MediaType.JPEG,
    b"\x89PNG\r\n\x1a\n": MediaType.PNG,
    b"II*\x00": MediaType.TIFF,
    b"MM\x00*": MediaType.TIFF,
    b"GIF89a": MediaType.GIF,
    b"BM\x00\x00": MediaType.BMP,
    b"RIFF\x00\x00\x00\x00WEBP": MediaType.WEBP,
    b"\x00\x00\x00\x18ftypheic": MediaType.HEIC,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": MediaType.XLS,
}


def archive(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return held.getvalue()


def named(*names: str) -> bytes:
    return archive(**dict.fromkeys(names, b"x"))


@pytest.mark.parametrize(("head", "media_type"), HEADS.items())
def test_the_type_is_told_by_the_first_bytes(head: bytes, media_type: MediaType) -> None:
    assert sniff(head + b"whatever follows") is media_type


def test_a_workbook_and_an_archive_differ_by_what_is_inside() -> None:
    assert sniff(named("[Content_Types].xml", "xl/workbook.xml")) is MediaType.XLSX
    assert sniff(named("licence.jpg")) is MediaType.ZIP


def test_an_archive_that_begins_with_an_uncompressed_pdf_is_an_archive() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as target:
        target.writestr("a.pdf", b"%PDF-1.7 and so on")

    assert sniff(held.getvalue()) is MediaType.ZIP


def test_an_archive_with_a_broken_name_is_corrupt() -> None:
    data = named("ä.pdf").replace("ä".encode(), b"\xff\xfe")

    for read in (sniff, lambda data: list(unpack(data, Limits()))):
        with pytest.raises(CorruptFileError):
            read(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_text_is_a_csv_in_every_usual_encoding(encoding: str) -> None:
    text = "项目,期末余额,年初余额\n货币资金,100.00,200.00\n应收账款,1.00,2.00\n"

    assert sniff(text.encode(encoding)) is MediaType.CSV
    assert decoded(text.encode(encoding)) == text.lstrip("\ufeff") or encoding == "utf-16"


def test_what_is_not_read_says_what_it_looks_like() -> None:
    cases = {
        "plain text": "尊敬的客户经理：\n您好。\n附件请查收。\n".encode(),
        "unknown binary data": b"\x00\x01\x02\x03" * 40,
        "Word document": named("[Content_Types].xml", "word/document.xml"),
        "OFD document": named("OFD.xml"),
    }
    for looks_like, data in cases.items():
        with pytest.raises(UnsupportedTypeError, match=looks_like):
            sniff(data)


def test_nothing_is_an_empty_file() -> None:
    with pytest.raises(EmptyFileError):
        sniff(b"")


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_have_a_type_or_a_document_error(data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        assert sniff(data) in MediaType


@given(st.binary(max_size=200))
def test_a_damaged_archive_is_a_document_error(tail: bytes) -> None:
    whole = archive(a=b"x" * 1000, b=b"y" * 1000)
    try:
        list(unpack(whole[:60] + tail, Limits()))
    except DocumentError:
        return
    pytest.fail("a damaged archive was unpacked")


def test_every_file_of_an_archive_comes_out_without_the_packer_s_leavings() -> None:
    data = archive(**{"a/licence.jpg": b"1", "__MACOSX/a/._licence.jpg": b"2", "b.pdf": b"3"})

    assert dict(unpack(data, Limits())) == {"a/licence.jpg": b"1", "b.pdf": b"3"}


def test_names_in_gbk_are_understood() -> None:
    data = named("AAAAAAAA.jpg").replace(b"AAAAAAAA", "营业执照".encode("gbk"))

    assert [name for name, _ in unpack(data, Limits())] == ["营业执照.jpg"]


@pytest.mark.parametrize(
    "name", [".", "../up.pdf", "/etc/passwd", "a/../../b", "C:/x.pdf", "..\\x"]
)
def test_a_name_that_points_out_of_the_archive_is_refused(name: str) -> None:
    with pytest.raises(UnsafeArchiveError):
        list(unpack(named(name), Limits()))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive(a=b"\x00" * 20_000_000)

    with pytest.raises(TooLargeError):
        list(unpack(bomb, Limits(max_archive_bytes=1_000_000)))


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks() -> None:
    bomb = bytearray(archive(a=b"\x00" * 2_000_000))
    size = (2_000_000).to_bytes(4, "little")
    for place in (bomb.find(size), bomb.rfind(size)):
        bomb[place : place + 4] = (10).to_bytes(4, "little")

    with pytest.raises((TooLargeError, CorruptFileError)):
        list(unpack(bytes(bomb), Limits(max_archive_bytes=1_000_000)))


def test_too_many_files_are_refused() -> None:
    with pytest.raises(TooLargeError):
        list(unpack(named(*(f"{n}.pdf" for n in range(20))), Limits(max_archive_files=10)))


def test_an_archive_with_a_password_says_so() -> None:
    data = bytearray(named("a.pdf"))
    data[6] |= 1
    directory = data.find(b"PK\x01\x02")
    data[directory + 8] |= 1

    with pytest.raises(EncryptedFileError):
        list(unpack(bytes(data), Limits()))
