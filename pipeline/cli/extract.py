"""`zishen extract`: what stands in single files, as JSON for programs; nothing is kept."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.markup import escape

from extractors.intake import sniff
from pipeline import wiring
from pipeline.cli import show
from pipeline.cli.exits import ExitCode
from pipeline.cli.options import Lang
from pipeline.cli.progress import bar
from pipeline.cli.session import Session, begin, explain
from pipeline.cli.words import say
from pipeline.ports import Reader
from pipeline.stages.document import corroborated
from schemas.contract import Extract, Source
from schemas.documents import MediaType, SourceFile
from schemas.errors import DocumentError, StorageError, TooLargeError, UnsupportedTypeError
from schemas.messages import Language
from schemas.records import Reading

_log = structlog.get_logger()

Files = Annotated[
    list[Path],
    typer.Argument(exists=True, dir_okay=False, metavar="FILE...", help="PDF, picture or sheet."),
]
Out = Annotated[
    Path,
    typer.Option("--out", file_okay=False, help="Folder for the JSON files; made when missing."),
]


@dataclass(frozen=True)
class Refused:
    """A file that cannot be read: what is known of it all the same, and the error's code."""

    source: Source
    code: str


def extract(files: Files, out: Out, lang: Lang = None) -> None:
    """Read files and write what stands in them as JSON (提取), one file for each.

    Nothing is judged and nothing is kept.

    A file that cannot be read gets a JSON file that says why; the exit code is then 5.
    """
    session = begin(lang)
    reader = wiring.services().reader
    limit = session.settings.limits.max_file_bytes
    _make(out)
    refused = 0
    with bar(session) as shown:
        shown.says(say("reading", session.lang), total=len(files))
        for path, target in zip(files, _targets(files, out, session), strict=True):
            found = _read(path, reader, limit)
            _write(target, found, session.lang)
            _tell(path, found, session)
            refused += isinstance(found, Refused)
            shown.step()
    raise typer.Exit(ExitCode.DOCUMENT if refused else ExitCode.OK)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError("make the output folder", str(error.strerror)) from error


def _targets(files: Sequence[Path], out: Path, session: Session) -> Iterator[Path]:
    """Yield a file for each result: its stem, with a number where another file has it already."""
    seen: Counter[str] = Counter()
    for path in files:
        seen[path.stem] += 1
        count = seen[path.stem]
        target = out / (f"{path.stem}.json" if count == 1 else f"{path.stem}-{count}.json")
        if count > 1:
            text = "{name}: the result is {other}, since another file has this name"
            session.note(say(text, session.lang, name=path.name, other=target.name))
        yield target


def _read(path: Path, reader: Reader, limit: int) -> Reading | Refused:
    """Read one file; a DocumentError becomes the result, and the other files go on."""
    sha256, media_type = "", None
    try:
        sha256, size = _fingerprint(path)
        if size > limit:
            raise TooLargeError("bytes", size, limit=limit)
        data = path.read_bytes()
        media_type = sniff(data)
        if media_type is MediaType.ZIP:
            raise UnsupportedTypeError("an archive")
        source = SourceFile(name=path.name, sha256=sha256, media_type=media_type, size=size)
        reading = corroborated(reader.read(data, source))
    except DocumentError as error:
        _log.info("document.refused", document=sha256, code=error.code)
        known = Source(name=path.name, sha256=sha256, media_type=media_type, pages=0)
        return Refused(known, error.code)
    except OSError as error:
        raise StorageError("read a file", str(error.strerror)) from error
    _log.info("document.extracted", document=sha256, pages=reading.pages)
    return reading


def _fingerprint(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _write(target: Path, found: Reading | Refused, lang: Language) -> None:
    if isinstance(found, Refused):
        said = Extract.refused(found.source, found.code, lang)
    else:
        said = Extract.of(found, lang)
    try:
        target.write_text(said.to_json(), encoding="utf-8")
    except OSError as error:
        raise StorageError("write a result", str(error.strerror)) from error


def _tell(path: Path, found: Reading | Refused, session: Session) -> None:
    if isinstance(found, Refused):
        what = escape(explain(found.code, session.lang)[0])
        line = f"[failed]✘[/] {escape(path.name)}  {what} [quiet]{found.code}[/]"
    else:
        line = f"[pass]✔[/] {escape(path.name)}  {escape(show.reading_line(found, session.lang))}"
    session.out.print(line, soft_wrap=True)
