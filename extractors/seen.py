"""The pages of one file as they were seen, and the way to look at them again.

What is kept of a page picture is bounded: the way back to the upload always, the pixels only
while there is room for them.
"""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from extractors import prepare, quality
from extractors.ocr.engine import Engine, Image
from extractors.ocr.look import Look
from extractors.quality import Quality
from schemas.fields import Provenance
from schemas.text import Page, PageSource, Word

_KEPT_BYTES = 96 << 20
"""How much of the page pictures is kept, compressed, for second readings."""


@dataclass
class Seen:
    """The pages of one file as they were seen, and the way to look at them again."""

    pages: list[Page] = field(default_factory=list)
    skimmed: list[int] = field(default_factory=list)
    sights: dict[int, prepare.Sight] = field(default_factory=dict)
    scales: dict[int, float] = field(default_factory=dict)
    pictures: dict[int, bytes] = field(default_factory=dict)
    qualities: dict[int, Quality] = field(default_factory=dict)
    engine: Engine | None = None

    def recognise(
        self, engine: Engine, image: Image, document: str, number: int, *, scale: float
    ) -> None:
        """Read a page picture; `scale` is points for each of its pixels."""
        sight = prepare.see(engine, image)
        height, width = sight.image.shape[:2]
        self.engine, self.scales[number] = engine, scale
        self.qualities[number] = quality.assess(image, [_located(w, sight) for w in sight.words])
        self._keep(number, sight)
        self.pages.append(
            Page(
                document=document,
                number=number,
                width=width * scale,
                height=height * scale,
                source=PageSource.OCR,
                reader=engine.fingerprint,
                words=tuple(
                    word.model_copy(update={"box": word.box.scaled(scale)}) for word in sight.words
                ),
                rotation=sight.rotation,
            )
        )

    def look(self, number: int) -> Look | None:
        """Return the picture of a page, None where there is none or it was too much to keep."""
        if self.engine is None or number not in self.pictures:
            return None
        packed = np.frombuffer(self.pictures[number], np.uint8)
        image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        return Look(image, self.engine, self.scales[number])

    def on_the_upload(self, place: Provenance) -> Provenance:
        """Return where a place on a seen page is on the upload."""
        if place.page not in self.sights:
            return place
        scale = self.scales[place.page]
        box = self.sights[place.page].locate(place.box.scaled(1 / scale)).scaled(scale)
        return place.model_copy(update={"box": box})

    def _keep(self, number: int, sight: prepare.Sight) -> None:
        """Keep the picture without loss while there is room, and the way back in any case."""
        packed = cv2.imencode(".png", sight.image, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
        if sum(map(len, self.pictures.values())) + len(packed) <= _KEPT_BYTES:
            self.pictures[number] = packed
        self.sights[number] = replace(sight, image=sight.image[:0], words=())


def _located(word: Word, sight: prepare.Sight) -> Word:
    return word.model_copy(update={"box": sight.locate(word.box)})
