"""How right is the reading? Runs `zishen extract` over a truth folder and tabulates the result.

    python benchmarks/accuracy.py TRUTH_FOLDER [--out FOLDER]

The truth folder has the shape of the output contract (docs/extract.schema.json): each `NAME.json`
with `documents` stands beside the paper `NAME.*` that it is the truth of. A field is right when
its `value` equals the truth, and silently wrong when it is wrong and accepted. One JSON with
commit, versions and machine is written to `benchmarks/results/`.
"""

import argparse
import json
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
RESULTS = HERE / "results"


def machine() -> dict[str, str]:
    """Return what a reader of the figures has to know about where they were made."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE,
    ).stdout.strip()
    packages = ("paddleocr", "onnxruntime", "opencv-python", "pypdfium2", "pdfplumber", "prefect")
    return {
        "commit": commit,
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        **{name: version(name) for name in packages},
    }


def keep(name: str, result: Mapping[str, object], folder: Path = RESULTS) -> None:
    """Write a result, and where it was made, to `NAME.json` among the results."""
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps({"made_on": machine(), **result}, indent=1)
    (folder / f"{name}.json").write_text(told + "\n", "utf-8")


def cells(document: dict) -> dict[str, dict]:
    """Return the values of a document by a name that says which field or row and column it is."""
    kind = document["kind"]
    found = {f"{kind}.{name}": field for name, field in document.get("fields", {}).items()}
    for row in document.get("rows", []):
        for column, field in row["values"].items():
            found[f"{kind}/{row['item'] or row['label']}/{column}"] = field
    return found


def compare(truth: dict, said: dict) -> dict[str, Counter]:
    """Count right, accepted and silently wrong values per kind, or per licence field."""
    tally: dict[str, Counter] = {}
    found = {
        name: field for document in said["documents"] for name, field in cells(document).items()
    }
    for document in truth["documents"]:
        for name, wanted in cells(document).items():
            if wanted["value"] is None:
                continue
            field = found.get(name, {"value": None, "accepted": False})
            right = field["value"] == wanted["value"]
            counts = tally.setdefault(name.split("/")[0], Counter())
            counts.update(n=1, right=right, accepted=field["accepted"])
            counts.update(silent=field["accepted"] and not right)
    return tally


def main() -> int:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--out", type=Path, default=RESULTS, help="the folder of the result")
    options = parser.parse_args()
    truths = sorted(options.truth.glob("*.json"))
    papers = {t: next(p for p in options.truth.glob(f"{t.stem}.*") if p != t) for t in truths}
    total: dict[str, Counter] = {}
    with TemporaryDirectory() as out:
        command = [Path(sys.executable).with_name("zishen"), "extract", *papers.values()]
        subprocess.run([*command, "--out", out], check=False)  # noqa: S603
        for truth in truths:
            said = json.loads((Path(out) / truth.name).read_text("utf-8"))
            for name, counts in compare(json.loads(truth.read_text("utf-8")), said).items():
                total.setdefault(name, Counter()).update(counts)
    table = Table("field", "n", "right", "accepted", "silently wrong", title="accuracy")
    for name, c in sorted(total.items()):
        table.add_row(
            name,
            str(c["n"]),
            f"{c['right'] / c['n']:.2%}",
            f"{c['accepted'] / c['n']:.2%}",
            str(c["silent"]),
        )
    Console().print(table)
    keep("accuracy", {"fields": total}, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
