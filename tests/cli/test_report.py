from pathlib import Path

import pytest

from pipeline.cli import report
from pipeline.stages.services import Services
from tests.builders import COMPANY
from tests.cli.conftest import Zishen
from tests.cli.papers import COMPLETE, hand_in


@pytest.fixture
def reviewed(
    zishen: Zishen, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Review a package, stand in an empty folder, and return the id."""
    zishen("review", hand_in(tmp_path / "one", *COMPLETE))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return services.repository.packages()[0].id


def test_a_report_is_written_and_its_name_is_the_result(
    zishen: Zishen, reviewed: str, tmp_path: Path
) -> None:
    target = tmp_path / "r.html"

    said = zishen("report", "one", "--out", target)

    assert (said.code, said.out.strip(), said.err) == (0, str(target), "")
    text = target.read_text(encoding="utf-8")
    assert COMPANY in text
    assert "通过初审" in text


def test_without_a_name_the_file_is_called_after_the_package(zishen: Zishen, reviewed: str) -> None:
    said = zishen("report", reviewed[:8], "--lang", "en")

    assert said.out.strip() == f"{reviewed[:16]}.html"
    assert "PASS" in Path(said.out.strip()).read_text(encoding="utf-8")


def test_the_pdf_lies_beside_the_page(
    zishen: Zishen, reviewed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "print_pdf", lambda page, target: target.write_text(page))

    said = zishen("report", "one", "--out", tmp_path / "r.html", "--pdf")

    assert said.code == 0
    assert said.out.splitlines() == [str(tmp_path / "r.html"), str(tmp_path / "r.pdf")]
    assert (tmp_path / "r.pdf").read_text() == (tmp_path / "r.html").read_text()


def test_without_a_browser_the_page_is_there_and_the_operator_acts(
    zishen: Zishen, reviewed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    said = zishen("report", "one", "--out", tmp_path / "r.html", "--pdf")

    assert said.code == 7
    assert (tmp_path / "r.html").is_file()
    assert "report.no_browser" in said.err


@pytest.mark.parametrize(
    ("arguments", "code"), [(("other",), 7), ((), 2), (("one", "--out", "r.pdf"), 2)]
)
def test_what_cannot_be_reported_is_told(
    zishen: Zishen, reviewed: str, arguments: tuple[str, ...], code: int
) -> None:
    assert zishen("report", *arguments).code == code
    assert list(Path().iterdir()) == []
