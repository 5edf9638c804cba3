"""The licences of the sample packages, read with the real models."""

import json
from pathlib import Path

import pytest

from extractors import prepare, raster
from extractors.intake import Limits
from extractors.kinds.business_licence import extract, is_licence
from extractors.ocr.look import Look
from extractors.ocr.paddle import PaddleEngine
from sample_docs.make import companies
from schemas.documents import MediaType
from schemas.licence import BusinessLicence
from schemas.text import Page, PageSource

ROOT = Path(__file__).parents[3]
SAMPLES = sorted((ROOT / "sample_docs").glob("0*/business-licence.*"))
MODELS = ROOT / ".models"
DRAWN = (companies.QINGHE, companies.YUNLING, companies.HAICHUAN, companies.XIAOMAN)
AUTHORITIES = {licence.code: licence.authority for licence in (*DRAWN, companies.LANQIAO)}
"""What the seal says that the generator stamps over the date."""

pytestmark = [
    pytest.mark.ocr,
    pytest.mark.slow,
    pytest.mark.skipif(not MODELS.is_dir(), reason="zishen models install has not run"),
]


@pytest.fixture(scope="module")
def engine() -> PaddleEngine:
    return PaddleEngine(MODELS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_reads_and_accepts_every_field_of_the_sample(path: Path, engine: PaddleEngine) -> None:
    papers = json.loads((path.parent / "expected.json").read_text(encoding="utf-8"))["documents"]
    expected = next(paper for paper in papers if paper["kind"] == "business_licence")

    page, look = seen(engine, path)
    licence = extract(page, look)

    assert is_licence(page)
    assert licence.entity_type is not None
    assert licence.entity_type.value == expected["entity_type"]
    assert said(licence, expected["fields"]) == expected["fields"]
    assert not [name for name in expected["fields"] if not getattr(licence, name).accepted]
    drawn = AUTHORITIES[str(licence.unified_social_credit_code.value)]
    authority = licence.registration_authority
    assert (authority.value, authority.accepted) == (drawn, True)


def seen(engine: PaddleEngine, path: Path) -> tuple[Page, Look]:
    kind = MediaType.PNG if path.suffix == ".png" else MediaType.JPEG
    (image,) = raster.frames(path.read_bytes(), kind, Limits())
    sight = prepare.see(engine, image)
    height, width = sight.image.shape[:2]
    page = Page(
        document="0" * 64,
        number=1,
        width=width,
        height=height,
        source=PageSource.OCR,
        reader=engine.fingerprint,
        words=sight.words,
        rotation=sight.rotation,
    )
    return page, Look(sight.image, engine)


def said(licence: BusinessLicence, names: dict[str, str]) -> dict[str, str]:
    """Return the values of some fields as the record is written, brackets in one width."""
    record = licence.model_dump(mode="json")
    values = {name: str(record[name]["value"]) for name in names}
    scope = values["business_scope"]
    return values | {"business_scope": scope.replace("(", "（").replace(")", "）")}
