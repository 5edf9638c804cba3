"""One file from bytes to documents: what is recognised, what is not, and where evidence points."""

import hashlib
import io
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from PIL import Image as Pillow

from extractors.document import DocumentReader
from extractors.intake import Limits
from extractors.ocr.engine import Engine
from extractors.ocr.paddle import PaddleEngine
from extractors.seen import Pictures, Upload, see
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.fields import Field, FieldState
from schemas.geometry import Box
from schemas.licence import BusinessLicence
from schemas.records import Reading
from tests.extractors.engines import PaintedEngine

SAMPLES = Path("sample_docs")
LICENCE = SAMPLES / "04-xiaoman-noodles" / "business-licence.jpg"
DIGITAL = SAMPLES / "01-qinghe-machinery" / "statements-2026-09.pdf"
WORKBOOK = SAMPLES / "02-yunling-foods" / "statements-2026-09.xlsx"


def no_engine() -> NoReturn:
    pytest.fail("a model was loaded for a file that needs none")


def source(data: bytes, media_type: MediaType) -> SourceFile:
    digest = hashlib.sha256(data).hexdigest()
    return SourceFile(name="paper", sha256=digest, media_type=media_type, size=len(data))


def without_engine(path: Path, media_type: MediaType) -> Reading:
    data = path.read_bytes()
    return DocumentReader(no_engine, "none").read(data, source(data, media_type))


@pytest.mark.parametrize(
    ("path", "media_type"), [(DIGITAL, MediaType.PDF), (WORKBOOK, MediaType.XLSX)]
)
def test_a_digital_file_never_loads_a_model(path: Path, media_type: MediaType) -> None:
    reading = without_engine(path, media_type)

    kinds = {document.kind for document in reading.documents}
    assert {DocumentKind.BALANCE_SHEET, DocumentKind.INCOME_STATEMENT} <= kinds
    assert not reading.findings


def test_documents_come_in_the_order_of_pages() -> None:
    reading = without_engine(DIGITAL, MediaType.PDF)

    assert [document.pages for document in reading.documents] == [(1,), (2,), (3,)]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return PaddleEngine(Path(".models"))


def licence_of(engine: Engine, picture: Pillow.Image, name: str = "PNG") -> BusinessLicence:
    held = io.BytesIO()
    picture.save(held, name)
    media_type = {"PNG": MediaType.PNG, "TIFF": MediaType.TIFF}[name]
    data = held.getvalue()
    reading = DocumentReader(lambda: engine, "x").read(data, source(data, media_type))
    (licence,) = (d for d in reading.documents if isinstance(d, BusinessLicence))
    return licence


def values(licence: BusinessLicence) -> dict[str, object]:
    fields: dict[str, Field[object]] = {n: getattr(licence, n) for n in licence.field_names()}
    return {name: f.value for name, f in fields.items() if f.state is FieldState.PRESENT}


@pytest.mark.ocr
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_picture_gives_the_same_fields_with_evidence_on_the_upload(
    engine: Engine, turn: int
) -> None:
    upright = Pillow.open(LICENCE)
    turned = upright.rotate(-turn, expand=True)

    one, other = licence_of(engine, upright), licence_of(engine, turned)

    assert values(other) == values(one)
    assert other.name.provenance is not None
    left, top, right, bottom = other.name.provenance.box
    is_on_its_side = turn in {90, 270}
    assert (right - left < bottom - top) is is_on_its_side
    dark = np.asarray(turned.convert("L"))[int(top) : int(bottom), int(left) : int(right)]
    assert (dark < 100).mean() > 0.03, "there is no print where the evidence points"


@pytest.mark.ocr
def test_each_frame_of_a_tiff_is_a_page(engine: Engine) -> None:
    held = io.BytesIO()
    blank = Pillow.new("RGB", (800, 600), "white")
    blank.save(held, "TIFF", save_all=True, append_images=[Pillow.open(LICENCE)])
    data = held.getvalue()

    reading = DocumentReader(lambda: engine, "x").read(data, source(data, MediaType.TIFF))

    assert reading.pages == 2
    assert [(d.kind, d.pages) for d in reading.documents] == [
        (DocumentKind.UNKNOWN, (1,)),
        (DocumentKind.BUSINESS_LICENCE, (2,)),
    ]
    assert reading.readers == (engine.fingerprint,)


@pytest.mark.ocr
def test_a_picture_without_a_paper_yields_nothing_and_says_so(engine: Engine) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (600, 800, 3), np.uint8)
    held = io.BytesIO()
    Pillow.fromarray(noise).save(held, "PNG")
    data = held.getvalue()

    reading = DocumentReader(lambda: engine, "x").read(data, source(data, MediaType.PNG))

    assert [document.kind for document in reading.documents] == [DocumentKind.UNKNOWN]
    assert [finding.code for finding in reading.findings] == ["reading.nothing_recognised"]


def test_boxes_of_a_page_that_is_drawn_coarser_are_still_in_points() -> None:
    data = (SAMPLES / "03-haichuan-trade" / "statements-2026-09-scan.pdf").read_bytes()
    scan = source(data, MediaType.PDF)
    words = {Box(10, 10, 400, 30): "资产负债表"}
    coarse = Upload(data, MediaType.PDF, scan.sha256, Limits(max_pixels=500_000))

    with Pictures(coarse) as pictures:
        seen = see(PaintedEngine(words), pictures, 1)
        height, width = pictures.picture(1).shape[:2]

    assert width * height <= 500_000
    assert seen.scale * width == pytest.approx(595, abs=1)
    assert seen.scale * height == pytest.approx(842, abs=2)
