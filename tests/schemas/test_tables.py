from pathlib import Path

import pytest

from schemas import tables, taxonomy
from schemas.base import Model
from schemas.errors import PolicyError


class Switch(Model):
    on: bool
    label: str


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of our own, with one table in it."""
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(tables.resources, "files", lambda _: tmp_path)
    return tmp_path / "data" / "switch.yaml"


@pytest.mark.parametrize("label", ["NO", "Yes", "off", "y"])
def test_a_word_that_old_yaml_takes_for_a_boolean_stays_a_label(table: Path, label: str) -> None:
    table.write_text(f"on: true\nlabel: {label}\n", encoding="utf-8")

    assert tables.read_model("switch.yaml", Switch) == Switch(on=True, label=label)


@pytest.mark.parametrize(
    "content",
    [b"on: [true", b"on: maybe\nlabel: a\n", b"on: true\n", b"\xff\xfe\x00", b""],
    ids=["no yaml", "wrong type", "a key is missing", "no utf-8", "empty"],
)
def test_a_broken_table_is_told_with_its_name(table: Path, content: bytes) -> None:
    table.write_bytes(content)

    with pytest.raises(PolicyError, match=r"switch\.yaml"):
        tables.read_model("switch.yaml", Switch)


def test_a_table_that_is_not_there_is_a_fault_of_the_installation() -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.yaml"):
        tables.read_table("nowhere.yaml")
    with pytest.raises(PolicyError, match="martian"):
        taxonomy.load("martian")  # type: ignore[arg-type]
