"""Does a licence say the same when it is photographed worse, cut off or written over?

    python benchmarks/robustness.py [PICTURE …]

Each picture is read as it is and in every disguise of `disguises.py`. What is counted against the
first reading: fields that say the same, fields that are accepted, and contradictions, which are
accepted values that differ from what was read first, punctuation of the scope of business apart.
Each contradiction is named, by picture and field, to be looked at: either reading may be the wrong
one. There must be none, and a turned copy has to say the same in every field; otherwise the exit
status is 1. Without arguments the pictures of `sample_docs/` are read. One JSON goes to
`benchmarks/results/`.
"""

import hashlib
import sys
from collections import Counter
from pathlib import Path

import cv2
from accuracy import HERE, keep
from disguises import DISGUISES, Image
from rich.console import Console
from rich.table import Table

from extractors import raster
from extractors.document import DocumentReader
from extractors.intake import Limits, sniff
from extractors.kinds.business_licence.claims import plain
from extractors.ocr.paddle import PaddleEngine
from schemas.documents import MediaType, SourceFile
from schemas.licence import BusinessLicence

Said = dict[str, tuple[object, bool]]
"""Value and acceptance of each field."""

_QUARTERS = ("turned 90", "turned 180", "turned 270")


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


def compared(first: Said, other: Said) -> Counter[str]:
    """Count what became of the fields of the first reading."""
    tally: Counter[str] = Counter()
    for name, (value, accepted) in first.items():
        again, still = other.get(name, (None, False))
        tally.update(fields=1, same=again == value, accepted=accepted, still=still)
    tally.update(contradicted=len(contradictions(first, other)))
    return tally


def contradictions(first: Said, other: Said) -> list[str]:
    """Return the fields in which an accepted value differs from what was read first."""
    return [
        name
        for name, (value, _) in first.items()
        if name in other and other[name][1] and _compared(other[name][0]) != _compared(value)
    ]


def _compared(value: object) -> object:
    return plain(value) if isinstance(value, str) else value


def main() -> int:
    """Read, compare, print, write."""
    samples = HERE.parent / "sample_docs"
    papers = [Path(argument) for argument in sys.argv[1:]] or sorted(
        samples.glob("0*/business-licence.*")
    )
    console = Console()
    engine = PaddleEngine(HERE.parent / ".models")
    reader = DocumentReader(engine=lambda: engine, engine_name=engine.fingerprint)
    tallies: dict[str, Counter[str]] = {name: Counter() for name in DISGUISES}
    for paper in papers:
        image = upright(paper)
        first = said(reader, image)
        for name, disguise in DISGUISES.items():
            other = said(reader, disguise(image))
            tallies[name] += compared(first, other)
            for field in contradictions(first, other):
                console.print(f"{paper.name}, {name}: {field} is accepted and differs")
    table = Table("as", "fields", "the same", "accepted before", "accepted", "contradicted")
    for name, tally in tallies.items():
        columns = ("fields", "same", "accepted", "still", "contradicted")
        table.add_row(name, *(str(tally[column]) for column in columns))
    console.print(table)
    keep("robustness", {"papers": len(papers), "tallies": tallies})
    contradicted = sum(tally["contradicted"] for tally in tallies.values())
    moved = sum(tallies[name]["fields"] - tallies[name]["same"] for name in _QUARTERS)
    return int(contradicted + moved > 0)


if __name__ == "__main__":
    sys.exit(main())
