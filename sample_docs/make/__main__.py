"""Draw every package, or the ones named: `python -m sample_docs.make [FOLDER...]`."""

import sys
from pathlib import Path

from sample_docs.make.expected import expected, manifest
from sample_docs.make.packages import SAMPLES, Sample

HERE = Path(__file__).parents[1]


def write(sample: Sample, root: Path) -> Path:
    """Write one package under `root` and return its folder."""
    folder = root / sample.folder
    folder.mkdir(parents=True, exist_ok=True)
    sample.draw(folder)
    (folder / "package.json").write_text(manifest(sample), encoding="utf-8")
    (folder / "expected.json").write_text(expected(sample), encoding="utf-8")
    return folder


def main(chosen: list[str]) -> None:
    """Draw what was chosen, or everything."""
    for sample in SAMPLES:
        if not chosen or sample.folder in chosen:
            print(write(sample, HERE))


if __name__ == "__main__":
    main(sys.argv[1:])
