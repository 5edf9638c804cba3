"""Files of a multipart request, on disk: none is held in memory as a whole while it comes in."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from pipeline.cases.names import base_name
from pipeline.cases.refused import Refused
from pipeline.settings import Settings
from schemas.errors import StorageError

FIELD = "files"
_MOST_FIELDS = 10
_LEFT_SECONDS = 24 * 3600
"""No upload takes as long."""


async def received(request: Request, settings: Settings) -> AsyncIterator[list[Path]]:
    """Yield the files of a request under the names of their senders, and remove them afterwards.

    Each is in a folder of its own, so that two may have the same name.

    Raises:
        Refused: there is none.
        StorageError: there is no room for them.
    """
    most = settings.api.max_files
    async with request.form(max_files=most, max_fields=_MOST_FIELDS) as form:
        files = [item for item in form.getlist(FIELD) if isinstance(item, UploadFile)]
        if not files:
            raise Refused("api.no_files")
        with tempfile.TemporaryDirectory(dir=_incoming(settings)) as folder:
            yield await run_in_threadpool(_laid, files, Path(folder))


def sweep(settings: Settings, now: datetime) -> None:
    """Remove what a server that died left behind: papers are not to lie about."""
    for folder in _incoming(settings).iterdir():
        if now.timestamp() - folder.stat().st_mtime > _LEFT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _incoming(settings: Settings) -> Path:
    incoming = settings.data_dir / "incoming"
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    return incoming


def _laid(files: Sequence[UploadFile], folder: Path) -> list[Path]:
    paths = []
    try:
        for number, file in enumerate(files):
            path = folder / f"{number:04}" / base_name(file.filename)
            path.parent.mkdir()
            with path.open("wb") as target:
                shutil.copyfileobj(file.file, target)
            paths.append(path)
    except OSError as error:
        raise StorageError("keep an upload", error.strerror or type(error).__name__) from error
    return paths
