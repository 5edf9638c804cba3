"""Text layers that are not what is drawn: invisible, or in a font of the file's own."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from reportlab.pdfgen.canvas import Canvas

from extractors.document import DocumentReader
from extractors.intake import Limits
from extractors.ocr.engine import Image, Line, Quad
from extractors.pdf import PdfFile
from extractors.spots import contradicted
from schemas.documents import MediaType, SourceFile
from tests.extractors.engines import line

SHOWN = ("1,234,567.89", "40,210,773.18", "98,765.43")


@dataclass
class Recogniser:
    """Reads every crop with ink in it as the next text, and an empty one as nothing."""

    texts: Sequence[str]
    probability: float = 0.99
    fingerprint: str = "test"
    device: str = "none"
    asked: list[int] = field(default_factory=list)

    def find(self, image: Image) -> tuple[Quad, ...]:
        return ()

    def recognise(self, images: Sequence[Image]) -> tuple[Line, ...]:
        self.asked.append(len(images))
        texts = [
            text if image.min() < 128 else ""
            for text, image in zip(self.texts, images, strict=False)
        ]
        return tuple(line(text, self.probability) if text else Line() for text in texts)


def paper(said: Sequence[str] = SHOWN, *, mode: int = 0) -> bytes:
    """Return a PDF whose text layer says amounts, drawn in a mode of PDF (3: not at all)."""
    held = io.BytesIO()
    canvas = Canvas(held)
    for number, text in enumerate(said):
        begun = canvas.beginText(300, 700 - 40 * number)
        begun.setFont("Helvetica", 10)
        begun.setTextRenderMode(mode)
        begun.textOut(text)
        canvas.drawText(begun)
    canvas.save()
    return held.getvalue()


def checked(data: bytes, engine: Recogniser) -> frozenset[int]:
    with PdfFile(data, Limits()) as document:
        return contradicted(document, [document.page(1, "x")], engine)


def test_a_layer_that_is_what_is_drawn_is_believed() -> None:
    engine = Recogniser(SHOWN)

    assert checked(paper(), engine) == frozenset()
    assert engine.asked == [3]


def test_other_digits_than_those_that_are_drawn_are_found_out() -> None:
    """As of a font that names its glyphs wrongly: the layer says 7 for every 1."""
    said = [text.replace("1", "7") for text in SHOWN]

    assert checked(paper(said), Recogniser(SHOWN)) == frozenset({1})


def test_text_that_nobody_sees_is_found_out() -> None:
    assert checked(paper(mode=3), Recogniser(SHOWN)) == frozenset({1})


def test_what_the_recogniser_is_not_sure_of_contradicts_nothing() -> None:
    said = [text.replace("1", "7") for text in SHOWN]

    assert checked(paper(said), Recogniser(SHOWN, probability=0.7)) == frozenset()


def test_a_page_without_amounts_is_not_looked_at() -> None:
    engine = Recogniser(SHOWN)

    assert checked(paper(["Notes", "12"]), engine) == frozenset()
    assert not engine.asked


@pytest.mark.parametrize("lies", [True, False])
def test_a_page_whose_text_lies_is_read_as_a_picture_and_told(
    lies: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = paper()
    found = frozenset({1}) if lies else frozenset[int]()
    monkeypatch.setattr("extractors.kinds.statement.find_pages", lambda _: (1,))
    monkeypatch.setattr("extractors.pdf.PdfFile.has_text", lambda *_: True)
    monkeypatch.setattr("extractors.spots.contradicted", lambda *_: found)
    source = SourceFile(name="x", sha256="0" * 64, media_type=MediaType.PDF, size=len(data))
    reader = DocumentReader(lambda: Recogniser(()), "x", checks_layers=True)

    reading = reader.read(data, source)

    codes = [one.code for one in reading.findings]
    assert ("reading.layer_contradicted" in codes) is lies
    assert (reading.readers == ("test",)) is lies
