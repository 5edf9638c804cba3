"""Rules of the house that no tool knows."""

import ast
import hashlib
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EVAL = ROOT.parent / "shared" / "eval"
PACKAGES = ("schemas", "validators", "extractors", "pipeline", "flows")
PAPERS = {".pdf", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".heic", ".tif", ".tiff"}


@cache
def kept() -> tuple[Path, ...]:
    """Return every file that git has or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603
    names = sorted(set(listed.decode().split("\0")) - {""})
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


@cache
def modules() -> tuple[Path, ...]:
    return tuple(path for path in kept() if path.suffix == ".py")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_over_400_lines() -> None:
    long = {
        relative(path): count
        for path in modules()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }

    assert not long


def test_every_module_of_the_packages_says_what_it_is_for() -> None:
    ours = [path for path in modules() if relative(path).startswith(PACKAGES)]
    silent = [
        relative(path)
        for path in ours
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert ours
    assert not silent


def test_no_file_names_the_host_of_a_package_registry() -> None:
    """Pins are names and versions; where they come from is the machine's own business."""
    hosts = ["pypi" + ".org", "python" + "hosted", "npm" + "js.org", "tuna." + "tsinghua"]
    words = ["index" + "-url", "find" + "-links", "trusted" + "-host"]
    found = []
    for path in kept():
        try:
            text = path.read_text(encoding="utf-8").lower()
        except UnicodeDecodeError:
            continue  # a picture or a PDF
        found += [(relative(path), word) for word in (*hosts, *words) if word in text]

    assert not found


def test_no_paper_of_a_real_company_is_kept_here() -> None:
    if not EVAL.is_dir():
        pytest.skip(f"the evaluation documents are not at {EVAL}")
    real = {digest(path) for path in EVAL.rglob("*") if path.suffix.lower() in PAPERS}
    ours = {relative(path): digest(path) for path in kept() if path.suffix.lower() in PAPERS}

    assert real
    assert not [name for name, sha in ours.items() if sha in real]


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
