from dataclasses import asdict
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from extractors.intake import Limits
from pipeline.settings import LimitsSettings, Settings, load_settings
from schemas.errors import SettingsError


def test_the_environment_sets_what_it_names_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ZISHEN_OCR__DPI", "300")
    monkeypatch.setenv("ZISHEN_DATA_DIR", "/somewhere")

    settings = load_settings()

    assert settings.ocr.dpi == 300
    assert settings.ocr.threads == 2
    assert settings.data_dir == Path("/somewhere")


@pytest.mark.parametrize(
    "name",
    [
        "ZISHEN_ORC__DPI",
        "ZISHEN_OCR__DPY",
        "ZISHEN_LANG__DEEP",
        "ZISHEN_LANGUAGE",
        "ZISHEN_OCR_DPI",
    ],
)
def test_a_misspelt_name_stops_the_start_and_is_named(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "200")

    with pytest.raises(SettingsError, match=name):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZISHEN_OCR__DPI", "100"),
        ("ZISHEN_OCR__DPI", "401"),
        ("ZISHEN_OCR__THREADS", "0"),
        ("ZISHEN_OCR__DEVICE", "tpu"),
        ("ZISHEN_LANG", "fr"),
        ("ZISHEN_LIMITS__MAX_PAGES", "0"),
        ("ZISHEN_OCR", "{not json"),
    ],
)
def test_a_value_out_of_bounds_stops_the_start(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError):
        load_settings()


def test_the_name_of_a_bad_setting_is_told_as_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZISHEN_OCR__DPI", "100")

    with pytest.raises(SettingsError, match=r"^ZISHEN_OCR__DPI: .*150$"):
        load_settings()


def test_an_s3_store_wants_its_address_and_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZISHEN_STORAGE__KIND", "minio")
    monkeypatch.setenv("ZISHEN_STORAGE__ENDPOINT", "127.0.0.1:8333")

    with pytest.raises(SettingsError, match="access_key, secret_key"):
        load_settings()


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZISHEN_STORAGE__SECRET_KEY", "hush")
    monkeypatch.setenv("ZISHEN_DATABASE__URL", "postgresql://zishen:hush@host/zishen")

    settings = load_settings()

    assert "hush" not in repr(settings)
    assert "hush" not in settings.model_dump_json()
    assert settings.database_url.endswith("zishen:hush@host/zishen")


def test_a_complaint_does_not_repeat_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZISHEN_STORAGE__KIND", "minio")
    monkeypatch.setenv("ZISHEN_STORAGE__SECRET_KEY", "hush")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert "hush" not in str(caught.value)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().ocr.dpi = 300  # type: ignore[misc]


def test_the_limits_are_those_of_the_intake() -> None:
    assert LimitsSettings().model_dump() == asdict(Limits())


def test_the_embedded_database_lies_beside_the_data() -> None:
    assert Settings(data_dir=Path("/d")).database_url == "sqlite:////d/zishen.db"


def test_every_setting_says_what_it_is_for() -> None:
    def undescribed(model: type[BaseModel]) -> list[str]:
        found = [name for name, field in model.model_fields.items() if not field.description]
        for field in model.model_fields.values():
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                found += undescribed(field.annotation)
        return found

    assert undescribed(Settings) == []
