"""The pages of one file as they were seen, and the way to look at them again.

Seeing a page is the unit of work that can be done elsewhere: a number of an upload goes in, words,
the way back to the upload and the picture come out. What is kept of page pictures is
bounded: the way back to the upload always, the pixels only while there is room for them.
"""

import contextlib
import io
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from PIL import Image as Pillow

from extractors import pdf, prepare, quality, raster
from extractors.formulas import Fault
from extractors.intake import Limits
from extractors.ocr.engine import Engine, Image
from extractors.ocr.look import Look
from extractors.packed import Picture
from extractors.quality import Quality
from schemas.documents import MediaType
from schemas.errors import CorruptFileError, DocumentError
from schemas.fields import Provenance
from schemas.text import Page, PageSource, Word

_KEPT_BYTES = 96 << 20
"""How much of the page pictures is kept for second readings."""
_PLAIN_BYTES = 64 << 20
"""How much of it is kept as pixels: a licence, a few pages of a scan."""


@dataclass(frozen=True)
class Upload:
    """A file with pages that are pictures, and how they are drawn: enough to see each anywhere."""

    data: bytes = field(repr=False)
    media_type: MediaType
    sha256: str
    limits: Limits = field(default_factory=Limits)
    dpi: int = 200

    @property
    def frames(self) -> int:
        """How many pages a picture says it has: one, but for a TIFF.

        A broken one counts as one page, whose reading then says what is wrong with it.
        """
        if self.media_type is not MediaType.TIFF:
            return 1
        try:
            with Pillow.open(io.BytesIO(self.data), formats=("TIFF",)) as picture:
                count = int(getattr(picture, "n_frames", 1))
        except (OSError, EOFError, SyntaxError, ValueError, KeyError, RuntimeError):
            return 1
        return count if 1 <= count <= self.limits.max_pages else 1


class Pictures:
    """The page pictures of an upload by number; in rising order each is decoded once.

    Use it as a context manager, so that its handles are closed.
    """

    def __init__(self, upload: Upload) -> None:
        """Open nothing yet."""
        self.upload = upload
        self._open = contextlib.ExitStack()
        self._pdf: pdf.PdfFile | None = None
        self._frames: Iterator[tuple[int, Image]] = iter(())
        self._next = 0

    def __enter__(self) -> Self:
        """Return the pictures."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._open.close()

    def picture(self, number: int) -> Image:
        """Return the picture of a page, counted from one.

        Raises:
            DocumentError: it cannot be drawn or decoded.
        """
        if self.upload.media_type is MediaType.PDF:
            return self._document().render(number, self.upload.dpi)
        return self._frame(number)

    def scale(self, number: int, picture: Image) -> float:
        """Return the points for each pixel of a page picture; a giant page is drawn coarser."""
        if self.upload.media_type is not MediaType.PDF:
            return 1.0
        width, _ = self._document().size(number)
        return width / int(picture.shape[1])

    def _document(self) -> pdf.PdfFile:
        if self._pdf is None:
            document = pdf.PdfFile(self.upload.data, self.upload.limits)
            self._pdf = self._open.enter_context(document)
        return self._pdf

    def _frame(self, number: int) -> Image:
        upload = self.upload
        if not 0 < self._next <= number:
            frames = raster.frames(upload.data, upload.media_type, upload.limits)
            self._frames = enumerate(frames, 1)
        for at, image in self._frames:
            self._next = at + 1
            if at == number:
                return image
        raise CorruptFileError(upload.media_type.value, f"page {number} cannot be read")


@dataclass(frozen=True)
class SeenPage:
    """What was seen of a page; `picture` is what it was read from."""

    page: Page
    sight: prepare.Sight
    quality: Quality
    picture: Picture = field(repr=False)
    scale: float
    device: str


@dataclass(frozen=True)
class LostPage:
    """A page that could not be seen, and why: it counts as not read, never as blank."""

    number: int
    error: DocumentError


class Sees(Protocol):
    """Sees pages of uploads: in this process, or in others."""

    def see(self, upload: Upload, numbers: Iterable[int]) -> Generator[SeenPage | LostPage]:
        """Yield the pages asked for, in the order asked; numbers are taken as they are needed.

        Raises:
            TransientError: it could not be seen this time.
            ConfigError: a model or a device is missing.
        """
        ...


@dataclass(frozen=True)
class Inline:
    """Sees pages in this process, one after the other.

    The engine is called for when the first page is, so that digital files never pay for a model.
    """

    engine: Callable[[], Engine]

    def see(self, upload: Upload, numbers: Iterable[int]) -> Generator[SeenPage | LostPage]:
        """Yield the pages asked for."""
        with Pictures(upload) as pictures:
            for number in numbers:
                try:
                    seen: SeenPage | LostPage = see(self.engine(), pictures, number)
                except DocumentError as error:
                    seen = LostPage(number, error)
                yield seen


def see(engine: Engine, pictures: Pictures, number: int) -> SeenPage:
    """Draw a page and read its picture."""
    upload = pictures.upload
    image = pictures.picture(number)
    scale = pictures.scale(number, image)
    sight = prepare.see(engine, image)
    height, width = sight.image.shape[:2]
    page = Page(
        document=upload.sha256,
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
    return SeenPage(
        page=page,
        sight=replace(sight, image=np.empty((0, width, 3), np.uint8), words=()),
        quality=quality.assess(image, [_located(word, sight) for word in sight.words]),
        picture=Picture(sight.image),
        scale=scale,
        device=engine.device,
    )


@dataclass
class Seen:
    """The pages of one file as they were seen; the engine is for second readings."""

    engine: Callable[[], Engine] | None = None
    pages: list[Page] = field(default_factory=list)
    skimmed: list[int] = field(default_factory=list)
    sights: dict[int, prepare.Sight] = field(default_factory=dict)
    scales: dict[int, float] = field(default_factory=dict)
    pictures: dict[int, Picture] = field(default_factory=dict)
    qualities: dict[int, Quality] = field(default_factory=dict)
    devices: set[str] = field(default_factory=set)
    lost: list[LostPage] = field(default_factory=list)
    faults: tuple[Fault, ...] = ()
    lying: tuple[int, ...] = ()
    _looked_at: tuple[int, Image] | None = field(default=None, init=False, repr=False)

    def add(self, seen: SeenPage | LostPage) -> None:
        """Keep a page that was seen: its picture while there is room, the rest in any case."""
        if isinstance(seen, LostPage):
            self.lost.append(seen)
            return
        number = seen.page.number
        self.pages.append(seen.page)
        self.sights[number], self.scales[number] = seen.sight, seen.scale
        self.qualities[number] = seen.quality
        self.devices.add(seen.device)
        kept = sum(picture.size for picture in self.pictures.values())
        is_room = kept + seen.picture.size <= _PLAIN_BYTES
        picture = seen.picture if is_room else seen.picture.packed()
        if kept + picture.size <= _KEPT_BYTES:
            self.pictures[number] = picture

    def look(self, number: int) -> Look | None:
        """Return the picture of a page, None where there is none or it was too much to keep."""
        if self.engine is None or number not in self.pictures:
            return None
        if self._looked_at is None or self._looked_at[0] != number:
            self._looked_at = number, self.pictures[number].pixels()
        return Look(self._looked_at[1], self.engine(), self.scales[number])

    def on_the_upload(self, place: Provenance) -> Provenance:
        """Return where a place on a seen page is on the upload."""
        if place.page not in self.sights:
            return place
        scale = self.scales[place.page]
        box = self.sights[place.page].locate(place.box.scaled(1 / scale)).scaled(scale)
        return place.model_copy(update={"box": box})


def _located(word: Word, sight: prepare.Sight) -> Word:
    return word.model_copy(update={"box": sight.locate(word.box)})
