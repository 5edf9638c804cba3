"""What a file may do to the process that decodes it, and what that does to us: an error of it."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from extractors.intake import Limits
from pipeline.sandbox.process import Sandbox
from pipeline.sandbox.rehearsal import Rehearsed
from schemas.documents import MediaType, SourceFile
from schemas.errors import DocumentError, EncryptedFileError, TooLargeError, TransientError
from tests.pipeline.fakes import FakeReader

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(memory_mib=300)
    yield made
    made.close()


def pid() -> int:
    return os.getpid()


def refuse() -> None:
    raise EncryptedFileError("application/pdf")


def crash() -> None:
    signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGSEGV)


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def swell() -> int:
    held = []
    while True:
        held.append(b"x" * (20 << 20))
        time.sleep(0.01)


def no_memory() -> None:
    raise MemoryError


def test_what_is_done_there_comes_back_and_the_process_stays(sandbox: Sandbox) -> None:
    first = sandbox.run(30, pid)

    assert first != os.getpid()
    assert sandbox.run(30, pid) == first
    assert sandbox.run(30, max, 1, 2) == 2


def test_a_warm_process_costs_next_to_nothing(sandbox: Sandbox) -> None:
    sandbox.run(30, pid)
    data = b"x" * (5 << 20)
    started = time.monotonic()

    for _ in range(5):
        assert sandbox.run(30, len, data) == len(data)

    assert (time.monotonic() - started) / 5 < 0.2


def test_an_error_of_a_file_passes_as_it_is(sandbox: Sandbox) -> None:
    first = sandbox.run(30, pid)

    with pytest.raises(EncryptedFileError):
        sandbox.run(30, refuse)

    assert sandbox.run(30, pid) == first


def test_a_crash_is_an_error_of_the_file_and_the_next_one_is_read(sandbox: Sandbox) -> None:
    with pytest.raises(DocumentError, match="crashes its decoder"):
        sandbox.run(30, crash)

    assert sandbox.run(30, max, 1, 2) == 2


def test_a_hang_ends_in_time(sandbox: Sandbox) -> None:
    sandbox.run(30, pid)
    started = time.monotonic()

    with pytest.raises(TooLargeError) as caught:
        sandbox.run(1, time.sleep, 60)

    assert caught.value.what == "seconds"
    assert time.monotonic() - started < 5
    assert sandbox.run(30, max, 1, 2) == 2


def test_memory_that_grows_without_end_ends_the_process_and_not_the_machine(
    sandbox: Sandbox,
) -> None:
    with pytest.raises(TooLargeError) as caught:
        sandbox.run(30, swell)
    assert caught.value.what == "MiB of memory"

    with pytest.raises(TooLargeError):
        sandbox.run(30, no_memory)
    assert sandbox.run(30, max, 1, 2) == 2


def test_an_end_that_somebody_else_made_is_worth_a_retry(sandbox: Sandbox) -> None:
    with pytest.raises(TransientError):
        sandbox.run(30, end)


def test_who_waits_too_long_for_his_turn_is_told(sandbox: Sandbox) -> None:
    sandbox.run(30, pid)
    other = threading.Thread(target=lambda: sandbox.run(30, time.sleep, 1.5))
    other.start()
    time.sleep(0.2)

    with pytest.raises(TransientError, match="others are served"):
        sandbox.run(0.2, pid)

    other.join()


def test_closing_leaves_no_process_behind() -> None:
    sandbox = Sandbox()
    process = psutil.Process(sandbox.run(60, pid))

    sandbox.close()

    assert not process.is_running()


def test_a_file_that_kills_its_decoder_never_reaches_the_reader(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = FakeReader()
    source = SourceFile(name="a", sha256="a", media_type=MediaType.CSV, size=3)
    rehearsed = Rehearsed(reader, Limits(), 30, sandbox)

    rehearsed.read(b"a,b\n1,2\n", source)
    rehearsed.read(b"no table", source)  # what is wrong with it the reader says
    monkeypatch.setattr("pipeline.sandbox.rehearsal.survive", die)
    with pytest.raises(DocumentError, match="crashes its decoder"):
        rehearsed.read(b"evil", source)

    assert reader.asked == ["a", "a"]
    assert rehearsed.fingerprint == reader.fingerprint


def die(*_: object) -> bool:
    crash()
    return False
