"""From settings to a pool, and a real model behind it."""

import hashlib
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
import onnxruntime as ort
import pypdfium2
import pytest

from extractors.document import DocumentReader
from extractors.ocr.engine import Image, Line
from extractors.ocr.paddle import PaddleEngine
from extractors.seen import Upload
from pipeline import wiring
from pipeline.pages.errors import PoolClosedError
from pipeline.pages.local import Local, PooledEngine
from pipeline.pages.payload import Payload
from pipeline.pages.watched import Watched
from pipeline.pages.work import Find, PageWork, Recognise
from pipeline.settings import OcrSettings, Settings
from schemas.documents import MediaType, SourceFile
from schemas.errors import DeviceError
from schemas.geometry import Box
from tests.extractors.engines import PaintedEngine

SCAN = Path("sample_docs/03-haichuan-trade/statements-2026-09-scan.pdf")


def settings(folder: Path, **ocr: object) -> Settings:
    return Settings(data_dir=folder, ocr=OcrSettings.model_validate(ocr))


def reader(folder: Path, **ocr: object) -> DocumentReader:
    services = wiring.build(settings(folder, **ocr))
    services.close()
    assert isinstance(services.reader, DocumentReader)
    return services.reader


def pool(folder: Path, **ocr: object) -> Local:
    watched = reader(folder, **ocr).pool
    assert isinstance(watched, Watched)
    assert isinstance(watched.sees, Local)
    return watched.sees


def test_without_workers_there_is_no_pool(tmp_path: Path) -> None:
    assert wiring.build(settings(tmp_path, workers=0)).pool is None


def test_closing_the_services_closes_the_pool(tmp_path: Path) -> None:
    services = wiring.build(settings(tmp_path, workers=1))

    services.close()

    assert services.pool is not None
    with pytest.raises(PoolClosedError):
        next(services.pool.see(Upload(b"", MediaType.PDF, "0" * 64), range(1, 3)))


def test_the_settings_reach_the_pool_and_start_nothing(tmp_path: Path) -> None:
    crew = pool(tmp_path, workers=3, page_seconds=7, pages_per_worker=8, worker_rss_mib=900).crew

    assert vars(crew.bounds) == {
        "workers": 3,
        "page_seconds": 7.0,
        "pages_per_worker": 8,
        "rss_mib": 900,
    }
    assert not crew.is_running


def test_a_reading_is_known_by_the_same_name_with_and_without_a_pool(tmp_path: Path) -> None:
    assert reader(tmp_path, workers=2).fingerprint == reader(tmp_path, workers=0).fingerprint


def test_a_gpu_that_is_asked_for_and_not_there_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CPUExecutionProvider"])

    with pytest.raises(DeviceError):
        wiring.build(settings(tmp_path, device="gpu"))


def test_a_worker_answers_second_looks_and_readings_from_pixels() -> None:
    engine = PaintedEngine({Box(1, 2, 30, 12): "资产", Box(1, 20, 30, 32): "负债"})
    work = PageWork(engine)
    one, other = np.zeros((4, 6, 3), np.uint8), np.ones((5, 7, 3), np.uint8)

    found = work.do(Find(one.shape), Payload.of(one.tobytes()))
    lines = work.do(
        Recognise((one.shape, other.shape)), Payload.of(one.tobytes() + other.tobytes())
    )

    assert len(found) == 2
    assert [line.text for line in lines if isinstance(line, Line)] == ["资产", "负债"]


def test_second_readings_use_the_own_model_while_no_worker_runs(tmp_path: Path) -> None:
    own = PaintedEngine({Box(1, 2, 30, 12): "资产"})
    engine = PooledEngine(Local(pool(tmp_path, workers=2).crew, lambda: own), "x", "cpu")

    assert len(engine.find(np.zeros((4, 6, 3), np.uint8))) == 1
    assert [line.text for line in engine.recognise([np.zeros((4, 6, 3), np.uint8)])] == ["资产"]
    assert engine.recognise([]) == ()


class Worked:
    """A pool that notes what its workers are asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def own(self) -> PaintedEngine:
        return PaintedEngine({})

    def ask(self, task: object, data: bytes, what: str) -> tuple[object, ...]:
        self.asked.append((task, len(data), what))
        return ()


def test_a_long_scan_is_skimmed_by_workers_from_the_first() -> None:
    pool = Worked()
    eager = PooledEngine(pool, "x", "cpu", starts=True)

    eager.find(np.zeros((4, 6, 3), np.uint8))

    assert pool.asked == [(Find((4, 6, 3)), 72, "a second look")]


def test_skimming_reaches_as_wide_as_the_pool(tmp_path: Path) -> None:
    wide = reader(tmp_path, workers=6)

    assert wide.skims == 6
    assert wide.skimmer is not None
    assert isinstance(wide.skimmer(), PooledEngine)
    assert reader(tmp_path, workers=0).skims == 1


class Attentive:
    """A recogniser that notices when two threads are in it."""

    def __init__(self) -> None:
        self.lock, self.met = Lock(), False

    def lines(self, images: Sequence[Image]) -> tuple[Line, ...]:
        self.met |= not self.lock.acquire(blocking=False)
        for _ in range(1000):
            np.zeros(1000).sum()  # long enough for other threads to come in
        if self.lock.locked():
            self.lock.release()
        return tuple(Line() for _ in images)


@pytest.mark.ocr
def test_threads_take_turns_in_the_model_of_a_process() -> None:
    engine, watched = PaddleEngine(Path(".models")), Attentive()
    vars(engine)["_recogniser"] = watched

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: engine.recognise([]), range(50)))

    assert not watched.met


def beginning(paper: Path, pages: int) -> bytes:
    """Return the first pages of a PDF."""
    whole, part, written = pypdfium2.PdfDocument(paper), pypdfium2.PdfDocument.new(), io.BytesIO()
    part.import_pages(whole, list(range(pages)))
    part.save(written)
    return written.getvalue()


@pytest.mark.ocr
def test_a_pool_reads_a_scan_as_one_process_does(tmp_path: Path) -> None:
    data = beginning(SCAN, 2)
    source = SourceFile(
        name="scan",
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=MediaType.PDF,
        size=len(data),
    )
    services = wiring.build(settings(tmp_path, workers=2, dpi=150))
    try:
        many = services.reader.read(data, source)
        assert isinstance(services.pool, Watched)
        assert isinstance(services.pool.sees, Local)
        pids = services.pool.sees.crew.pids
    finally:
        services.close()

    one = reader(tmp_path, workers=0, threads=1, dpi=150).read(data, source)

    assert 1 <= len(pids) <= 2
    assert many == one
