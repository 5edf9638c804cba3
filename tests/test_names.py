"""Our five import names are common words: another distribution may claim one of them."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["schemas", "validators", "extractors", "pipeline", "flows"])
def test_an_import_name_is_ours(name: str) -> None:
    module = importlib.import_module(name)

    assert module.__file__ is not None
    assert Path(module.__file__) == ROOT / name / "__init__.py"
