from pathlib import Path

import cv2
import layoutparser as lp
import numpy as np
import pypdfium2
import pytest

from extractors import layout
from extractors.layout import OnnxLayoutModel
from schemas.errors import ModelMissingError

SAMPLE = Path("sample_docs/01-qinghe-machinery/statements-2026-09.pdf")


def balance_sheet() -> np.ndarray:
    document = pypdfium2.PdfDocument(SAMPLE)
    try:
        return np.ascontiguousarray(document[0].render(scale=100 / 72).to_numpy()[:, :, :3])
    finally:
        document.close()


@pytest.mark.ocr
def test_the_table_of_a_balance_sheet_is_found_with_layoutparser_s_own_door() -> None:
    layout.model(Path(".models"))
    weights = str(Path(".models") / layout.MODEL / "inference.onnx")
    page = balance_sheet()

    model = lp.AutoLayoutModel("lp://onnx/cdla/picodet", model_path=weights)
    found = model.detect(page)

    assert isinstance(model, OnnxLayoutModel)
    assert layout.share_of(found, "table", page) > 0.3
    assert layout.share_of(found, "figure", page) < 0.1


@pytest.mark.ocr
def test_boxes_are_in_the_pixels_of_the_page_whatever_its_size() -> None:
    model = layout.model(Path(".models"))
    page = balance_sheet()
    large = cv2.resize(page, None, fx=2, fy=2)

    tables = [[b for b in model.detect(image) if b.type == "table"] for image in (page, large)]

    assert tables[1][0].coordinates == pytest.approx(
        [2 * edge for edge in tables[0][0].coordinates], abs=20
    )


def test_a_layout_model_that_is_not_installed_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError):
        layout.model(tmp_path)
