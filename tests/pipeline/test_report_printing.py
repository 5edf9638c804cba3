import os
import stat
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from pipeline.report import print_pdf, write_html
from pipeline.report.printing import BROWSERS, NoBrowserError, PrintError, find_browser
from schemas.errors import StorageError

PAGE = "<!DOCTYPE html><title>x</title><p>资审"


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for a browser: a script on an otherwise empty path, and a folder for leavings."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (tmp_path / "temp").mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    return folder / "chromium"


def is_a_script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


PRINTS = """for one in "$@"; do case "$one" in
  --print-to-pdf=*) out="${one#*=}";; file://*) page="${one#file://}";; esac; done
cp "$page" "$out" """


def test_the_page_goes_through_the_browser_and_nothing_else_is_left(
    browser: Path, tmp_path: Path
) -> None:
    is_a_script(browser, PRINTS)
    target = tmp_path / "out.pdf"
    target.write_text("old")

    print_pdf(PAGE, target)

    assert target.read_text(encoding="utf-8") == PAGE
    assert list((tmp_path / "temp").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "out.pdf", "temp"]


def test_the_browser_has_a_profile_of_its_own_and_no_network(browser: Path, tmp_path: Path) -> None:
    is_a_script(browser, f'printf "%s\\n" "$@" > {tmp_path}/said\n{PRINTS}')
    print_pdf(PAGE, tmp_path / "out.pdf")
    said = (tmp_path / "said").read_text().splitlines()

    assert {"--headless", "--no-sandbox", "--disable-gpu"} <= set(said)
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in said
    assert [one for one in said if one.startswith(f"--user-data-dir={tmp_path / 'temp'}")]


@pytest.mark.parametrize("script", ["exit 3", "exit 0"])
def test_a_browser_that_prints_nothing_is_told(browser: Path, tmp_path: Path, script: str) -> None:
    is_a_script(browser, script)

    with pytest.raises(PrintError, match="no PDF"):
        print_pdf(PAGE, tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.slow
def test_a_browser_that_hangs_is_ended_with_its_children(browser: Path, tmp_path: Path) -> None:
    is_a_script(browser, f"sleep 60 &\necho $! > {tmp_path}/child\nwait")

    with pytest.raises(PrintError, match="not done after"):
        print_pdf(PAGE, tmp_path / "out.pdf", seconds=2)

    child = int((tmp_path / "child").read_text())
    until = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(child)
    assert list((tmp_path / "temp").iterdir()) == []


def is_alive(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_browser_that_cannot_be_started_is_told(browser: Path, tmp_path: Path) -> None:
    browser.write_text("#!/nowhere/at/all\n")
    browser.chmod(0o755)

    with pytest.raises(PrintError, match="No such file"):
        print_pdf(PAGE, tmp_path / "out.pdf")


def test_without_a_browser_the_operator_is_told_which_would_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoBrowserError, match=BROWSERS[0]) as raised:
        print_pdf(PAGE, tmp_path / "out.pdf")

    assert raised.value.code == "report.no_browser"


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_html(PAGE, tmp_path / "no" / "x.html")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_real_browser_prints_a_pdf(tmp_path: Path) -> None:
    if find_browser() is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed: printing is not tried for real")

    print_pdf(PAGE, tmp_path / "out.pdf")

    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")
