"""Prints a page to PDF with a headless Chromium, where there is one.

The browser gets a profile of its own that is removed afterwards, and no network; the page itself
allows no scripts.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from pipeline.report.files import write_whole
from schemas.errors import ConfigError, TransientError

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_SECONDS: Final = 90
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)


class NoBrowserError(ConfigError):
    """A PDF is asked for, and no browser that can print one is installed."""

    code = "report.no_browser"

    def __init__(self) -> None:
        """Name the browsers that would do."""
        super().__init__(f"none of {', '.join(BROWSERS)} is installed")


class PrintError(TransientError):
    """The browser did not print the page."""

    code = "report.print_failed"

    def __init__(self, browser: str, detail: str) -> None:
        """Name the browser and say how it ended."""
        super().__init__(f"{browser}: {detail}")
        self.browser, self.detail = browser, detail


def find_browser() -> str | None:
    """Return the first browser that can print, None where there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def print_pdf(text: str, target: Path, seconds: float = _SECONDS) -> None:
    """Print a page to a PDF, which is replaced where there is one.

    Raises:
        NoBrowserError: no browser is installed.
        PrintError: it took too long or failed.
        StorageError: the file cannot be written.
    """
    browser = find_browser()
    if browser is None:
        raise NoBrowserError
    with tempfile.TemporaryDirectory(prefix="zishen-report-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, printed = folder / "report.html", folder / "report.pdf"
        source.write_text(text, encoding="utf-8")
        _run(browser, folder, source, printed, seconds)
        write_whole(target, lambda draft: _copy(printed, draft))


def _run(browser: str, folder: Path, source: Path, printed: Path, seconds: float) -> None:
    command = [
        browser,
        *_FLAGS,
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={printed}",
        source.as_uri(),
    ]
    name = Path(browser).name
    try:
        code = _code_of(command, seconds)
    except subprocess.TimeoutExpired as error:
        raise PrintError(name, f"not done after {seconds:g} s") from error
    except OSError as error:
        raise PrintError(name, error.strerror or type(error).__name__) from error
    if code != 0 or not printed.is_file():
        raise PrintError(name, f"exit code {code}, and no PDF")


def _code_of(command: list[str], seconds: float) -> int:
    """Run a browser and return its exit code; one that is late is ended with all its children."""
    process = subprocess.Popen(  # noqa: S603  a browser that was found on the path
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _copy(printed: Path, draft: Path) -> None:
    shutil.copyfile(printed, draft)
