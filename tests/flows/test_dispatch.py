"""Runs on a Prefect server of our own, and on one that is not there."""

from pathlib import Path

import pytest

from pipeline import dispatch
from pipeline.dispatch import PrefectError
from pipeline.settings import PrefectSettings, Settings


def test_a_server_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path, prefect=PrefectSettings(api_url="http://127.0.0.1:9/api")
    )

    with pytest.raises(PrefectError, match=r"127\.0\.0\.1:9"), dispatch.opened(settings):
        pass
