"""The virus scanner, spoken to by a daemon of the tests' own that knows one virus."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.ports.scanning import InfectedFileError
from pipeline.stages.intake import take_in
from pipeline.stages.services import Services
from pipeline.storage.clamav import ClamAv
from schemas.errors import SettingsError, TransientError
from tests.pipeline.fakes import PDF, PNG
from tests.pipeline.test_intake import archive

VIRUS = PDF + b"EVIL"
Daemon = Callable[[bytes], bytes]


def clamd(data: bytes) -> bytes:
    return b"stream: Test.Evil FOUND\0" if b"EVIL" in data else b"stream: OK\0"


@contextmanager
def listening(daemon: Daemon, family: int, address: object) -> Iterator[socket.socket]:
    """Answer as clamd does: a command, pieces with their lengths, a length of nothing."""
    with socket.socket(family) as server:
        server.bind(address)  # type: ignore[arg-type]
        server.listen()

        def serve() -> None:
            while True:
                try:
                    asked, _ = server.accept()
                except OSError:
                    return
                with asked, asked.makefile("rb") as said:
                    assert said.read(10) == b"zINSTREAM\0"
                    data = b""
                    while length := int.from_bytes(said.read(4), "big"):
                        data += said.read(length)
                    asked.sendall(daemon(data))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@contextmanager
def scanner(daemon: Daemon = clamd) -> Iterator[ClamAv]:
    with listening(daemon, socket.AF_INET, ("127.0.0.1", 0)) as server:
        yield ClamAv(f"127.0.0.1:{server.getsockname()[1]}", 5)


def test_what_is_clean_passes_and_what_is_not_is_named() -> None:
    with scanner() as clamav:
        clamav.scan(b"x" * (3 << 20))
        clamav.scan(b"")
        with pytest.raises(InfectedFileError, match=r"Test\.Evil"):
            clamav.scan(VIRUS)


def test_a_socket_of_the_file_system_will_do(tmp_path: Path) -> None:
    path = tmp_path / "clamd.ctl"
    with listening(clamd, socket.AF_UNIX, str(path)):
        ClamAv(f"unix:{path}", 5).scan(PDF)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "unix:/no/such.ctl", "nonsense"])
def test_a_scanner_that_cannot_be_asked_is_worth_a_retry(address: str) -> None:
    with pytest.raises(TransientError):
        ClamAv(address, 1).scan(PDF)


def test_an_answer_that_nobody_knows_is_not_taken_for_good() -> None:
    for answer in (b"", b"UNKNOWN COMMAND\0"):
        with scanner(lambda _, said=answer: said) as clamav, pytest.raises(TransientError):  # type: ignore[misc]
            clamav.scan(PDF)


def test_a_scanner_that_takes_less_than_we_do_is_the_operators() -> None:
    with (
        scanner(lambda _: b"INSTREAM size limit exceeded. ERROR\0") as clamav,
        pytest.raises(SettingsError, match="StreamMaxLength"),
    ):
        clamav.scan(PDF)


def test_an_infected_file_is_refused_and_not_kept_and_the_others_go_on(
    services: Services, inbox: Path
) -> None:
    (inbox / "good.png").write_bytes(PNG)
    (inbox / "packed.zip").write_bytes(archive(**{"bad.pdf": VIRUS, "fine.pdf": PDF}))

    with scanner() as clamav:
        package = take_in([inbox], replace(services, scanner=clamav))

    assert [file.name for file in package.files] == ["good.png", "packed.zip/fine.pdf"]
    (refused,) = package.refused
    assert (refused.name, refused.code) == ("packed.zip/bad.pdf", "document.infected")
    assert not services.blobs.has(refused.sha256)


def test_what_could_not_be_scanned_is_not_taken_in(services: Services, inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(PDF)

    with pytest.raises(TransientError):
        take_in([inbox], replace(services, scanner=ClamAv("127.0.0.1:1", 1)))

    assert services.repository.packages() == ()
