from pathlib import Path

import pytest
from rich.cells import cell_len

from pipeline.stages.services import Services
from tests.builders import COMPANY
from tests.cli.conftest import Zishen
from tests.cli.papers import COMPLETE, PaperReader, hand_in


@pytest.mark.parametrize(
    ("papers", "code", "word"),
    [
        (COMPLETE, 0, "通过初审"),
        (("licence", "balance", "income"), 3, "补件"),
        (("licence", "broken-balance", "income", "cash"), 3, "补件"),
        ((*COMPLETE, "corrupt"), 3, "补件"),
    ],
)
def test_the_exit_code_says_who_acts_on_the_package(
    zishen: Zishen, tmp_path: Path, papers: tuple[str, ...], code: int, word: str
) -> None:
    said = zishen("review", hand_in(tmp_path / "one", *papers))

    assert said.code == code
    assert word in said.out


@pytest.mark.parametrize(
    ("paper", "code", "error"),
    [("flaky", 6, "transient"), ("no-model", 7, "model.missing"), ("interrupted", 130, "")],
)
def test_the_exit_code_says_who_acts_on_an_error(
    zishen: Zishen, reader: PaperReader, tmp_path: Path, paper: str, code: int, error: str
) -> None:
    reader.failures = 9

    said = zishen("review", hand_in(tmp_path / "one", paper))

    assert said.code == code
    assert error in said.err
    assert "Traceback" not in said.err


def test_a_bug_keeps_its_traceback(zishen: Zishen, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        zishen("review", hand_in(tmp_path / "one", "bug"))


@pytest.mark.parametrize(
    "arguments",
    [("nowhere",), (".", "--product", "gold"), (".", "--applied-on", "tomorrow"), ()],
)
def test_a_command_that_is_wrong_is_the_users(zishen: Zishen, arguments: tuple[str, ...]) -> None:
    assert zishen("review", *arguments).code == 2


def test_an_unknown_setting_is_the_operators(
    zishen: Zishen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZISHEN_ORC__DPI", "200")

    said = zishen("review", hand_in(tmp_path / "one", "licence"), "--lang", "en")

    assert said.code == 7
    assert "ZISHEN_ORC__DPI" in said.err
    assert "Correct the setting." in said.err


def test_the_language_is_that_of_the_option_or_of_the_settings(
    zishen: Zishen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = hand_in(tmp_path / "one", "licence")

    assert "缺少：资产负债表" in zishen("review", folder).out.replace("\n", "")
    assert "The papers lack: balance sheet." in zishen("review", folder, "--lang", "en").out
    monkeypatch.setenv("ZISHEN_LANG", "en")
    assert "SUPPLEMENT" in zishen("review", folder).out


def test_the_screen_shows_fields_figures_findings_and_what_to_tell(
    zishen: Zishen, tmp_path: Path
) -> None:
    said = zishen("review", hand_in(tmp_path / "one", "licence", "broken-balance"))

    for expected in (COMPANY, "统一社会信用代码", "资产总计", "statements.balance", "1.2 s"):
        assert expected in said.out
    assert "1. " in said.out
    assert said.err == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_screen_is_no_wider_than_the_terminal(
    zishen: Zishen, tmp_path: Path, lang: str
) -> None:
    said = zishen("review", hand_in(tmp_path / "one", *COMPLETE, "corrupt"), "--lang", lang)

    assert max(cell_len(line) for line in said.out.splitlines()) <= 80


def test_options_go_before_the_manifest(zishen: Zishen, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "one", "licence")

    said = zishen(
        "review", folder, "--product", "sole_trader", "--name", "面馆", "--applied-on", "2026-10-14"
    )

    assert "个体工商户经营贷 · 申请日 2026-10-14" in said.out
    assert "面馆" in said.out


def test_files_are_one_package(zishen: Zishen, services: Services, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "one", *COMPLETE)

    said = zishen("review", *sorted(folder.iterdir()))

    assert said.code == 0
    assert len(services.repository.packages()) == 1


def test_a_record_is_shown_again(zishen: Zishen, services: Services, tmp_path: Path) -> None:
    zishen("review", hand_in(tmp_path / "one", *COMPLETE))
    (package,) = services.repository.packages()

    assert "通过初审" in zishen("record", "one").out
    assert "通过初审" in zishen("record", package.id[:6]).out
    assert zishen("record", "other").code == 7


def test_the_log_tells_events_and_no_values(
    zishen: Zishen, services: Services, tmp_path: Path
) -> None:
    zishen("review", hand_in(tmp_path / "one", *COMPLETE))

    log = (services.settings.data_dir / "logs" / "zishen.log").read_text(encoding="utf-8")
    assert '"event": "package.judged"' in log
    assert COMPANY not in log
    assert "licence.pdf" not in log
