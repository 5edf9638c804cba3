"""Files of requests, on disk: none is held in memory as a whole while it comes in."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

import anyio
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

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
        Refused: there is none, or the sender hung up.
        StorageError: there is no room for them.
    """
    most = settings.api.max_files
    try:
        async with request.form(max_files=most, max_fields=_MOST_FIELDS) as form:
            files = [item for item in form.getlist(FIELD) if isinstance(item, UploadFile)]
            if not files:
                raise Refused("api.no_files")
            with tempfile.TemporaryDirectory(dir=incoming(settings)) as folder:
                yield await run_in_threadpool(_laid, files, Path(folder))
    except ClientDisconnect:
        raise Refused("api.cut_off") from None


async def streamed(
    request: Request, settings: Settings, name: str, size: int | None = None
) -> AsyncIterator[Path]:
    """Yield the body of a request as one file, and remove it afterwards.

    The next piece is asked for when the last is on disk, so that a sender is never faster than
    the disk, and memory holds one piece.

    Raises:
        Refused: the sender hung up, or sends more than was agreed on.
        StorageError: there is no room for it.
    """
    with tempfile.TemporaryDirectory(dir=incoming(settings)) as folder:
        path, got = Path(folder) / base_name(name), 0
        try:
            async with await anyio.open_file(path, "wb") as target:
                async for piece in request.stream():
                    got += len(piece)
                    if size is not None and got > size:
                        raise Refused("api.upload_mismatch")
                    await target.write(piece)
        except ClientDisconnect:
            raise Refused("api.cut_off") from None
        except OSError as error:
            raise StorageError("keep an upload", error.strerror or type(error).__name__) from error
        if not got:
            raise Refused("api.no_files")
        yield path


def sweep(settings: Settings, now: datetime) -> None:
    """Remove what a server that died left behind: papers are not to lie about."""
    for folder in incoming(settings).iterdir():
        if now.timestamp() - folder.stat().st_mtime > _LEFT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def incoming(settings: Settings) -> Path:
    """Return the folder in which uploads lie while they are taken in."""
    folder = settings.data_dir / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


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
