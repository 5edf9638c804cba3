"""From what was handed in to a package: every file known by its bytes, nothing lost."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

import structlog
from pydantic import ValidationError

from extractors.intake import HEAD, Limits, sniff, unpack
from pipeline.ports import BlobStore
from pipeline.ports.scanning import InfectedFileError, Scanner
from pipeline.stages.services import Services
from schemas.base import Model
from schemas.documents import MediaType, Package, RefusedFile, SourceFile
from schemas.errors import (
    ConfigError,
    DocumentError,
    StorageError,
    TooLargeError,
    UnsupportedTypeError,
)
from validators.policy import load_policy

MANIFEST = "package.json"
_ZIPPED = b"PK"
"""What archives and workbooks begin with; what they are stands at their end."""
_LITTER = frozenset({"expected.json", "thumbs.db", "desktop.ini"})
"""What lies beside papers and is none: the truth of a sample, what Windows leaves behind."""

Paper = SourceFile | RefusedFile
"""A file that can be read, or one that was refused and why."""

_log = structlog.get_logger()


class ManifestError(ConfigError):
    """A package.json is not a manifest, or two of them disagree."""

    code = "config.manifest"


class Manifest(Model):
    """What a package.json says of the papers beside it."""

    product: str | None = None
    applied_on: date | None = None


def take_in(
    sources: Sequence[Path],
    services: Services,
    *,
    product: str | None = None,
    applied_on: date | None = None,
    name: str | None = None,
) -> Package:
    """Keep everything that was handed in and return it as one package, which is kept as well.

    Sources are folders, archives and files. What cannot be used is refused with the reason, kept
    all the same, and the rest goes on. The same bytes count once. What the caller says goes
    before the manifest, and that before the settings and the clock.

    Raises:
        ManifestError: a manifest is malformed, or two disagree.
        PolicyError: there is no such product.
        StorageError: a source cannot be read or kept.
    """
    papers, manifest = handed_in(sources, services)
    wanted = product or manifest.product or services.settings.product
    policy = load_policy(wanted, services.policies)
    day = applied_on or manifest.applied_on or services.clock.now().date()
    package = Package(
        id=_identify(policy.id, day, [paper.sha256 for paper in papers]),
        name=name or _called(sources),
        product=policy.id,
        applied_on=day,
        files=tuple(paper for paper in papers if isinstance(paper, SourceFile)),
        refused=tuple(paper for paper in papers if isinstance(paper, RefusedFile)),
    )
    _log.info(
        "package.taken_in",
        package=package.id,
        files=len(package.files),
        refused=len(package.refused),
    )
    return services.repository.add_package(package)


def take_papers(sources: Sequence[Path], services: Services) -> list[Paper]:
    """Keep files that are no package yet and return what they are, as `take_in` would.

    Raises:
        ManifestError: a manifest is malformed, or two disagree.
        StorageError: a source cannot be read or kept.
    """
    return handed_in(sources, services)[0]


def handed_in(sources: Sequence[Path], services: Services) -> tuple[list[Paper], Manifest]:
    """Keep files that are no package yet and return what they are, and what is said of them.

    Raises:
        ManifestError: a manifest is malformed, or two disagree.
        StorageError: a source cannot be read or kept.
    """
    limits = Limits(**services.settings.limits.model_dump())
    tray = _Tray(services.blobs, limits, services.scanner)
    taken = [item for source in sources for item in tray.take(source)]
    manifest = _agreed({item for item in taken if isinstance(item, Manifest)})
    return _distinct(item for item in taken if not isinstance(item, Manifest)), manifest


@dataclass(frozen=True)
class _Tray:
    """Takes files one at a time, so that memory holds no more than the largest."""

    blobs: BlobStore
    limits: Limits
    scanner: Scanner | None = None

    def take(self, source: Path) -> Iterator[Paper | Manifest]:
        """Yield what is in a folder, an archive or a file."""
        for path, name in _paths(source):
            with _told():
                size = path.stat().st_size
            if size > self.limits.max_file_bytes:
                error = TooLargeError("bytes", size, limit=self.limits.max_file_bytes)
                yield _refused(name, self.blobs.put_file(path), size, error)
                continue
            with _told():
                data = self._needed(path)
            if data is None:
                yield self._by_its_head(name, path, size)
            else:
                yield from self._one(name, data)

    def _needed(self, path: Path) -> bytes | None:
        """Return a file that has to be looked at as a whole, None where its head tells enough.

        Whole are archives, workbooks and manifests, and everything where there is a scanner.
        """
        with path.open("rb") as file:
            head = file.read(len(_ZIPPED))
            whole = head == _ZIPPED or path.name == MANIFEST or self.scanner is not None
            return head + file.read() if whole else None

    def _by_its_head(self, name: str, path: Path, size: int) -> Paper:
        """Keep a file that never is in memory as a whole, and return what it is."""
        with _told(), path.open("rb") as file:
            head = file.read(HEAD)
        try:
            media_type = sniff(head)
        except DocumentError as error:
            return _refused(name, self.blobs.put_file(path), size, error)
        return SourceFile(
            name=name, sha256=self.blobs.put_file(path), media_type=media_type, size=size
        )

    def _one(
        self, name: str, data: bytes, *, in_archive: bool = False
    ) -> Iterator[Paper | Manifest]:
        if PurePosixPath(name).name == MANIFEST:
            yield _manifest(data)
            return
        try:
            media_type = self._type(data, in_archive=in_archive)
            if media_type is MediaType.ZIP:
                yield from self._unpacked(name, data)
                return
            if self.scanner is not None:
                self.scanner.scan(data)
        except InfectedFileError as error:  # what is infected is not kept
            yield _refused(name, hashlib.sha256(data).hexdigest(), len(data), error)
            return
        except DocumentError as error:
            yield _refused(name, self.blobs.put(data), len(data), error)
            return
        yield SourceFile(
            name=name, sha256=self.blobs.put(data), media_type=media_type, size=len(data)
        )

    def _type(self, data: bytes, *, in_archive: bool) -> MediaType:
        if len(data) > self.limits.max_file_bytes:
            raise TooLargeError("bytes", len(data), limit=self.limits.max_file_bytes)
        media_type = sniff(data)
        if in_archive and media_type is MediaType.ZIP:
            raise UnsupportedTypeError("an archive in an archive")
        return media_type

    def _unpacked(self, name: str, data: bytes) -> Iterator[Paper | Manifest]:
        for inner, content in unpack(data, self.limits):
            if _is_paper(inner):
                yield from self._one(f"{name}/{inner}", content, in_archive=True)


def _paths(source: Path) -> Iterator[tuple[Path, str]]:
    """Yield files with their names; a file that is named by the caller is taken though hidden."""
    if not source.is_dir():
        if source.name.lower() not in _LITTER:
            yield source, _legible(source.name)
        return
    with _told():
        inside = sorted(path for path in source.rglob("*") if path.is_file())
    for path in inside:
        name = path.relative_to(source).as_posix()
        if _is_paper(name):
            yield path, _legible(name)


def _is_paper(name: str) -> bool:
    """Return whether a name in a folder or an archive is not what programs leave behind."""
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "~$")) or part == "__MACOSX" for part in path.parts)
    return not hidden and path.name.lower() not in _LITTER


def _legible(name: str) -> str:
    """Return a name of the file system as text; what is not UTF-8 was mostly unpacked as GBK."""
    raw = os.fsencode(name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _manifest(data: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_context=False, include_url=False)
        told = "; ".join(f"{'.'.join(map(str, f['loc']))} {f['msg']}".strip() for f in faults)
        raise ManifestError(f"{MANIFEST}: {told}") from None


def _agreed(manifests: set[Manifest]) -> Manifest:
    if len(manifests) > 1:
        raise ManifestError(f"several {MANIFEST} that say different things")
    return next(iter(manifests), Manifest())


def _refused(name: str, sha256: str, size: int, error: DocumentError) -> RefusedFile:
    return RefusedFile(name=name, sha256=sha256, size=size, code=error.code)


def _distinct(papers: Iterator[Paper]) -> list[Paper]:
    """Return each content once, by the first of its names, in the order of names."""
    kept: dict[str, Paper] = {}
    for paper in sorted(papers, key=lambda paper: (paper.name, paper.sha256)):
        kept.setdefault(paper.sha256, paper)
    return list(kept.values())


def _identify(product: str, day: date, contents: list[str]) -> str:
    """Return an id that the order and the names of the papers have no part in."""
    said = json.dumps([product, day.isoformat(), *sorted(contents)])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _called(sources: Sequence[Path]) -> str:
    """Return the name of the folder, or of the first file without its ending."""
    if not sources:
        return ""
    first = sources[0].resolve()
    return _legible(first.name if first.is_dir() else first.stem)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the system says into our error, without the path: it may hold names of people."""
    try:
        yield
    except OSError as error:
        raise StorageError("read a source", error.strerror or type(error).__name__) from error
