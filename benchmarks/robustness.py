"""Does a licence say the same when it is photographed worse? Turned, reduced and darkened copies.

    python benchmarks/robustness.py [PICTURE …]

Each picture is read as it is and in every disguise. What is counted against the upright reading:
fields that say the same, fields that are accepted, and contradictions, which are accepted values
that differ from an accepted or surely read one. There must be no contradiction, and a turned copy
has to say the same in every field; otherwise the exit status is 1. Without arguments the pictures
of `sample_docs/` are read. One JSON goes to `benchmarks/results/`.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from accuracy import HERE, machine
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from extractors import raster
from extractors.document import DocumentReader
from extractors.intake import Limits, sniff
from extractors.ocr.paddle import PaddleEngine
from schemas.documents import MediaType, SourceFile
from schemas.licence import BusinessLicence

Image = NDArray[np.uint8]
Said = dict[str, tuple[object, bool]]
"""Value and acceptance of each field."""

_QUARTERS = ("turned 90", "turned 180", "turned 270")


def aside(image: Image) -> Image:
    """See a sheet from slightly aside."""
    height, width = image.shape[:2]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * (width, height)
    inset = np.array([[0.04, 0.03], [0.98, 0.0], [0.95, 0.99], [0.0, 0.96]]) * (width, height)
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), inset.astype(np.float32))
    flat = cv2.warpPerspective(image, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def pressed(image: Image) -> Image:
    """Store as JPEG of quality 40."""
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 40])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def reduced(image: Image) -> Image:
    """Reduce to 60 % of its size."""
    return np.asarray(cv2.resize(image, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA))


def soft(image: Image) -> Image:
    """Blur by a thousandth of the longest side."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), max(image.shape) / 1000), np.uint8)


def dark(image: Image) -> Image:
    """Darken to 45 %, more so on the right."""
    fall = np.linspace(1.0, 0.6, image.shape[1])[None, :, None]
    return np.asarray(np.clip(image * (0.45 * fall), 0, 255), np.uint8)


DISGUISES: dict[str, Callable[[Image], Image]] = {
    "turned 90": lambda image: np.ascontiguousarray(np.rot90(image, -1)),
    "turned 180": lambda image: np.ascontiguousarray(np.rot90(image, 2)),
    "turned 270": lambda image: np.ascontiguousarray(np.rot90(image, 1)),
    "from aside": aside,
    "60 % of its size": reduced,
    "JPEG quality 40": pressed,
    "blurred": soft,
    "darkened": dark,
}


def upright(path: Path) -> Image:
    """Return the first picture of a file."""
    data = path.read_bytes()
    return next(iter(raster.frames(data, sniff(data), Limits())))


def said(reader: DocumentReader, image: Image) -> Said:
    """Return what the first licence on a picture says; nothing where there is none."""
    data = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
    sha256 = hashlib.sha256(data).hexdigest()
    source = SourceFile(name="x.png", sha256=sha256, media_type=MediaType.PNG, size=len(data))
    reading = reader.read(data, source)
    licences = [d for d in reading.documents if isinstance(d, BusinessLicence)]
    if not licences:
        return {}
    return {
        name: (field.value, field.accepted)
        for name in BusinessLicence.field_names()
        if (field := getattr(licences[0], name)).value is not None and name != "qr_code"
    }


def compared(first: Said, other: Said) -> Counter:
    """Count what became of the fields of the upright reading."""
    tally: Counter = Counter()
    for name, (value, accepted) in first.items():
        again, still = other.get(name, (None, False))
        same = again == value
        tally.update(fields=1, same=same, accepted=accepted, still=still)
        tally.update(contradicted=still and accepted and not same)
    return tally


def main() -> int:
    """Read, compare, print, write."""
    samples = HERE.parent / "sample_docs"
    papers = [Path(argument) for argument in sys.argv[1:]] or sorted(
        samples.glob("0*/business-licence.*")
    )
    engine = PaddleEngine(HERE.parent / ".models")
    reader = DocumentReader(engine=lambda: engine, engine_name=engine.fingerprint)
    tallies: dict[str, Counter] = {name: Counter() for name in DISGUISES}
    for paper in papers:
        image = upright(paper)
        first = said(reader, image)
        for name, disguise in DISGUISES.items():
            tallies[name] += compared(first, said(reader, disguise(image)))
    table = Table("as", "fields", "the same", "accepted before", "accepted", "contradicted")
    for name, tally in tallies.items():
        columns = ("fields", "same", "accepted", "still", "contradicted")
        table.add_row(name, *(str(tally[column]) for column in columns))
    Console().print(table)
    out = HERE / "results" / "robustness.json"
    out.parent.mkdir(exist_ok=True)
    result = {"made_on": machine(), "papers": len(papers), "tallies": tallies}
    out.write_text(json.dumps(result, indent=1), "utf-8")
    contradicted = sum(tally["contradicted"] for tally in tallies.values())
    moved = sum(tallies[name]["fields"] - tallies[name]["same"] for name in _QUARTERS)
    return int(contradicted + moved > 0)


if __name__ == "__main__":
    sys.exit(main())
