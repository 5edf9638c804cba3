from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.pool import QueuePool

from extractors.document import DocumentReader
from extractors.ocr import paddle
from pipeline import server, wiring
from pipeline.database.connection import connect
from pipeline.sections import StorageSettings
from pipeline.settings import OcrSettings, Settings
from pipeline.storage.blobs import Blobs
from pipeline.storage.minio import Bucket
from schemas.errors import ModelMissingError, StorageError


def test_the_embedded_services_need_nothing_but_a_folder(tmp_path: Path) -> None:
    services = wiring.build(Settings(data_dir=tmp_path / "new"))

    assert services.blobs.get(services.blobs.put(b"data")) == b"data"
    assert services.readings.get("key") is None
    assert services.repository.packages() == ()
    assert paddle.fingerprint() in services.reader.fingerprint
    assert services.device == "cpu"
    services.close()


def test_the_settings_reach_the_reader(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path, limits={"max_pages": 3}, ocr=OcrSettings(engine="replay", dpi=300)
    )

    services = wiring.build(settings)

    assert isinstance(services.reader, DocumentReader)
    assert services.reader.limits.max_pages == 3
    assert services.reader.dpi == 300
    assert services.reader.engine().fingerprint == "replay"
    assert services.device == "none"
    services.close()


def test_a_missing_model_is_told_when_the_first_page_wants_it(tmp_path: Path) -> None:
    services = wiring.build(Settings(data_dir=tmp_path, models_dir=tmp_path / "none"))

    assert isinstance(services.reader, DocumentReader)
    with pytest.raises(ModelMissingError):
        services.reader.engine()
    services.close()


def test_a_process_has_one_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paddle, "PaddleEngine", lambda *_: object())
    services = wiring.build(Settings(data_dir=tmp_path))

    assert isinstance(services.reader, DocumentReader)
    assert services.reader.engine() is services.reader.engine()
    services.close()


def test_an_s3_store_is_chosen_by_setting(tmp_path: Path) -> None:
    storage = StorageSettings(
        kind="minio", endpoint="127.0.0.1:1", access_key="a", secret_key=SecretStr("s")
    )
    services = wiring.build(Settings(data_dir=tmp_path, storage=storage))

    assert isinstance(services.blobs, Blobs)
    assert isinstance(services.blobs.objects, Bucket)
    services.close()


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StorageError):
        wiring.build(Settings(data_dir=tmp_path / "file" / "data"))


def test_a_process_has_one_set_of_services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZISHEN_DATA_DIR", str(tmp_path))
    wiring.services.cache_clear()

    services = wiring.services()

    assert services is wiring.services()
    assert services.settings.data_dir == tmp_path
    services.close()
    wiring.services.cache_clear()


def test_a_server_opens_its_database_once_and_closes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    monkeypatch.setattr(wiring, "connect", lambda url: opened.append(connect(url)) or opened[-1])
    services = wiring.build(Settings(data_dir=tmp_path))
    monkeypatch.setattr(wiring, "services", lambda: services)

    server.create()
    wiring.desk(services).applications.every()
    services.close()

    (database,) = opened
    assert isinstance(database.pool, QueuePool)
    assert database.pool.checkedin() == 0


def test_the_clock_is_that_of_china() -> None:
    assert wiring.SystemClock().now().utcoffset() == timedelta(hours=8)
