import json
from pathlib import Path

from schemas.contract import Extract
from tests.cli.conftest import Zishen
from tests.cli.papers import PaperReader, hand_in


def test_each_file_gets_its_json(zishen: Zishen, tmp_path: Path) -> None:
    papers = hand_in(tmp_path / "one", "licence", "balance", manifest=None)

    said = zishen("extract", *sorted(papers.iterdir()), "--out", tmp_path / "out", "--lang", "en")

    assert said.code == 0
    found = Extract.model_validate_json((tmp_path / "out" / "licence.json").read_bytes())
    assert [document.kind for document in found.documents] == ["business_licence"]
    assert "balance.pdf  1 pages: balance sheet" in said.out


def test_a_file_that_cannot_be_read_gets_one_that_says_why(zishen: Zishen, tmp_path: Path) -> None:
    papers = hand_in(tmp_path / "one", "licence", "corrupt", manifest=None)
    (papers / "empty.pdf").write_bytes(b"")
    (papers / "text.pdf").write_text("Dear Sir")

    said = zishen("extract", *sorted(papers.iterdir()), "--out", tmp_path / "out", "--lang", "en")

    assert said.code == 5
    told = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "out").iterdir()}
    codes = {stem: [f["code"] for f in one["findings"]] for stem, one in told.items()}
    assert codes == {
        "licence": [],
        "corrupt": ["document.corrupt"],
        "empty": ["document.empty"],
        "text": ["document.unsupported_type"],
    }
    assert told["empty"]["documents"] == []
    assert told["empty"]["findings"][0]["message"] == "The file is empty."


def test_two_files_of_one_name_do_not_overwrite_each_other(zishen: Zishen, tmp_path: Path) -> None:
    one = hand_in(tmp_path / "one", "licence", manifest=None) / "licence.pdf"
    two = hand_in(tmp_path / "two", "licence", manifest=None) / "licence.pdf"

    said = zishen("extract", one, two, "--out", tmp_path / "out", "--lang", "en")

    written = {path.name: json.loads(path.read_text()) for path in (tmp_path / "out").iterdir()}
    assert set(written) == {"licence.json", "licence-2.json"}
    assert (
        written["licence.json"]["source"]["sha256"] != written["licence-2.json"]["source"]["sha256"]
    )
    assert "licence-2.json" in said.err


def test_nothing_is_kept(zishen: Zishen, reader: PaperReader, tmp_path: Path) -> None:
    paper = hand_in(tmp_path / "one", "licence", manifest=None) / "licence.pdf"

    for _ in range(2):
        zishen("extract", paper, "--out", tmp_path / "out")

    assert reader.reads == ["licence", "licence"]
    assert not (tmp_path / "data" / "objects").exists()
