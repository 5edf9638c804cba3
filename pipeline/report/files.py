"""Writes reports to files, whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

from schemas.errors import StorageError


def write_html(text: str, target: Path) -> None:
    """Write a page to a file, which is replaced where there is one.

    Raises:
        StorageError: the file cannot be written.
    """
    write_whole(target, lambda draft: _write(draft, text))


def write_whole(target: Path, write: Callable[[Path], None]) -> None:
    """Let something write a draft beside a file, and put it in the file's place.

    Raises:
        StorageError: the file cannot be written.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        write(draft)
        draft.replace(target)
    except OSError as error:
        raise StorageError("write a report", error.strerror or type(error).__name__) from error
    finally:
        draft.unlink(missing_ok=True)


def _write(draft: Path, text: str) -> None:
    draft.write_text(text, encoding="utf-8", newline="\n")
